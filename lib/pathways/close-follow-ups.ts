import type { CommunicationRequest, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { versionReference } from './apply.ts'
import { AUTOMATION_REASON } from './codes.ts'
import { commit, creation, type Decision, nothing, revision } from './commit.ts'
import { isOpen } from './due.ts'
import { openEscalations } from './escalation.ts'
import { provenanceOf } from './provenance.ts'
import { activeReminders } from './reminder.ts'

const ORIGINAL_CLOSED = {
  coding: [{ system: AUTOMATION_REASON, code: 'original-closed' }],
  text: 'The Task it is about was closed.',
}

const revoked = (version: Version): Resource => {
  const request = version.content as unknown as CommunicationRequest
  return { ...request, status: 'revoked', statusReason: ORIGINAL_CLOSED } as unknown as Resource
}

/** The order in which they are found depends on when they were made: the record of this act must not. */
const byId = (a: Version, b: Version): number => (a.id < b.id ? -1 : 1)

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const { store, clock } = careloop
  const original = await store.read('Task', id)
  if (!original) return nothing('gone')
  if (!original.deleted && isOpen(original.content as unknown as Task)) return nothing('open')
  const now = clock.now()
  const cancelled = (version: Version): Resource => {
    const escalation = version.content as unknown as Task
    return {
      ...escalation,
      status: 'cancelled',
      statusReason: ORIGINAL_CLOSED,
      lastModified: now,
    } as unknown as Resource
  }
  const escalations = await openEscalations(careloop, id)
  const reminders = await activeReminders(careloop, id)
  const writes = [
    ...[...escalations].sort(byId).map((version) => revision(version, cancelled(version))),
    ...[...reminders].sort(byId).map((version) => revision(version, revoked(version))),
  ]
  if (!writes.length) return nothing('closed')
  const targets = writes.map(({ type, id }) => referenceTo(type, id))
  const reference = referenceTo('Task', id)
  const provenance = provenanceOf(
    {
      // Their versions too: whatever is opened again can be closed again.
      act: [
        reference,
        'closed',
        ...writes.map(({ type, id, base }) => versionReference(referenceTo(type, id), base!.v)),
      ],
      targets,
      trigger: versionReference(reference, original.v),
      activity: 'UPDATE',
      reason: 'original-closed',
    },
    now,
  )
  return { outcome: 'follow-ups-closed', writes: [...writes, creation(provenance)] }
}

/** Cancels the open escalations of a Task that is closed or deleted and revokes its reminders, as far as there still are any. */
export const closeFollowUps = (careloop: Careloop, id: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, id))
