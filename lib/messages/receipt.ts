import type { Communication } from 'fhir/r4'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { RECEIPT } from './codes.ts'
import type { Notification, RawMessage } from './notification.ts'

/** What became of a message. */
export interface Fate {
  status: 'completed' | 'on-hold' | 'in-progress' | 'not-done'
  /** `Patient/id` */
  subject?: string
  /** `Encounter/id` */
  encounter?: string
  /** references of all that it wrote */
  about?: readonly string[]
  /** parked: until this Task is done, with the message itself */
  task?: string
  raw?: RawMessage
}

export const receiptId = ({ source, messageId }: Notification): string => deterministicId('receipt', source, messageId)

const payloadOf = ({ contentType, text }: RawMessage): Communication['payload'] => [
  { contentAttachment: { contentType, data: Buffer.from(text).toString('base64') } },
]

/** The message that a parked receipt keeps. */
export const rawMessageIn = (receipt: Communication): RawMessage | undefined => {
  const { contentType, data } = receipt.payload?.[0]?.contentAttachment ?? {}
  if (data === undefined) return undefined
  return { contentType: contentType as RawMessage['contentType'], text: Buffer.from(data, 'base64').toString('utf8') }
}

/**
 * The record that a message came, and when: a message that has one came before. Its id follows from the message, so that of two that
 * come at once one is applied.
 */
export const receiptWrite = (
  notification: Notification,
  { status, subject, encounter, about = [], task, raw }: Fate,
  received: Instant,
  base: Version | undefined,
): Write => {
  const { source, messageId, trigger, at } = notification
  const known = base && !base.deleted ? (resourceOf(base) as unknown as Communication) : undefined
  const id = receiptId(notification)
  const receipt: Communication = {
    resourceType: 'Communication',
    id,
    identifier: [{ system: source, value: messageId }],
    ...(task && { partOf: [{ reference: referenceTo('Task', task) }] }),
    status,
    category: [RECEIPT],
    ...(subject && { subject: { reference: subject } }),
    topic: { coding: [trigger] },
    ...(about.length && { about: about.map((reference) => ({ reference })) }),
    ...(encounter && { encounter: { reference: encounter } }),
    sent: at,
    received: known?.received ?? received,
    ...(raw && { payload: payloadOf(raw) }),
  }
  return { type: 'Communication', id, resource: receipt as unknown as Resource, ...(base && { base }), method: 'PUT' }
}
