import type { Flag, Reference, ServiceRequest, Task } from 'fhir/r4'
import { type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { timedPeriod } from '../../pathways/apply.ts'
import { CARE_TASK_TYPE, software } from '../../pathways/codes.ts'
import { dateTimeIn, endOfDay, startOfDay } from '../../pathways/date-time.ts'
import type { Owner } from '../../pathways/owner.ts'
import { taskClock, withClock } from '../../pathways/task-clock.ts'
import { type Anchor, anchorAt, dueDate, windowOf } from '../../pathways/window.ts'
import { newTask, type Times } from '../timed-task.ts'
import { SCREENING_INPUT, SDOH, SENSITIVE } from './codes.ts'
import type { Observed } from './findings.ts'
import type { FollowUp } from './follow-ups.ts'
import { ladderOf } from './ladders.ts'

/** Which row, in which version: for Task.instantiatesUri and Provenance.policy. The table is lib/follow-up/screening/follow-ups.ts */
export const ruleOf = ({ key }: FollowUp): string => `https://careloop.dev/fhir/screening-follow-up/${key}|1.0.0`

/** The id of the n-th Task of a row for a patient: only one of them is open at a time. `patient`: `Patient/id` */
export const followUpId = (patient: string, { key }: FollowUp, n: number): string =>
  deterministicId(patient, 'screening', key, String(n))

export const flagId = (task: string): string => deterministicId(referenceTo('Task', task), 'flag')
export const proposalId = (task: string): string => deterministicId(referenceTo('Task', task), 'proposal')

type Input = NonNullable<Task['input']>[number]

const input = (code: string, value: Partial<Input>): Input => ({
  type: { coding: [{ system: SCREENING_INPUT, code }] },
  ...value,
})

const isFinding = ({ type }: Input): boolean =>
  type.coding?.some(({ system, code }) => system === SCREENING_INPUT && code === 'finding') ?? false

/** `Observation/id` of what a Task is about. */
export const findingsOf = ({ input: inputs = [] }: Task): string[] =>
  inputs.filter(isFinding).flatMap(({ valueReference }) => valueReference?.reference ?? [])

/** The Task with further findings as its input. */
export const withFindings = (task: Task, findings: readonly Observed[]): Task => ({
  ...task,
  input: [
    ...(task.input ?? []),
    ...findings.map(({ reference }) => input('finding', { valueReference: { reference } })),
  ],
})

const labelled = ({ isPrivate }: FollowUp) =>
  isPrivate && { meta: { security: SENSITIVE.map((label) => ({ ...label })) } }

/** From when the windows of a row count: hours from the moment, days from the day, never from the future. */
const anchorOf = ({ due }: FollowUp, { at, dateTime }: Observed, { timeZone, now }: Times): Anchor => {
  const isPast = at <= now
  const instant = isPast ? at : now
  const given = isPast && 'days' in due && !dateTime.includes('T') ? dateTime : dateTimeIn(instant, timeZone)
  return anchorAt(given, timeZone)!
}

const windowFor = (row: FollowUp, anchor: Anchor, { calendar }: Times): { start: string; end: string } => {
  const window = windowOf(row.due, anchor, calendar)
  const { from } = row
  if (!from || !('days' in from)) return window
  return { ...window, start: startOfDay(dueDate(from, anchor, calendar), anchor.timeZone) }
}

const timed = (task: Task, row: FollowUp, anchor: Anchor, times: Times): Task => {
  const { calendar, timeZone } = times
  const window = windowFor(row, anchor, times)
  const withPeriod: Task = { ...task, restriction: { period: timedPeriod(window, calendar) } }
  const endOfTheDay = endOfDay(anchor.date, timeZone)
  const complianceEnd = Date.parse(endOfTheDay) > Date.parse(window.end) ? endOfTheDay : window.end
  return withClock(
    withPeriod,
    taskClock({ task: withPeriod, ladder: ladderOf(row), calendar, timeZone, ...(row.sameDay && { complianceEnd }) }),
  )
}

export interface FollowUpParts {
  id: string
  row: FollowUp
  /** `Patient/id` */
  patient: string
  /** the earliest first; at least one */
  findings: readonly Observed[]
  owner: Owner
  times: Times
}

/** The Task that a row asks for. */
export const followUpTask = ({ id, row, patient, findings, owner, times }: FollowUpParts): Task => {
  const [first] = findings as readonly [Observed]
  const { code, display, description, priority, proposal, domain, suggests = [] } = row
  const { encounter } = first.observation
  const task = newTask(
    {
      id,
      code: { coding: [{ system: CARE_TASK_TYPE, code, display }] },
      focus: { reference: proposal ? referenceTo('ServiceRequest', proposalId(id)) : first.reference },
      subject: { reference: patient },
      ...(encounter && { encounter }),
      priority,
      description,
      owner,
    },
    times.now,
  )
  const others = [
    ...(domain ? [input('social-need', { valueCodeableConcept: { coding: [{ system: SDOH, code: domain }] } })] : []),
    ...(suggests.length
      ? [input('suggested-condition', { valueCodeableConcept: { coding: suggests.map((coding) => ({ ...coding })) } })]
      : []),
  ]
  const known: Task = {
    ...task,
    ...labelled(row),
    instantiatesUri: ruleOf(row),
    reasonReference: { reference: first.reference },
    ...(others.length && { input: others }),
  }
  return timed(withFindings(known, findings), row, anchorOf(row, first, times), times)
}

/** What comes with the Task: the Flag and the ServiceRequest that its row asks for. */
export const companions = ({ id, row, patient, findings, times }: FollowUpParts): Resource[] => {
  const { flag, proposal, priority } = row
  const subject: Reference = { reference: patient }
  const flagged: Flag | undefined =
    flag === undefined
      ? undefined
      : {
          resourceType: 'Flag',
          id: flagId(id),
          status: 'active',
          category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/flag-category', code: 'safety' }] }],
          code: { text: flag },
          subject,
          period: { start: dateTimeIn(times.now, times.timeZone) },
          author: { type: 'Device', identifier: software },
        }
  const proposed: ServiceRequest | undefined = proposal && {
    resourceType: 'ServiceRequest',
    id: proposalId(id),
    ...labelled(row),
    status: 'draft',
    intent: 'proposal',
    priority,
    code: proposal.code,
    ...(proposal.isPrivate && { orderDetail: [{ coding: [{ system: SDOH, code: 'contacting-subject-prohibited' }] }] }),
    subject,
    authoredOn: times.now,
    requester: { type: 'Device', identifier: software },
    reasonReference: findings.map(({ reference }) => ({ reference })),
  }
  return [flagged, proposed].flatMap((resource) => (resource ? [resource as unknown as Resource] : []))
}
