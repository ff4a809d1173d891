import type { Coding, Encounter, Identifier } from 'fhir/r4'
import type { Instant, Resource } from '../fhir.ts'

/**
 * What a message says about the status of a visit. `preadmitted` and `registered`: it is to come, or has begun, unless it has ended
 * already. `underway` says no more than that it goes on: what was to come has begun, what is over stays over. `left` and `returned`: so
 * too, and the patient is on leave or back.
 */
export type StatusClaim = Encounter['status'] | 'preadmitted' | 'registered' | 'underway' | 'left' | 'returned'

/**
 * What a message says of an Encounter, by element: `class`, `period.end`, `hospitalization.dischargeDisposition`. Null: that it does
 * not hold any more. Nothing: what is known stays.
 */
export type Facts = Readonly<Record<string, unknown>>

/** A resource that came along with a message. */
export interface RelatedResource {
  /** what the references of the message call it */
  fullUrl: string
  resource: Resource
}

interface Sent {
  /** who sent it, as a URI: with the id it tells the message from any other */
  source: string
  messageId: string
  /** the event as it was sent */
  trigger: Coding
  /** when it was recorded where it happened: the order of the messages about one visit */
  at: Instant
}

/** Nothing to be done about it but to keep that it came. */
export interface OtherNotification extends Sent {
  kind: 'other'
}

/** Something about a visit: it began, ended, moved, was undone, or is described better. */
export interface VisitNotification extends Sent {
  kind: 'visit'
  patient: readonly Identifier[]
  /** facility and visit number */
  visit: Identifier & { system: string; value: string }
  status?: StatusClaim
  /** its references are those of the message: literal ones, and fullUrls of what is `related` */
  facts: Facts
  related: readonly RelatedResource[]
  /** how the message refers to the visit and the patient themselves */
  names?: { encounter: string; patient: string }
}

/** Two records are of one person: `prior` is replaced by `patient`. */
export interface MergeNotification extends Sent {
  kind: 'merge'
  patient: readonly Identifier[]
  prior: readonly Identifier[]
}

/** A message of any source, read. */
export type Notification = VisitNotification | MergeNotification | OtherNotification

/** A message as it came, to be read again when it is known whom it is about. */
export interface RawMessage {
  contentType: 'application/fhir+json' | 'application/hl7-v2'
  text: string
}
