import { Html, html } from './html.ts'
import { ACTIONS, type Action, type Incomplete, OUTCOMES, REASONS } from './referral-answer.ts'
import { STYLE } from './referral-style.ts'
import type { ReferralView } from './referral-view.ts'

const page = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.markup

const PRIVATE = html`<footer><p>This page is for the organization that was asked. Do not pass its address on. If you got it by mistake, close it and tell whoever sent it.</p></footer>`

/** A page that says why there is nothing to see, and what to do. */
export const noticePage = (title: string, text: string): string =>
  page(title, html`<h1>${title}</h1><section class="alert" role="alert"><p>${text}</p></section>${PRIVATE}`)

const row = (term: string, value: string | undefined): Html => html`${value && html`<dt>${term}</dt><dd>${value}</dd>`}`

const STATES: Readonly<Record<string, string>> = {
  requested: 'Waiting for your answer',
  received: 'Waiting for your answer',
  accepted: 'Accepted, not begun yet',
  ready: 'Accepted, not begun yet',
  'in-progress': 'In progress',
  'on-hold': 'On hold',
  completed: 'Completed',
  rejected: 'Rejected',
  failed: 'Ended without success',
  cancelled: 'Taken back by the sender',
}

const request = (view: ReferralView): Html => html`<section aria-labelledby="asked">
<h2 id="asked">What is asked for</h2>
<dl>${row('From', view.from)}${row('To', view.to)}${row('Priority', view.priority)}${row('Sent', view.sent)}${row('Status', STATES[view.status] ?? view.status)}${row('For the client', view.instruction)}</dl>
</section>`

const phoneLink = (phone: string): Html => html`<a href="tel:${phone.replace(/[^\d+]/g, '')}">${phone}</a>`

const contact = ({ client, noContact }: ReferralView): Html | undefined => {
  if (!client) return undefined
  const phones = client.phones.flatMap((phone, n) => [n > 0 && ', ', phoneLink(phone)])
  return html`<section aria-labelledby="client">
<h2 id="client">The client</h2>
${noContact && html`<p class="error">Do not contact the client. Arrange it with the sender.</p>`}
<dl>${row('Name', client.name)}${!noContact && html`<dt>Phone</dt><dd>${phones.length ? phones : 'Not recorded'}</dd>`}${row('Language', client.language)}${row('Interpreter', client.interpreter ? 'Needed' : undefined)}</dl>
</section>`
}

const options = (choices: Readonly<Record<string, string>>, chosen: string | undefined): Html[] =>
  Object.entries(choices).map(
    ([code, text]) => html`<option value="${code}"${code === chosen && new Html(' selected')}>${text}</option>`,
  )

/** A form that was sent back, with what it held. */
export interface Resent {
  incomplete: Incomplete
  form: URLSearchParams
}

const TITLES: Readonly<Record<Action, string>> = {
  accept: 'Accept the referral',
  reject: 'Reject the referral',
  start: 'Begin',
  complete: 'Tell the outcome',
  fail: 'End without success',
}

const BUTTONS: Readonly<Record<Action, string>> = {
  accept: 'Accept',
  reject: 'Reject',
  start: 'We have begun',
  complete: 'Complete',
  fail: 'End without success',
}

const HINTS: Readonly<Partial<Record<Action, string>>> = {
  accept: 'You see who the client is once you have accepted.',
  reject: 'The sender is told, and may ask somebody else.',
}

interface Field {
  name: 'reason' | 'outcome' | 'text'
  label: string
  choices?: Readonly<Record<string, string>>
}

const COMMENT: Field = { name: 'text', label: 'Anything the sender should know' }

const without = <Record_ extends Record<string, string>>(choices: Record_, ...left: readonly string[]) =>
  Object.fromEntries(Object.entries(choices).filter(([code]) => !left.includes(code)))

const FIELDS: Readonly<Partial<Record<Action, readonly Field[]>>> = {
  reject: [
    { name: 'reason', label: 'Reason', choices: without(REASONS, 'client-unreachable', 'client-declined') },
    COMMENT,
  ],
  complete: [{ name: 'outcome', label: 'What came of it', choices: OUTCOMES }, COMMENT],
  fail: [{ name: 'reason', label: 'Reason', choices: REASONS }, COMMENT],
}

const fieldOf = (action: Action, { name, label, choices }: Field, resent: Resent | undefined): Html => {
  const id = `${action}-${name}`
  const own = resent?.form.get('action') === action ? resent : undefined
  const value = own?.form.get(name) ?? undefined
  const error = own?.incomplete.field === name ? own.incomplete.text : undefined
  const described = error && html` aria-invalid="true" aria-describedby="${id}-error"`
  const control = choices
    ? html`<select id="${id}" name="${name}" required${described}><option value="">Choose</option>${options(choices, value)}</select>`
    : html`<textarea id="${id}" name="${name}" maxlength="2000" autocomplete="off"${described}>${value}</textarea>`
  return html`<label for="${id}">${label}</label>${error && html`<p class="error" id="${id}-error">${error}</p>`}${control}`
}

const formOf = (
  action: Action,
  version: number,
  resent: Resent | undefined,
): Html => html`<form method="post" aria-labelledby="${action}-title">
<h2 id="${action}-title">${TITLES[action]}</h2>
<input type="hidden" name="version" value="${version}">
${HINTS[action] && html`<p class="hint">${HINTS[action]}</p>`}
${(FIELDS[action] ?? []).map((field) => fieldOf(action, field, resent))}
<button name="action" value="${action}"${(action === 'reject' || action === 'fail') && new Html(' class="other"')}>${BUTTONS[action]}</button>
</form>`

const THANKS: Readonly<Record<string, string>> = {
  accepted: 'You have accepted the referral. The sender has been told.',
  'in-progress': 'You have begun. Come back to this page to tell the outcome.',
  completed: 'You have told the outcome. Thank you: the sender will look at it.',
  rejected: 'You have rejected the referral. The sender has been told.',
  failed: 'You have ended the referral. The sender has been told.',
}

const alertOf = (resent: Resent): Html => {
  const { field, text } = resent.incomplete
  const action = resent.form.get('action') ?? ''
  const place = field === 'action' ? text : html`<a href="#${action}-${field}">${text}</a>`
  return html`<section class="alert" role="alert"><h2>Please look again</h2><p>${place}</p></section>`
}

/** The referral, and what can be done about it now. */
export const referralPage = (
  view: ReferralView,
  { done = false, notice, resent }: { done?: boolean; notice?: string; resent?: Resent } = {},
): string => {
  const title = resent ? `Error: ${view.service}` : `Referral: ${view.service}`
  const thanks = done ? THANKS[view.status] : undefined
  return page(
    title,
    html`<h1>Referral: ${view.service}</h1>
${resent && alertOf(resent)}
${notice && html`<section class="alert" role="alert"><h2>Nothing was changed</h2><p>${notice}</p></section>`}
${thanks && html`<section class="done" role="status"><p>${thanks}</p></section>`}
${request(view)}
${contact(view)}
${view.notice && html`<section><p>${view.notice}</p></section>`}
${(ACTIONS[view.status] ?? []).map((action) => formOf(action, view.version, resent))}
${PRIVATE}`,
  )
}
