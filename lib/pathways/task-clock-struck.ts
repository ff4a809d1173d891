import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { EventDetail } from '../events/contract.ts'
import { idIn } from '../fhir.ts'
import { isUnattended } from './due.ts'
import { escalationOf } from './escalation.ts'
import type { ClockStep } from './ladder.ts'
import { notBefore } from './not-before.ts'
import { reminderOf } from './reminder.ts'
import { type Act, isDone, onStrike } from './strike.ts'
import { attemptsMet, marked, markedMissed } from './task-marks.ts'

const reminder: Act = async (careloop, scene) => {
  const { task, struck, now } = scene
  if (now >= struck.due) return 'too-late'
  if (isUnattended(task)) return 'unattended'
  return { outcome: 'reminded', reason: 'reminder', ...(await reminderOf(careloop, scene, 'reminder')) }
}

const dueSoon: Act = async (careloop, scene) => {
  const { task, struck, now } = scene
  if (now >= struck.due) return 'too-late'
  if (isUnattended(task)) return 'unattended'
  const made = await reminderOf(careloop, scene, 'due-soon')
  const changed = marked(task, 'due-soon')
  return { outcome: 'reminded', reason: 'due-soon', ...(changed !== task && { changed }), ...made }
}

const secondEscalation: Act = async (careloop, scene) => {
  const { task, struck } = scene
  // The supervisors first: the act of the due date says when it is the turn of this rung.
  if (!(await isDone(careloop, struck.reference, 'overdue', struck.due))) return 'not-overdue'
  const { tenant, clock } = careloop
  const made = await escalationOf(careloop, scene, 'escalation-2', tenant.managerPool, clock.now())
  return { outcome: 'escalated', reason: 'escalated', changed: marked(task, 'escalated'), ...made }
}

/** That the attempts were made in time is put on record too, so that it holds whatever becomes of the Task's business status. */
const windowMissed: Act = async (_careloop, { task }) =>
  attemptsMet(task)
    ? { outcome: 'attempts-met', reason: 'attempts-met', created: [] }
    : { outcome: 'missed', reason: 'window-missed', changed: markedMissed(task), created: [] }

const acts: Readonly<Partial<Record<string, Act>>> = {
  reminder,
  'due-soon': dueSoon,
  'escalation-2': secondEscalation,
  'window-missed': windowMissed,
} satisfies Record<Exclude<ClockStep, 'overdue'>, Act>

/** Whether it is a row of evidence that a pathway made: its plan says what becomes of it. */
const isWatch = async ({ store }: Careloop, reference: string): Promise<boolean> => {
  const version = await store.read('Task', idIn(reference))
  if (!version || version.deleted) return false
  const task = version.content as unknown as Task
  return isUnattended(task) && task.instantiatesCanonical !== undefined
}

/** Does what a rung of a Task's ladder, other than its due date, asks for. */
export const taskClockStruck = async (
  careloop: Careloop,
  { reference, version, step, due, at }: EventDetail<'task-clock-struck'>,
): Promise<string> => {
  if (step === 'window-missed' && (await isWatch(careloop, reference))) {
    // Seldom, and with what evaluates expressions, which takes long to load.
    const { reconcileWatch } = await import('./reconcile-of.ts')
    const outcome = await reconcileWatch(notBefore(careloop, at), reference)
    if (outcome !== undefined) return outcome
  }
  const act = Object.hasOwn(acts, step) ? acts[step] : undefined
  return act ? onStrike(careloop, { reference, version, step, due, at }, act) : 'unknown-step'
}
