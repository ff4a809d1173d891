import type { Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { storedClock } from '../resources/task-clocks.ts'
import { COUNTED_DUE } from './codes.ts'
import { lastInstantOf } from './date-time.ts'
import { dueInstant } from './due.ts'

/** The due date as the pathway counted it, whatever people have agreed on since. */
export const countedDue = ({ restriction }: Task): string | undefined =>
  restriction?.period?.extension?.find(({ url }) => url === COUNTED_DUE)?.valueDateTime

/**
 * When what counts for the programme ends: the rung of its ladder that says so, else the due date as the pathway counted it. That
 * somebody has moved the due date does not move it. Undefined for a Task that is never due.
 */
export const complianceEndOf = (task: Task, timeZone: string): Instant | undefined => {
  const rung = storedClock(task)?.rungs.find(({ step }) => step === 'window-missed')
  const counted = countedDue(task)
  return rung?.at ?? (counted && lastInstantOf(counted, timeZone)) ?? dueInstant(task, timeZone)
}
