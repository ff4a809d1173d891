import type { CodeableConcept, Task } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { AUTOMATION_REASON } from '../../pathways/codes.ts'
import { isOpen } from '../../pathways/due.ts'
import { modified } from '../../resources/lifecycle/task.ts'
import type { Permission } from './consent.ts'

const TEXTS = {
  missing: 'No active consent lets this organization be told of the client.',
  withdrawn: 'The consent to tell this organization of the client does not hold any more.',
}

const HOLDS = ['consent-missing', 'consent-withdrawn']

/** Whether it waits for a consent because the automation said so. */
export const isHeld = ({ status, statusReason }: Task): boolean =>
  (status === 'draft' || status === 'on-hold') &&
  (statusReason?.coding ?? []).some(({ system, code }) => system === AUTOMATION_REASON && HOLDS.includes(code ?? ''))

export const holdReason = (permission: 'missing' | 'withdrawn'): CodeableConcept => ({
  coding: [{ system: AUTOMATION_REASON, code: `consent-${permission}` }],
  text: TEXTS[permission],
})

/** What has only just been asked is taken back into draft; what is being worked on is put on hold. */
const UNANSWERED: readonly Task['status'][] = ['requested', 'received']

const heldTask = (task: Task, permission: 'missing' | 'withdrawn', now: Instant): Task => ({
  ...modified(task, now),
  status: UNANSWERED.includes(task.status) ? 'draft' : 'on-hold',
  statusReason: holdReason(permission),
})

const releasedTask = ({ statusReason: _, ...task }: Task, now: Instant): Task => {
  const begun = task.executionPeriod?.start ? 'in-progress' : 'accepted'
  return { ...modified(task, now), status: task.status === 'draft' ? 'requested' : begun }
}

/**
 * The Task as consent allows: held without it, sent and worked on again with it. A draft, or what people put on hold for a reason of
 * their own, stays; so does what is over. The very same when nothing changes. Pure.
 */
export const asConsented = (task: Task, permission: Permission | undefined, now: Instant): Task => {
  if (!isOpen(task)) return task
  if (permission === 'missing' || permission === 'withdrawn') {
    const waits = task.status === 'draft' || task.status === 'on-hold'
    return waits ? task : heldTask(task, permission, now)
  }
  return isHeld(task) ? releasedTask(task, now) : task
}
