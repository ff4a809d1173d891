import { createHash } from 'node:crypto'
import type { Task } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { referenceTo } from '../../fhir.ts'

declare const short: unique symbol
/** Names a Task to those who know it and tells others nothing: `7F3K`. */
export type Ref = string & { readonly [short]: true }

/** Whom it is for: people who work here, never a patient. */
export type Recipient = `${'Practitioner' | 'PractitionerRole' | 'CareTeam'}/${string}`

export type NotificationKind = 'task' | 'reminder' | 'due-soon' | 'escalation'

/**
 * What leaves the service for calendars and chat tools. There is no place in it for what the work is or whom it is about: adapters are given
 * nothing else.
 */
export interface Notification {
  to: Recipient
  kind: NotificationKind
  ref: Ref
  due?: Instant
  /** to where the work is seen, after a login */
  deepLink?: string
}

/** Crockford's, without what is mistaken for something else. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const REF_LENGTH = 4

/** The short name of a Task: the same always, and not to be turned back into the id. Of a million names some Tasks share one. */
export const refOf = (id: string): Ref => {
  const digest = createHash('sha256').update(referenceTo('Task', id)).digest()
  return [...digest.subarray(0, REF_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('') as Ref
}

const RECIPIENT = /^(?:Practitioner|PractitionerRole|CareTeam)\/[A-Za-z0-9\-.]{1,64}$/

export const isRecipient = (reference: string | undefined): reference is Recipient => RECIPIENT.test(reference ?? '')

/** Ids that the service makes. Those of clients may say anything, a name as well. */
const OPAQUE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where a Task is seen: below `tasks`, an absolute URL; of one whose id a client chose, where all are. */
export const deepLinkOf = (tasks: string, { id }: Pick<Task, 'id'>): string =>
  OPAQUE.test(id ?? '') ? `${tasks}/${id}` : tasks
