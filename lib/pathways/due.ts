import type { Task } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { openTaskStatuses } from '../resources/task.ts'
import { dateRange } from '../search/date.ts'
import { zoneOf } from '../search/zone.ts'
import { lastInstantOf } from './date-time.ts'

/** Whether somebody still has something to do about a Task. */
export const isOpen = ({ status }: Task): boolean => openTaskStatuses.includes(status)

/**
 * When a Task is due, if ever: at the moment its clock strikes (lib/resources/task.ts). `restriction.period.end` is the due date,
 * https://hl7.org/fhir/R4/task-definitions.html#Task.restriction.period; one that is less than a moment ends with its last.
 */
export const dueInstant = ({ restriction }: Task, timeZone: string): Instant | undefined => {
  const end = restriction?.period?.end
  if (end === undefined) return undefined
  if (end.includes('T')) return lastInstantOf(end, timeZone)
  const last = dateRange(end, zoneOf(timeZone))?.high
  return Number.isFinite(last) ? instantOf(last!) : undefined
}
