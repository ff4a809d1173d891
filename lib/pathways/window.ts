import type { Period } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { addBusinessHours } from './business-hours.ts'
import { addBusinessDays, type Calendar, type RollForward, roll } from './calendar.ts'
import { dateTimeIn, endOfDay, type LocalDate, lastInstantOf, localDateOf, startOfDay } from './date-time.ts'

/** How many days after its anchor something is due. */
export interface Offset {
  unit: 'calendar-day' | 'business-day'
  days: number
  /** Whether the day of the anchor itself counts, that is whether what is done on it is in time. */
  countAnchorDay: boolean
  rollForward: RollForward
}

/** The calendar days that it may come to. */
export const longest = ({ unit, days }: Offset): number => (unit === 'business-day' ? days * 2 : days)

/** How many hours after its anchor something is due, to the second. */
export interface HourOffset {
  unit: 'hour' | 'business-hour'
  hours: number
}

export type Delay = Offset | HourOffset

/** The moment that windows are counted from, where it happened. */
export interface Anchor {
  /** FHIR date or dateTime, as it was given */
  dateTime: string
  date: LocalDate
  /** IANA name */
  timeZone: string
}

/** Undefined when `dateTime` does not say the day. */
export const anchorAt = (dateTime: string, timeZone: string): Anchor | undefined => {
  const date = localDateOf(dateTime, timeZone)
  return date && { dateTime, date, timeZone }
}

/** The local date on which something is due. */
export const dueDate = ({ unit, days, rollForward }: Offset, { date }: Anchor, calendar: Calendar): LocalDate =>
  unit === 'business-day' ? addBusinessDays(calendar, date, days) : roll(calendar, date.add({ days }), rollForward)

/** From when, and until the last second of which day. Both have the offset of the anchor's time zone (a date stays a date). */
export const windowUntil = (due: LocalDate, anchor: Anchor, countAnchorDay: boolean): Period => ({
  start: countAnchorDay ? anchor.dateTime : startOfDay(anchor.date.add({ days: 1 }), anchor.timeZone),
  end: endOfDay(due, anchor.timeZone),
})

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** A day without a time counts as a whole: hours are counted from its end. */
const hoursAfter = ({ unit, hours }: HourOffset, anchor: Anchor, calendar: Calendar, pausedMs: number): string => {
  const from = instantOf(Date.parse(lastInstantOf(anchor.dateTime, anchor.timeZone)!) + pausedMs)
  const due: Instant =
    unit === 'business-hour'
      ? addBusinessHours(from, hours, calendar, anchor.timeZone)
      : instantOf(Date.parse(from) + hours * HOUR_MS)
  return dateTimeIn(due, anchor.timeZone)
}

/** A due date after a pause: as many whole days later as were begun, on a business day if it was counted in business days. */
const afterPause = (due: LocalDate, { unit }: Offset, calendar: Calendar, pausedMs: number): LocalDate => {
  const later = due.add({ days: Math.ceil(pausedMs / DAY_MS) })
  return unit === 'business-day' ? roll(calendar, later, 'next-bd') : later
}

/**
 * When what is due so long after its anchor may be done: from when, and until when, with the offset of the anchor's time zone.
 * `pausedMs`: for how long its clock has stood still.
 */
export const windowOf = (
  delay: Delay,
  anchor: Anchor,
  calendar: Calendar,
  pausedMs = 0,
): Required<Pick<Period, 'start' | 'end'>> => {
  if (!('days' in delay)) return { start: anchor.dateTime, end: hoursAfter(delay, anchor, calendar, pausedMs) }
  const due = dueDate(delay, anchor, calendar)
  const { start, end } = windowUntil(
    pausedMs ? afterPause(due, delay, calendar, pausedMs) : due,
    anchor,
    delay.countAnchorDay,
  )
  return { start: start!, end: end! }
}

/** The earlier of two dateTimes with offsets. */
export const earlierOf = (a: string, b: string): string =>
  Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)) <= 0 ? a : b
