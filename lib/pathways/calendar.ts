import { createHash } from 'node:crypto'
import * as federal from '@18f/us-federal-holidays'
import { Temporal } from 'temporal-polyfill'
import { type BusinessHours, defaultSettings, type HolidayCalendar, type TenantSettings } from '../tenant.ts'
import type { LocalDate } from './date-time.ts'

/** Which days are business days. */
export interface Calendar {
  /** Names the calendar and its extra days, e.g. `us-federal` or `us-federal+3f2a81c0`; written on each Task it timed. */
  readonly version: string
  isBusinessDay(date: LocalDate): boolean
  /** Between which local times of its business days people work. */
  readonly hours: BusinessHours & {
    /** IANA name of the zone of these times, where it is not that of the facility */
    timeZone?: string
  }
}

/** What to do with a date that is no business day. */
export type RollForward = 'none' | 'next-bd' | 'previous-bd'

const SATURDAY = 6

/** Observed federal holidays of a year. A New Year's Day on a Saturday is observed in the year before it. */
const federalHolidays = (year: number): string[] =>
  [...federal.allForYear(year), ...federal.allForYear(year + 1)].map((holiday) => holiday.dateString)

const versionOf = ({ base, extra }: HolidayCalendar): string =>
  extra.length
    ? `${base}+${createHash('sha256')
        .update([...extra].sort().join())
        .digest('hex')
        .slice(0, 8)}`
    : base

/** The business calendar of a tenant: Monday to Friday, but for the holidays of `base` and the `extra` days. */
export const createCalendar = (
  settings: HolidayCalendar,
  hours: Calendar['hours'] = defaultSettings.businessHours,
): Calendar => {
  const extra = new Set(settings.extra)
  const byYear = new Map<number, ReadonlySet<string>>()
  const holidaysOf = (year: number): ReadonlySet<string> => {
    const known = byYear.get(year)
    if (known) return known
    const holidays = new Set(settings.base === 'us-federal' ? federalHolidays(year) : [])
    byYear.set(year, holidays)
    return holidays
  }
  return {
    version: versionOf(settings),
    hours,
    isBusinessDay(date) {
      if (date.dayOfWeek >= SATURDAY) return false
      const text = date.toString()
      return !extra.has(text) && !holidaysOf(date.year).has(text)
    },
  }
}

const calendars = new WeakMap<TenantSettings, Calendar>()

/** The business days and hours of a tenant. It knows the holidays of the years it was asked for. */
export const calendarOf = (tenant: TenantSettings): Calendar => {
  const known = calendars.get(tenant)
  if (known) return known
  const { holidays, businessHours, timeZone } = tenant
  const calendar = createCalendar(holidays, { ...businessHours, timeZone })
  calendars.set(tenant, calendar)
  return calendar
}

/** A calendar that closes for longer than this has no next business day. */
const LONGEST_CLOSURE_DAYS = 366

const nearestBusinessDay = (calendar: Calendar, from: LocalDate, step: 1 | -1): LocalDate => {
  let date = from
  for (let days = 0; days < LONGEST_CLOSURE_DAYS; days += 1) {
    if (calendar.isBusinessDay(date)) return date
    date = date.add({ days: step })
  }
  throw new Error('the calendar has no business day within a year: check holidays.extra of the tenant')
}

/** The n-th business day after `date`, which itself does not count. */
export const addBusinessDays = (calendar: Calendar, date: LocalDate, businessDays: number): LocalDate => {
  let day = date
  for (let counted = 0; counted < businessDays; counted += 1)
    day = nearestBusinessDay(calendar, day.add({ days: 1 }), 1)
  return day
}

export const roll = (calendar: Calendar, date: LocalDate, mode: RollForward): LocalDate =>
  mode === 'none' ? date : nearestBusinessDay(calendar, date, mode === 'next-bd' ? 1 : -1)

/** The earlier of two dates. */
export const earlier = (a: LocalDate, b: LocalDate): LocalDate => (Temporal.PlainDate.compare(a, b) <= 0 ? a : b)
