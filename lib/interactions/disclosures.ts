import type { AuditEvent, Parameters, ParametersParameter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { partyName } from '../follow-up/referrals/link/referral-view.ts'
import { fail } from '../outcome.ts'
import { cellOf } from '../pathways/report/line-list-csv.ts'
import { zoneOf } from '../search/zone.ts'
import { type Disclosure, disclosureIn } from '../security/audit/disclosure.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { searchUrl } from './links.ts'
import { operationParameters } from './operation-parameters.ts'

const PARAMETERS = ['start', 'end', '_cursor']
const DATE = /^\d{4}-\d\d-\d\d$/
const CSV = 'text/csv'

/** 45 CFR 164.528(a)(1): of the six years before the request. */
const LOOK_BACK_YEARS = 6

/** A page has looked at so many events at most; then it is answered as it is, with a link to go on. */
const EVENTS_A_READ = 200
const READS_A_PAGE = 10

/** Who outside has received what of a patient, when and why: the accounting of disclosures, as Parameters or as CSV. */
export const disclosures: Interaction = async (careloop, request) => {
  const { type, id, baseUrl, mediaType } = request
  const asked = new Map(operationParameters(request, PARAMETERS).texts)
  const today = zoneOf(careloop.tenant.timeZone).dateOf(Date.parse(careloop.clock.now()))
  const end = dateIn(asked, 'end') ?? today
  const start = dateIn(asked, 'start') ?? yearsBefore(end, LOOK_BACK_YEARS)
  if (start > end) throw fail('invalid', 'end must not be before start.')

  const patient = referenceTo(type, id)
  const { found, next } = await page(careloop, { patient, start, end, cursor: asked.get('_cursor') })
  const named = await withNames(careloop, found)
  const link =
    next &&
    searchUrl(baseUrl, `${patient}/$disclosures`, [
      ['start', start],
      ['end', end],
      ...(mediaType === CSV ? [['_format', CSV] as const] : []),
      ['_cursor', next],
    ])
  const answer = { status: 200, patients: [patient], ...(link && { headers: { Link: `<${link}>; rel="next"` } }) }
  return mediaType === CSV
    ? { ...answer, text: csvOf(named), mediaType: `${CSV}; charset=utf-8; header=present` }
    : { ...answer, resource: parametersOf(patient, { start, end }, named) as unknown as Resource }
}

/** @throws FhirError invalid (400) */
const dateIn = (asked: ReadonlyMap<string, string>, name: string): string | undefined => {
  const text = asked.get(name)
  if (text !== undefined && !DATE.test(text)) throw fail('invalid', `${name} must be a date such as 2026-11-25.`)
  return text
}

const yearsBefore = (date: string, years: number): string => {
  const day = `${Number(date.slice(0, 4)) - years}${date.slice(4)}`
  return day.endsWith('02-29') ? day.replace('02-29', '02-28') : day
}

interface Asked {
  patient: string
  start: string
  end: string
  cursor: string | undefined
}

const page = async (
  { search, tenant }: Careloop,
  { patient, start, end, cursor }: Asked,
): Promise<{ found: Disclosure[]; next?: string }> => {
  const found: Disclosure[] = []
  let next = cursor
  for (let read = 0; read < READS_A_PAGE; read += 1) {
    const parameters: Parameter[] = [
      ['patient', patient],
      ['date', `ge${start}`],
      ['date', `le${end}`],
      ['_count', String(EVENTS_A_READ)],
      ...(next === undefined ? [] : [['_cursor', next] as const]),
    ]
    const events = await search.page({ type: 'AuditEvent', parameters })
    found.push(
      ...events.versions.flatMap(({ content }) => disclosureIn(content as unknown as AuditEvent, tenant.audit) ?? []),
    )
    next = events.next
    if (next === undefined) return { found }
  }
  return { found, ...(next !== undefined && { next }) }
}

type Named = Disclosure & { name?: string }

/** With the names that the recipients have today. */
const withNames = async (careloop: Careloop, found: readonly Disclosure[]): Promise<Named[]> => {
  const references = [...new Set(found.flatMap(({ recipient }) => recipient ?? []))]
  const names = new Map(
    await Promise.all(references.map(async (reference) => [reference, await partyName(careloop, reference)] as const)),
  )
  return found.map((one) => {
    const name = one.recipient && names.get(one.recipient)
    return { ...one, ...(name && { name }) }
  })
}

const recipientOf = ({ recipient, clientId, name }: Named): ParametersParameter => ({
  name: 'recipient',
  valueReference: {
    ...(recipient && { reference: recipient }),
    ...(!recipient && clientId && { identifier: { value: clientId } }),
    ...(name ? { display: name } : !recipient && !clientId && { display: 'unknown' }),
  },
})

const parametersOf = (
  patient: string,
  period: { start: string; end: string },
  found: readonly Named[],
): Parameters => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'patient', valueReference: { reference: patient } },
    { name: 'period', valuePeriod: period },
    ...found.map((one) => ({
      name: 'disclosure',
      part: [
        { name: 'date', valueInstant: one.date },
        recipientOf(one),
        { name: 'description', valueString: one.description },
        ...one.purposes.map((valueCoding) => ({ name: 'purpose', valueCoding })),
        { name: 'event', valueReference: { reference: referenceTo('AuditEvent', one.event) } },
      ],
    })),
  ],
})

const COLUMNS: readonly (readonly [name: string, of: (one: Named) => string | undefined])[] = [
  ['date', ({ date }) => date],
  ['recipient', ({ name, recipient, clientId }) => name ?? recipient ?? clientId],
  ['reference', ({ recipient }) => recipient],
  ['client', ({ clientId }) => clientId],
  ['description', ({ description }) => description],
  ['purpose', ({ purposes }) => purposes.map(({ code }) => code).join(' ')],
  ['event', ({ event }) => referenceTo('AuditEvent', event)],
]

const csvOf = (found: readonly Named[]): string =>
  [COLUMNS.map(([name]) => name), ...found.map((one) => COLUMNS.map(([, of]) => cellOf(of(one) ?? '')))]
    .map((cells) => `${cells.join()}\r\n`)
    .join('')
