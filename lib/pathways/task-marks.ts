import type { Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { storedClock } from '../resources/task-clocks.ts'
import type { TenantSettings } from '../tenant.ts'
import { AUTOMATION_REASON, type BusinessStatus, businessStatus, hasCode, TASK_BUSINESS_STATUS } from './codes.ts'
import { dueInstant } from './due.ts'
import { poolOwner } from './owner.ts'

/** What the clock writes as a business status, the most pressing last. */
const MARKS: readonly BusinessStatus[] = ['due-soon', 'overdue', 'escalated']
const UNTOUCHED: readonly BusinessStatus[] = ['new', 'assigned']

const has = (task: Task, code: BusinessStatus): boolean => hasCode(task.businessStatus, TASK_BUSINESS_STATUS, code)

/** Whether what the programme accepts in place of success was done in time. */
export const attemptsMet = (task: Task): boolean => has(task, 'attempts-met')

/**
 * The Task marked with what its clock says. A more pressing mark stays, as does `attempts-met`, since it tells more; that it is due
 * soon is not said over what people have said of their work.
 */
export const marked = (task: Task, mark: 'due-soon' | 'overdue' | 'escalated'): Task => {
  const isPressing = MARKS.slice(MARKS.indexOf(mark)).some((code) => has(task, code))
  const isTheirs = mark === 'due-soon' && task.businessStatus && !UNTOUCHED.some((code) => has(task, code))
  return isPressing || isTheirs || attemptsMet(task) ? task : { ...task, businessStatus: businessStatus(mark) }
}

const MISSED = 'window-missed'

/** The Task with the note that it cannot count for the programme any more, beside whatever reason people have given. */
export const markedMissed = (task: Task): Task => {
  const { statusReason } = task
  if (hasCode(statusReason, AUTOMATION_REASON, MISSED)) return task
  const coding = [...(statusReason?.coding ?? []), { system: AUTOMATION_REASON, code: MISSED }]
  return { ...task, statusReason: { ...statusReason, coding, text: statusReason?.text ?? WINDOW_CLOSED } }
}

const WINDOW_CLOSED = 'The time in which this counts is over; it can still be done.'

const withoutMissed = (task: Task): Task => {
  const { statusReason, ...others } = task
  if (!hasCode(statusReason, AUTOMATION_REASON, MISSED)) return task
  const coding = statusReason!.coding!.filter(({ system, code }) => system !== AUTOMATION_REASON || code !== MISSED)
  const text = statusReason!.text === WINDOW_CLOSED ? undefined : statusReason!.text
  if (!coding.length && !text) return others
  return { ...others, statusReason: { ...(coding.length && { coding }), ...(text && { text }) } }
}

/**
 * The Task without the marks that its dates, moved since, no longer bear out: what is due later than `now` is not overdue, and what
 * can still count has not missed its window.
 */
export const unmarked = (task: Task, { careManagementPool, timeZone }: TenantSettings, now: Instant): Task => {
  const ends = storedClock(task)?.rungs.find(({ step }) => step === MISSED)?.at
  const timely = ends === undefined || ends > now ? withoutMissed(task) : task
  const due = dueInstant(timely, timeZone)
  if ((due !== undefined && due <= now) || !MARKS.some((code) => has(timely, code))) return timely
  const isInPool = timely.owner?.reference === poolOwner(careManagementPool).reference
  return { ...timely, businessStatus: businessStatus(isInPool ? 'new' : 'assigned') }
}
