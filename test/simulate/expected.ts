import type { Temporal } from 'temporal-polyfill'
import type { Stay } from './stays.ts'

/**
 * What the calendar and the rules of domain ask for, worked out apart from the engine: with the platform's own time zones and a list of
 * the holidays, so that a mistake of one does not excuse the other.
 */

/** Federal holidays as observed, https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays */
const HOLIDAYS = new Set([
  ...['2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25', '2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31'],
  ...['2027-06-18', '2027-07-05', '2027-09-06', '2027-10-11', '2027-11-11', '2027-11-25', '2027-12-24', '2027-12-31'],
])

const DAY_MS = 86_400_000

/** `2026-11-20` of the place. */
export const localDate = (instant: Temporal.Instant, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant.epochMilliseconds,
  )

const dayAfter = (date: string): string => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10)

export const isBusinessDay = (date: string): boolean => {
  const weekday = new Date(date).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(date)
}

/** The local date of the second business day after a discharge. */
export const contactDue = (stay: Stay): string => {
  let date = localDate(stay.discharged!, stay.facility.timeZone)
  for (let counted = 0; counted < 2; ) {
    date = dayAfter(date)
    if (isBusinessDay(date)) counted += 1
  }
  return date
}

const COMMUNITY = ['home', 'alt-home']
const THERE = ['in-progress', 'onleave', 'finished']

const daysBetween = (earlier: Temporal.Instant, later: Temporal.Instant): number =>
  (later.epochMilliseconds - earlier.epochMilliseconds) / DAY_MS

/**
 * Whether somebody has to call the patient after this stay, from what the hospitals said last of all the patient's stays; undefined
 * where it is a matter of hours on the thirtieth day.
 */
export const callsForContact = (stay: Stay, all: readonly Stay[], isDead: boolean): boolean | undefined => {
  const { status, discharged, disposition } = stay
  if (isDead || stay.class === 'EMER' || status !== 'finished' || !discharged) return false
  if (!COMMUNITY.includes(disposition ?? '')) return false
  const gaps = all
    .filter((other) => other.id !== stay.id && other.class === 'IMP' && THERE.includes(other.status))
    .map((other) => daysBetween(discharged, other.admitted))
    .filter((days) => days > 0)
  if (gaps.some((days) => days < 29)) return false
  return gaps.some((days) => days < 32) ? undefined : true
}
