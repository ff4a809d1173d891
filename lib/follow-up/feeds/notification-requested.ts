import type { CommunicationRequest, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { EventDetail, EventName } from '../../events/contract.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { versionReference } from '../../pathways/apply.ts'
import { COMMUNICATION_CATEGORY, software, TASK_CLOCK_STEP } from '../../pathways/codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { dueInstant, isOpen } from '../../pathways/due.ts'
import { provenanceId, provenanceOf } from '../../pathways/provenance.ts'
import { patientsOf } from '../../security/audit/patients.ts'
import { putOnRecord } from '../../security/audit/put-on-record.ts'
import type { Version } from '../../store/version.ts'
import { resourceOf } from '../../store/version.ts'
import { chatMessage } from './chat-message.ts'
import { unrestricted } from './labels.ts'
import { deepLinkOf, isRecipient, type Notification, type NotificationKind, refOf } from './notification.ts'
import { postWebhook } from './post-webhook.ts'
import { webhookAddress } from './webhook-address.ts'

/** A reminder or an escalation that is still to be told of. */
interface Pending {
  /** the CommunicationRequest, or the Task that is the escalation */
  version: Version
  task: Task
  notification: Notification
}

/** Each is told of once, for all time: the records say which were. */
const actOf = (reference: string): string[] => ['notify', reference]

const live = async ({ store }: Careloop, reference: string): Promise<Version | undefined> => {
  const [type, id] = reference.split('/') as [string, string]
  const version = await store.read(type, id)
  return version && !version.deleted ? version : undefined
}

const stepOf = ({ reasonCode = [] }: CommunicationRequest): NotificationKind =>
  reasonCode.some(({ coding = [] }) =>
    coding.some(({ system, code }) => system === TASK_CLOCK_STEP && code === 'due-soon'),
  )
    ? 'due-soon'
    : 'reminder'

/** What is to be told now; text: why there is nothing. */
const pending = async (careloop: Careloop, reference: string): Promise<Pending | string> => {
  const { store, tenant } = careloop
  if (await store.read('Provenance', provenanceId(actOf(reference)))) return 'unchanged'
  const version = await live(careloop, reference)
  if (!version) return 'gone'
  const isRequest = version.type === 'CommunicationRequest'
  const request = isRequest ? (resourceOf(version) as unknown as CommunicationRequest) : undefined
  if (request && request.status !== 'active') return 'closed'
  const about = request ? await live(careloop, request.about?.[0]?.reference ?? '') : version
  if (about?.type !== 'Task') return 'gone'
  const task = resourceOf(about) as unknown as Task
  if (!isOpen(task)) return 'closed'
  // A request may be labelled by itself; to those who are told it is about the same.
  const labels = request?.meta?.security ?? []
  const security = [...(task.meta?.security ?? []), ...labels]
  if (!(await unrestricted(store, [{ ...task, meta: { ...task.meta, security } }])).length) return 'restricted'
  const to = request ? request.recipient?.[0]?.reference : task.owner?.reference
  if (!isRecipient(to)) return 'nobody-to-tell'
  const due = dueInstant(task, tenant.timeZone)
  const { appUrl } = tenant.feeds ?? {}
  const notification: Notification = {
    to,
    kind: request ? stepOf(request) : 'escalation',
    ref: refOf(task.id!),
    ...(due && { due }),
    ...(appUrl && { deepLink: deepLinkOf(`${appUrl.replace(/\/$/, '')}/tasks`, task) }),
  }
  return { version, task, notification }
}

/** The request that an escalation was told by: it was not made before, as nobody reads it but here. */
const requestFor = (careloop: Careloop, { task, notification }: Pending): CommunicationRequest => {
  const about = { reference: referenceTo('Task', task.id!) }
  return {
    resourceType: 'CommunicationRequest',
    id: deterministicId(about.reference, 'notify'),
    basedOn: [about],
    status: 'completed',
    category: [{ coding: [{ system: COMMUNICATION_CATEGORY, code: 'reminder' }] }],
    ...(task.for?.reference?.startsWith('Patient/') && { subject: { reference: task.for.reference } }),
    about: [about],
    occurrenceDateTime: careloop.clock.now(),
    authoredOn: careloop.clock.now(),
    requester: { type: 'Device', identifier: software },
    recipient: [{ reference: notification.to }],
  }
}

/** The record that it was told of; a request that is still to be read is done with. */
const recorded = async (careloop: Careloop, reference: string, told: Pending): Promise<Decision> => {
  const { store, clock } = careloop
  if (await store.read('Provenance', provenanceId(actOf(reference)))) return nothing('unchanged')
  const now = clock.now()
  const current = await live(careloop, reference)
  const isActive = current?.type === 'CommunicationRequest' && current.content.status === 'active'
  const done = isActive && { ...resourceOf(current), status: 'completed', occurrenceDateTime: now }
  const made =
    told.version.type === 'Task' ? await absent(store, [requestFor(careloop, told) as unknown as Resource]) : []
  const targets = made.length ? made.map(({ resourceType, id }) => referenceTo(resourceType, id!)) : [reference]
  const provenance = provenanceOf(
    {
      act: actOf(reference),
      targets,
      trigger: versionReference(reference, told.version.v),
      ...((done || made.length > 0) && { activity: done ? 'UPDATE' : 'CREATE' }),
      reason: 'notified',
    },
    now,
  )
  return {
    outcome: 'notified',
    writes: [...(done ? [revision(current, done)] : []), ...[...made, provenance].map(creation)],
  }
}

/** That something left, to whom and because of what; what was sent names nobody. */
const onRecord = (careloop: Careloop, { hostname }: URL, { version, task, notification }: Pending): Promise<void> =>
  putOnRecord(careloop, {
    kind: { transmitted: 'notification-sent' },
    status: 200,
    requester: { address: hostname },
    recipient: notification.to,
    server: `${software.system}/${software.value}`,
    requestId: deterministicId(...actOf(referenceTo(version.type, version.id))),
    things: [{ reference: versionReference(referenceTo(version.type, version.id), version.v) }],
    patients: patientsOf(task as unknown as Resource),
    queries: [],
  })

/**
 * Tells the tenant's chat tool of a reminder or an escalation, then records that. A crash in between has it told twice, under one
 * `Idempotency-Key`; nothing is ever lost: what the other side does not take is thrown, to be tried again and at last kept with the dead letters.
 * @throws WebhookFailed, UnfitAddress
 */
export const notificationRequested = async (
  careloop: Careloop,
  { reference }: Pick<EventDetail<EventName>, 'reference'>,
): Promise<string> => {
  const { tenant, store } = careloop
  const webhook = tenant.feeds?.webhook
  if (!webhook) return 'no-webhook'
  const told = await pending(careloop, reference)
  if (typeof told === 'string') return told
  const address = webhookAddress(webhook, process.env.WEBHOOK_URL)
  const message = chatMessage(told.notification, webhook.format, tenant.timeZone)
  await postWebhook(address, message, deterministicId(...actOf(reference)))
  await onRecord(careloop, address, told)
  return commit(store, () => recorded(careloop, reference, told))
}
