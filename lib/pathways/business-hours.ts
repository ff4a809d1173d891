import type { Temporal } from 'temporal-polyfill'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import type { Calendar } from './calendar.ts'
import { localDateOf } from './date-time.ts'

const HOUR_MS = 3_600_000

/** A calendar that closes for longer than this has no next business hour. */
const LONGEST_CLOSURE_DAYS = 366

/**
 * The instant that lies `hours` business hours after `from`; before it, when negative. Only time between opening and closing of
 * business days counts, in local time of the calendar's own time zone, else of `timeZone`. What ends at closing time ends there, not at the next opening: 4 hours after
 * 13:00 is 17:00, and 4 hours before that is 13:00 again.
 * @throws Error when the calendar has no business day within a year
 */
export const addBusinessHours = (from: Instant, hours: number, calendar: Calendar, timeZone: string): Instant => {
  const { start, end, timeZone: zone = timeZone } = calendar.hours
  const forward = hours >= 0
  const instantAt = (day: Temporal.PlainDate, plainTime: string): number =>
    day.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds

  let left = Math.abs(hours) * HOUR_MS
  let at = Date.parse(from)
  let day = localDateOf(from, zone)!
  for (let closed = 0; closed < LONGEST_CLOSURE_DAYS; closed += 1, day = day.add({ days: forward ? 1 : -1 })) {
    if (!calendar.isBusinessDay(day)) continue
    const opens = instantAt(day, start)
    const closes = instantAt(day, end)
    const begins = forward ? Math.max(at, opens) : Math.min(at, closes)
    const available = forward ? closes - begins : begins - opens
    if (available <= 0) continue
    if (left <= available) return instantOf(forward ? begins + left : begins - left)
    left -= available
    at = begins
    closed = 0
  }
  throw new Error('the calendar has no business hours within a year: check holidays.extra of the tenant')
}
