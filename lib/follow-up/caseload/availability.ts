import type { PractitionerRole, PractitionerRoleAvailableTime } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../fhir.ts'
import { dateRangeOf } from '../../search/date.ts'
import { zoneOf } from '../../search/zone.ts'

/** Why somebody is not there to do a piece of work; all of code system assignment-reason. */
export type Unavailable = 'inactive' | 'absent' | 'absent-when-due' | 'no-working-hours'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Working hours come round in so many days. */
const WEEK = 7

type Role = Pick<PractitionerRole, 'active' | 'period' | 'notAvailable' | 'availableTime'>

const within = (period: unknown, at: number, timeZone: string): boolean => {
  const range = dateRangeOf(period, 'Period', zoneOf(timeZone))
  return range !== undefined && range.low <= at && at <= range.high
}

/** An absence without dates says only why, not that it is now. */
const isAbsent = ({ notAvailable = [] }: Role, at: number, timeZone: string): boolean =>
  notAvailable.some(({ during }) => during && within(during, at, timeZone))

/** Whether hours of this local day lie between two instants. */
const reaches = (
  { allDay, availableStartTime = '00:00:00', availableEndTime }: PractitionerRoleAvailableTime,
  date: string,
  { from, until, timeZone }: { from: number; until: number; timeZone: string },
): boolean => {
  const zone = zoneOf(timeZone)
  const start = allDay ? zone.startOfDay(date) : zone.instantOf(`${date}T${availableStartTime}`)
  const end = allDay || !availableEndTime ? zone.startOfDay(date, 1) : zone.instantOf(`${date}T${availableEndTime}`)
  return start <= until && from < end
}

const worksBetween = ({ availableTime = [] }: Role, from: number, until: number, timeZone: string): boolean => {
  if (!availableTime.length) return true
  const first = Temporal.PlainDate.from(zoneOf(timeZone).dateOf(from))
  return Array.from({ length: WEEK + 1 }, (_, later) => first.add({ days: later })).some((day) =>
    availableTime.some(
      (hours) =>
        (!hours.daysOfWeek?.length || hours.daysOfWeek.includes(DAYS[day.dayOfWeek - 1]!)) &&
        reaches(hours, day.toString(), { from, until, timeZone }),
    ),
  )
}

/**
 * Why a role cannot do what is due then; undefined when nothing speaks against it. Who is away now or when it is due is absent; who
 * says nothing of working hours may work at any. Dates and times without an offset are the tenant's. Pure.
 * https://hl7.org/fhir/R4/practitionerrole-definitions.html#PractitionerRole.notAvailable
 */
export const unavailable = (
  role: Role,
  now: Instant,
  due: Instant | undefined,
  timeZone: string,
): Unavailable | undefined => {
  const from = Date.parse(now)
  const until = due === undefined || due <= now ? undefined : Date.parse(due)
  if (role.active === false || (role.period && !within(role.period, from, timeZone))) return 'inactive'
  if (isAbsent(role, from, timeZone)) return 'absent'
  if (until !== undefined && isAbsent(role, until, timeZone)) return 'absent-when-due'
  return worksBetween(role, from, until ?? Number.POSITIVE_INFINITY, timeZone) ? undefined : 'no-working-hours'
}
