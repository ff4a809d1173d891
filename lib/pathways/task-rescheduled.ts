import type { CommunicationRequest, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { EventDetail } from '../events/contract.ts'
import { type Instant, idIn, type Resource, referenceTo } from '../fhir.ts'
import { isCurrent, storedClock } from '../resources/task-clocks.ts'
import type { Version } from '../store/version.ts'
import { versionReference } from './apply.ts'
import { calendarOf } from './calendar.ts'
import { commit, creation, type Decision, nothing, revision } from './commit.ts'
import { dueInstant, isOpen } from './due.ts'
import type { ClockStep } from './ladder.ts'
import { provenanceOf } from './provenance.ts'
import { activeReminders, reminderIds } from './reminder.ts'
import { clockOf, ladderOf, taskClock, withClock, withRung } from './task-clock.ts'
import { unmarked } from './task-marks.ts'
import { taskTimeZone } from './task-time-zone.ts'

const asTask = (version: Version): Task => version.content as unknown as Task

/** The latest version of a Task that had rungs: what is no longer on the Task is still in its history. */
const lastTimed = async ({ store }: Careloop, version: Version): Promise<Task | undefined> => {
  const { versions } = await store.history('Task', version.id, LOOK_BACK, version.v)
  return versions
    .filter(({ deleted }) => !deleted)
    .map(asTask)
    .find(storedClock)
}
const LOOK_BACK = 10

/** When a Task reaches a rung of its ladder. */
const reachedAt = (task: Task, step: ClockStep): Instant | undefined =>
  storedClock(task)?.rungs.find((rung) => rung.step === step)?.at

/** Nobody is escalated to for the time before the rungs were computed: an event of that time, brought back, has nothing to act for. */
const notEscalatedBefore = (task: Task, now: Instant): Task => {
  const at = reachedAt(task, 'escalation-2')
  return at !== undefined && at < now ? withRung(task, 'escalation-2', now) : task
}

/** The Task with the rungs of the due date it has now. What counts for the programme ends when it did. */
const retimed = async (careloop: Careloop, task: Task, timed: Task): Promise<Task> => {
  const { tenant, clock } = careloop
  // They were only left out: the supervisors keep the time that they were given.
  if (isCurrent(storedClock(timed)!, task)) return withClock(task, clockOf(timed)!)
  const complianceEnd = reachedAt(timed, 'window-missed')
  const parts = {
    task,
    ladder: ladderOf(timed),
    calendar: calendarOf(tenant),
    timeZone: await taskTimeZone(careloop, task),
    ...(complianceEnd && { complianceEnd }),
  }
  const now = clock.now()
  return unmarked(notEscalatedBefore(withClock(task, taskClock(parts)), now), tenant, now)
}

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const version = await store.read('Task', id)
  if (!version || version.deleted) return nothing('gone')
  const task = asTask(version)
  if (!isOpen(task)) return nothing('closed')
  const clockNow = storedClock(task)
  const due = dueInstant(task, tenant.timeZone)
  if (!due || (clockNow && isCurrent(clockNow, task))) return nothing('unchanged')
  const timed = clockNow ? task : await lastTimed(careloop, version)
  if (!timed) return nothing('unchanged')

  const now = clock.now()
  const ids = reminderIds(id, due)
  const outdated = (await activeReminders(careloop, id)).filter((reminder) => !ids.includes(reminder.id))
  const writes = [
    revision(version, { ...(await retimed(careloop, task, timed)), lastModified: now } as unknown as Resource),
    ...outdated.map((reminder) => {
      const request = reminder.content as unknown as CommunicationRequest
      return revision(reminder, { ...request, status: 'revoked' } as unknown as Resource)
    }),
  ]
  const reference = referenceTo('Task', id)
  const provenance = provenanceOf(
    {
      act: [reference, 'rescheduled', String(version.v)],
      targets: writes.map(({ type, id }) => referenceTo(type, id)),
      trigger: versionReference(reference, version.v),
      activity: 'UPDATE',
      reason: 'rescheduled',
    },
    now,
  )
  return { outcome: 'rescheduled', writes: [...writes, creation(provenance)] }
}

/**
 * Computes the rungs of an open Task again when they are not those of its due date, and takes back the reminders of the former one.
 * A Task that never had rungs gets none.
 */
export const refreshClock = (careloop: Careloop, reference: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, idIn(reference)))

/** Lets the rungs of a Task follow its due date. */
export const taskRescheduled = (careloop: Careloop, { reference }: EventDetail<'task-rescheduled'>): Promise<string> =>
  refreshClock(careloop, reference)
