import type { Duration, Goal, GoalTarget } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../../clock.ts'
import type { Instant } from '../../fhir.ts'
import { numberOf } from '../../json.ts'
import { dateRange } from '../../search/date.ts'
import { zoneOf } from '../../search/zone.ts'

/** When a target is to be reached. */
export interface DueDate {
  /** FHIR date, as it was given or counted from the start */
  date: string
  /** its last moment in the tenant's time zone */
  at: Instant
}

/** What a UCUM unit of time is on the calendar; hours and minutes of a goal are whole days begun. */
const CALENDAR: Readonly<Record<string, (count: number) => Temporal.DurationLike>> = {
  a: (years) => ({ months: Math.round(years * 12) }),
  mo: (months) => (Number.isInteger(months) ? { months } : { days: Math.round(months * (365.25 / 12)) }),
  wk: (weeks) => ({ days: Math.round(weeks * 7) }),
  d: (days) => ({ days: Math.ceil(days) }),
  h: (hours) => ({ days: Math.ceil(hours / 24) }),
  min: (minutes) => ({ days: Math.ceil(minutes / (24 * 60)) }),
}

const DAY = /^\d{4}-\d\d-\d\d$/

const countedFrom = (startDate: string | undefined, { value, code, unit }: Duration): string | undefined => {
  const count = numberOf(value)
  const duration = CALENDAR[code ?? unit ?? '']
  if (!startDate || !DAY.test(startDate) || count === undefined || !duration) return undefined
  return Temporal.PlainDate.from(startDate).add(duration(count)).toString()
}

/**
 * When a target of a Goal is due: `dueDate`, or `dueDuration` after the Goal's `startDate` (the end of a shorter month stands for days it does
 * not have). Undefined when it has no due date, or none that can be counted. https://hl7.org/fhir/R4/goal-definitions.html#Goal.target.due_x_
 */
export const dueDateOf = (
  { startDate }: Pick<Goal, 'startDate'>,
  { dueDate, dueDuration }: GoalTarget,
  timeZone: string,
): DueDate | undefined => {
  const date = dueDate ?? (dueDuration && countedFrom(startDate, dueDuration))
  const last = date && dateRange(date, zoneOf(timeZone))?.high
  return date && last && Number.isFinite(last) ? { date, at: instantOf(last) } : undefined
}
