import type { Careloop } from '../careloop.ts'
import type { EventDetail } from '../events/contract.ts'
import { calendarOf } from './calendar.ts'
import { isUnattended } from './due.ts'
import { escalationOf, isEscalation } from './escalation.ts'
import { type Act, onStrike, type Scene } from './strike.ts'
import { ladderOf, later, withRung } from './task-clock.ts'
import { marked } from './task-marks.ts'
import { refreshClock } from './task-rescheduled.ts'
import { taskTimeZone } from './task-time-zone.ts'

/** The second escalation waits until the supervisors have had their time, which runs from when it was found out. */
const withSecondEscalation = async (careloop: Careloop, { task, now }: Scene) => {
  const rung = ladderOf(task).rungs.find(({ step }) => step === 'escalation-2')
  if (rung?.moment.kind !== 'after') return task
  const timeZone = await taskTimeZone(careloop, task)
  return withRung(task, 'escalation-2', later(now, rung.moment.span, calendarOf(careloop.tenant), timeZone))
}

const act: Act = async (careloop, scene) => {
  const { task } = scene
  if (isUnattended(task)) return 'unattended'
  const { tenant, clock } = careloop
  if (isEscalation(task)) return { outcome: 'marked', reason: 'overdue', changed: marked(task, 'overdue'), created: [] }
  const made = await escalationOf(careloop, scene, 'overdue', tenant.supervisorPool, clock.now())
  const changed = marked(await withSecondEscalation(careloop, scene), 'overdue')
  return { outcome: made.created.length ? 'escalated' : 'marked', reason: 'overdue', changed, ...made }
}

/** Marks a Task as overdue, tells the supervisors by one escalation Task, and sets when it is escalated a second time. */
export const taskOverdue = async (careloop: Careloop, detail: EventDetail<'task-overdue'>): Promise<string> => {
  const { reference, version, due, at } = detail
  // Whichever event of one change comes first: the rungs are those of the due date before one of them is acted on.
  await refreshClock(careloop, reference)
  return onStrike(careloop, { reference, version, step: 'overdue', due, at }, act)
}
