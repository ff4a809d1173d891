import type { Task } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { CARE_TASK_TYPE, hasCode } from '../../pathways/codes.ts'
import { isOpen } from '../../pathways/due.ts'
import { isCurrent, type Strike, storedClock, strikesOf } from '../../resources/task-clocks.ts'
import { codeOf, patientOf } from '../contract.ts'
import type { ChangeRules, Happening } from './change-rules.ts'
import { followed } from './referral.ts'

const asTask = (resource: Resource): Task => resource as unknown as Task

const ended = (was: Task | undefined, now: Task): Happening[] => {
  if (isOpen(now) || was?.status === now.status) return []
  const from = codeOf(was?.status)
  return now.status === 'completed'
    ? [{ name: 'task-completed', state: { from } }]
    : [{ name: 'task-closed', state: { status: codeOf(now.status) ?? '', from } }]
}

/** Whether the rungs of an open Task are to be computed again; those a pathway never gave it, it does not miss. */
const wantsRungs = (task: Task): boolean => {
  const clock = storedClock(task)
  return isOpen(task) && task.restriction?.period?.end !== undefined && clock !== undefined && !isCurrent(clock, task)
}

const lostRungs = (was: Task, now: Task): boolean =>
  isOpen(now) && storedClock(was) !== undefined && storedClock(now) === undefined

const rescheduled = (was: Task | undefined, now: Task): Happening[] => {
  const isNews = wantsRungs(now)
    ? !was || !wantsRungs(was) || was.restriction?.period?.end !== now.restriction?.period?.end
    : was !== undefined && lostRungs(was, now)
  return isNews ? [{ name: 'task-rescheduled', state: { status: codeOf(now.status) } }] : []
}

/** Somebody is to see to these at once. */
const ALERTS = ['escalation', 'break-glass-review']

/** A new escalation is to be heard of outside. */
const escalated = (was: Task | undefined, now: Task): Happening[] =>
  !was && isOpen(now) && ALERTS.some((code) => hasCode(now.code, CARE_TASK_TYPE, code))
    ? [{ name: 'notification-requested', state: { kind: 'escalation' } }]
    : []

const happeningOf =
  (task: Task) =>
  ({ step, due }: Strike): Happening => {
    const status = codeOf(task.status)
    return step === 'overdue'
      ? { name: 'task-overdue', state: { status, due } }
      : { name: 'task-clock-struck', state: { status, step: codeOf(step) ?? '', due } }
  }

const keyOf = ({ step, at, due }: Strike): string => `${step} ${at} ${due}`

/** https://hl7.org/fhir/R4/task.html */
export const task: ChangeRules = {
  type: 'Task',
  patient: (resource) => patientOf(asTask(resource).for),

  changed(before, after, { tenant, woken }) {
    const now = asTask(after)
    const was = before && asTask(before)
    const known = new Set(was ? strikesOf(was, tenant).map(keyOf) : [])
    // A clock never strikes twice for one instant, so it will not strike for what was moved to before it last struck.
    const missed = strikesOf(now, tenant).filter((strike) => woken && strike.at <= woken && !known.has(keyOf(strike)))
    return [
      ...ended(was, now),
      ...followed(was, now),
      ...rescheduled(was, now),
      ...escalated(was, now),
      ...missed.map(happeningOf(now)),
    ]
  },

  removed(before) {
    const { status } = asTask(before)
    return [{ name: 'task-closed', state: { status: 'deleted', from: codeOf(status) } }, ...followed(asTask(before))]
  },

  struck(resource, { after, until }, tenant) {
    const now = asTask(resource)
    const isNew = ({ at }: Strike): boolean => at <= until && (after === undefined || at > after)
    return strikesOf(now, tenant).filter(isNew).map(happeningOf(now))
  },
}
