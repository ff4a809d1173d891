import type { Instant } from '../fhir.ts'

/** The `source` of everything Careloop puts on a tenant's bus. */
export const SOURCE = 'careloop'

/** What an Encounter is, in codes. */
interface EncounterState {
  status?: string
  class?: string
}

/** A phase of an Encounter began, or what was said about it has changed. */
interface PhaseState<Beginning extends string> extends EncounterState {
  kind: Beginning | 'correction'
}

/** What each event says besides {@link EventSubject}: codes and instants only, never a name, a text or a resource. */
export interface EventStates {
  /** An inpatient stay began, also one that was an emergency visit or an observation until now. */
  'encounter-admitted': PhaseState<'admission'>
  /** An inpatient or observation stay ended, or what was said about how it ended has changed. */
  'encounter-discharged': PhaseState<'discharge'>
  'ed-visit-started': PhaseState<'start'>
  /** An emergency visit ended. Whether it led to a stay only the patient's other Encounters tell. */
  'ed-visit-ended': PhaseState<'end'>
  /**
   * Something else about a stay or an emergency visit: its end was undone; it did not take place (cancelled, entered in error,
   * deleted); the patient is on leave or is back; any other change.
   */
  'encounter-changed': EncounterState & { kind: 'undone' | 'cancelled' | 'left' | 'returned' | 'updated' }
  'patient-changed': { kind: 'deceased' | 'merged' | 'updated' }
  /** A resource of one of the {@link FACT_TYPES} was written or deleted for a patient. */
  'fact-recorded': { type: string }
  /** The due date of an open Task has passed. There is no event before it: a Task is overdue the instant it was due. */
  'task-overdue': { status?: string; due: Instant }
  /** Another rung of a Task's ladder was reached: `step` is its code, `due` the due date it was computed for. */
  'task-clock-struck': { status?: string; step: string; due: Instant }
  /** The rungs of an open Task are no longer those of its due date: somebody moved it, or dropped the rungs. */
  'task-rescheduled': { status?: string }
  'task-completed': { from?: string }
  /** A Task reached a final status other than completed, or was deleted. */
  'task-closed': { status: string; from?: string }
  /** Something that closed-loop referrals follow: a Task to fulfill a request, the request itself, a Consent. */
  'referral-changed': { type: string; status?: string }
  /** An attempt to reach somebody was recorded or amended, or a Task that counts attempts was closed. */
  'contact-changed': { type: string; status?: string }
  /** A reminder or an escalation was made: whoever works outside of Careloop is to be told. */
  'notification-requested': { kind: 'reminder' | 'escalation' }
  /** An Observation became final, or a final one was amended. */
  'observation-recorded': { status: string }
  /** The answers of a QuestionnaireResponse count, count anew, or do not any more. */
  'questionnaire-answered': { status?: string }
  /** Something was written or deleted that follow-ups of screenings may look at: a result, a diagnosis, a visit because of it. */
  'screening-recorded': object
  /** An Observation that was final is not what it was: entered in error, deleted, or written anew while it stays final. */
  'observation-changed': { status: string }
  /** A Goal became another: how people stand to it, what it aims at, or how far it is said to have come. */
  'goal-changed': { status?: string }
  /** A due date of a Goal has come near or has passed. */
  'goal-clock-struck': { status?: string }
  /** What people do by a plan has changed: its status, its time, its activities, its goals or what it addresses. */
  'care-plan-changed': { status?: string }
  /** A recurring activity of a plan may be due again. */
  'care-plan-clock-struck': { status?: string }
}

/**
 * The types whose resources pathways may look at, as inputs and as evidence: each write of one is an event. Stays and emergency
 * visits have events of their own.
 */
export const FACT_TYPES = [
  ...['Appointment', 'CarePlan', 'Communication', 'Condition', 'Consent', 'Coverage', 'DocumentReference', 'Encounter'],
  ...['EpisodeOfCare', 'Flag', 'List', 'MedicationRequest', 'Observation', 'Procedure', 'QuestionnaireResponse'],
  ...['RiskAssessment', 'ServiceRequest'],
] as const

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
