import type { Instant } from '../fhir.ts'

/** The `source` of everything Careloop puts on a tenant's bus. */
export const SOURCE = 'careloop'

/** What each event says besides {@link EventSubject}: codes and instants only, never a name, a text or a resource. */
export interface EventStates {
  /** An inpatient or observation stay ended, or what was said about how it ended has changed. */
  'encounter-discharged': { kind: 'discharge' | 'correction'; status?: string; class?: string }
  /** The due date of an open Task has passed. There is no event before it: a Task is overdue the instant it was due. */
  'task-overdue': { status?: string; due: Instant }
  'task-completed': { from?: string }
  /** An Observation became final, or a final one was amended. */
  'observation-recorded': { status: string }
}

export type EventName = keyof EventStates

/** What an event is about. It is a hint: events come in any order, more than once, and consumers read the resource again. */
export interface EventSubject {
  tenant: string
  /** `Type/id` */
  reference: string
  version: number
  /** When it happened: the version's `meta.lastUpdated`, or the tick of the clock */
  at: Instant
  /** `Patient/id` */
  patient?: string
}

export type EventDetail<Name extends EventName = EventName> = EventSubject & EventStates[Name]

/** An event as it goes onto the bus: detail-type and detail. */
export type CareEvent = { [Name in EventName]: { name: Name; detail: EventDetail<Name> } }[EventName]

/** Longest value of an event; a real code is much shorter. */
const LONGEST_CODE = 64
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/**
 * `value` when it is a code fit for an event. Clients may put anything into a code element; what looks like text stays out of
 * events, and what is long cannot make one too large to publish.
 */
export const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= LONGEST_CODE && CODE.test(value) ? value : undefined

const PATIENT = /^Patient\/[A-Za-z0-9\-.]{1,64}$/

/** The literal reference to a patient of this service that a Reference holds, if it is one. */
export const patientOf = (reference: unknown): string | undefined => {
  const literal = (reference as { reference?: unknown } | undefined)?.reference
  return typeof literal === 'string' && PATIENT.test(literal) ? literal : undefined
}
