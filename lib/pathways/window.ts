import type { Period } from 'fhir/r4'
import { addBusinessDays, type Calendar, type RollForward, roll } from './calendar.ts'
import { endOfDay, type LocalDate, localDateOf, startOfDay } from './date-time.ts'

/** How long after its anchor something is due. */
export interface Offset {
  unit: 'calendar-day' | 'business-day'
  days: number
  /** Whether the day of the anchor itself counts, that is whether what is done on it is in time. */
  countAnchorDay: boolean
  rollForward: RollForward
}

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
