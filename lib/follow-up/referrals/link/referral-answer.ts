import type { Task } from 'fhir/r4'
import type { Careloop } from '../../../careloop.ts'
import type { Resource } from '../../../fhir.ts'
import type { InteractionRequest } from '../../../interactions/interaction.ts'
import { preconditionsOf } from '../../../interactions/preconditions.ts'
import { requireValid } from '../../../interactions/resource-body.ts'
import { commitUpdate, updateWrite } from '../../../interactions/update.ts'
import { fail } from '../../../outcome.ts'
import { modified } from '../../../resources/lifecycle/task.ts'
import type { Version } from '../../../store/version.ts'
import { REFERRAL_OUTCOME, REFERRAL_REASON } from '../../codes.ts'
import type { Grant } from './link-token.ts'
import { grantedTask } from './referral-view.ts'

/** Why somebody cannot take a referral, or could not carry it out. fhir-profiles/code-systems/referral-reason.json */
export const REASONS = {
  'at-capacity': 'We have no capacity at present',
  'not-eligible': 'The client is not eligible for our service',
  'out-of-area': 'The client lives outside the area we serve',
  'not-offered': 'We do not offer this service',
  'client-unreachable': 'We could not reach the client',
  'client-declined': 'The client does not want the service',
  other: 'Another reason',
} as const

/** What came of a referral. fhir-profiles/code-systems/referral-outcome.json */
export const OUTCOMES = {
  provided: 'The service was provided',
  enrolled: 'The client was enrolled in a program',
  waitlisted: 'The client was put on a waiting list',
  'partly-provided': 'A part of the service was provided',
} as const

export type Action = 'accept' | 'reject' | 'start' | 'complete' | 'fail'

/** What can be done through a link in each status. */
export const ACTIONS: Readonly<Partial<Record<Task['status'], readonly Action[]>>> = {
  requested: ['accept', 'reject'],
  received: ['accept', 'reject'],
  accepted: ['start', 'fail'],
  ready: ['start', 'fail'],
  'on-hold': ['start', 'fail'],
  'in-progress': ['complete', 'fail'],
}

const TO: Readonly<Record<Action, Task['status']>> = {
  accept: 'accepted',
  reject: 'rejected',
  start: 'in-progress',
  complete: 'completed',
  fail: 'failed',
}

/** What a form has sent. */
export interface Answer {
  action: Action
  version: number
  reason?: keyof typeof REASONS
  outcome?: keyof typeof OUTCOMES
  text?: string
}

/** A form that does not say enough: which field, and what is missing. */
export interface Incomplete {
  field: 'action' | 'reason' | 'outcome' | 'text'
  text: string
}

const LONGEST_TEXT = 2_000

const isKeyOf = <Key extends string>(record: Readonly<Record<Key, unknown>>, key: string): key is Key =>
  Object.hasOwn(record, key)

/** Pure. */
export const readAnswer = (form: URLSearchParams): Answer | Incomplete => {
  const action = form.get('action') ?? ''
  const version = Number(form.get('version'))
  const text = (form.get('text') ?? '').replace(/\r\n/g, '\n').trim()
  const reason = form.get('reason') ?? ''
  const outcome = form.get('outcome') ?? ''
  if (!isKeyOf(TO, action) || !Number.isInteger(version) || version < 1)
    return { field: 'action', text: 'Choose what you want to do.' }
  if (text.length > LONGEST_TEXT) return { field: 'text', text: `Write at most ${LONGEST_TEXT} characters.` }
  const said = text ? { text } : {}
  if (action === 'reject' || action === 'fail') {
    if (!isKeyOf(REASONS, reason)) return { field: 'reason', text: 'Choose a reason.' }
    if (reason === 'other' && !text) return { field: 'text', text: 'Say what the reason is.' }
    return { action, version, reason, ...said }
  }
  if (action === 'complete') {
    if (!isKeyOf(OUTCOMES, outcome)) return { field: 'outcome', text: 'Choose what came of it.' }
    return { action, version, outcome, ...said }
  }
  return { action, version }
}

const SDOH_CODES = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes'

const outputsOf = ({ outcome, text }: Answer): NonNullable<Task['output']> => {
  const type = { coding: [{ system: SDOH_CODES, code: 'resulting-activity' }], text: 'Resulting activity' }
  if (!outcome) return []
  const coding = [{ system: REFERRAL_OUTCOME, code: outcome, display: OUTCOMES[outcome] }]
  return [{ type, valueCodeableConcept: { coding, ...(text && { text }) } }]
}

/** The Task as an answer makes it. Pure. */
export const answered = (task: Task, answer: Answer, now: string): Task => {
  const { statusReason: _, ...rest } = task
  const { action, reason, text } = answer
  const output = [...(task.output ?? []), ...outputsOf(answer)]
  return {
    ...modified(rest, now),
    status: TO[action],
    ...(reason && {
      statusReason: {
        coding: [{ system: REFERRAL_REASON, code: reason, display: REASONS[reason] }],
        text: text ? `${REASONS[reason]}: ${text}` : REASONS[reason],
      },
    }),
    ...(output.length && { output }),
  }
}

const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'

/** The record that it was done through a link, in the name of the owner. */
const provenanceOf = (owner: string, now: string): string =>
  JSON.stringify({
    resourceType: 'Provenance',
    recorded: now,
    policy: ['https://careloop.dev/fhir/policy/referral-link|1.0.0'],
    agent: [{ type: { coding: [{ system: PARTICIPANT, code: 'author' }] }, who: { reference: owner } }],
  })

/**
 * Does what the form says, as the owner of the Task: the rules of the lifecycle hold, and what was changed since the form was shown stays.
 * @returns what the Task is now. @throws FhirError notFound when the link opens nothing any more, preconditionFailed, businessRule
 */
export const giveAnswer = async (
  careloop: Careloop,
  grant: Grant,
  answer: Answer,
  requestId: string,
): Promise<Version> => {
  const granted = await grantedTask(careloop, grant)
  const current = granted && (await careloop.store.read('Task', grant.task))
  if (!granted || !current || current.v !== granted.version) throw fail('notFound', 'The link opens nothing any more.')
  const { task } = granted
  if (!ACTIONS[task.status]?.includes(answer.action))
    throw fail('businessRule', 'The referral cannot be answered so any more.', 'Task.status')
  const now = careloop.clock.now()
  const request: InteractionRequest = {
    type: 'Task',
    id: grant.task,
    versionId: '',
    query: [],
    conditions: { ifMatch: `W/"${answer.version}"` },
    prefer: { handling: 'strict' },
    baseUrl: '',
    requestId,
    caller: { reference: grant.owner },
    provenance: provenanceOf(grant.owner, now),
  }
  const content = answered(task, answer, now) as unknown as Resource
  await requireValid(careloop, content)
  const { version } = await commitUpdate(
    careloop,
    request,
    updateWrite(current, content, current, preconditionsOf(request.conditions)),
    current,
  )
  return version!
}
