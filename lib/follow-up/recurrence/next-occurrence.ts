import type { Period, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../../clock.ts'
import type { Instant } from '../../fhir.ts'
import { endOfDay, lastInstantOf, localDateOf, startOfDay } from '../../pathways/date-time.ts'
import { occurrences } from './occurrences.ts'
import { HORIZON_DAYS, type RecurringActivity } from './recurring-activity.ts'
import type { Events, Schedule } from './timing.ts'

/** What there is of one occurrence, deleted ones included. */
export type Stored = 'open' | 'closed'

type Window = Required<Pick<Period, 'start' | 'end'>>

/** The occurrence that is to have a Task now. */
export interface Next {
  sequence: number
  window: Window
  /** the sequence numbers, first and last, that were left out before it */
  skipped?: readonly [first: number, last: number]
}

/** What is to come of an activity, as things are. */
export interface Coming {
  /** to be made now */
  next?: Next
  /** when there may be another to make, though nothing happens until then */
  lookAt?: Instant
}

const DAY_MS = 86_400_000

/** The instant from which on a Task may be made for what begins at `start`. */
const seenFrom = (start: string): Instant => instantOf(Date.parse(start) - HORIZON_DAYS * DAY_MS)

const inSight = (start: string, now: Instant): boolean => seenFrom(start) <= now

/**
 * The occurrence of a fixed schedule that is to have a Task now, if it has none yet: the latest that has begun; once that is closed, the
 * next one within two weeks. What was due before `inForceSince` nobody had to do.
 * @param stored gives what there is of an occurrence
 */
const comingOfFixed = async (
  schedule: Schedule | Events,
  stored: StoredOccurrences['of'],
  inForceSince: Instant,
  now: Instant,
): Promise<Coming> => {
  let latest: Next | undefined
  let upcoming: Next | 'open' | undefined
  let first: number | undefined
  const skippedBefore = async (sequence: number): Promise<Pick<Next, 'skipped'>> => {
    let from = sequence
    while (from > first! && sequence - from < MOST_SKIPPED && !(await stored(from - 1))) from -= 1
    return from < sequence ? { skipped: [from, sequence - 1] } : {}
  }
  for (const { sequence, start, end } of occurrences(schedule, inForceSince)) {
    if (Date.parse(end) <= Date.parse(inForceSince)) continue
    first ??= sequence
    if (Date.parse(start) <= Date.parse(now)) {
      latest = { sequence, window: { start, end } }
      continue
    }
    // What begins while another is still open is made when it begins.
    const lookAt = instantOf(Date.parse(start))
    if (upcoming) return { ...(upcoming !== 'open' && { next: upcoming }), lookAt }
    if (latest) {
      const there = await stored(latest.sequence)
      if (!there) return { next: { ...latest, ...(await skippedBefore(latest.sequence)) }, lookAt }
      if (there === 'open') return { lookAt }
      latest = undefined
    }
    if (!inSight(start, now)) return { lookAt: seenFrom(start) }
    const there = await stored(sequence)
    if (!there) upcoming = { sequence, window: { start, end } }
    else if (there === 'open') upcoming = 'open'
  }
  if (upcoming) return upcoming === 'open' ? {} : { next: upcoming }
  if (!latest || (await stored(latest.sequence))) return {}
  return { next: { ...latest, ...(await skippedBefore(latest.sequence)) } }
}

/** So far back it is looked for occurrences that were left out. */
const MOST_SKIPPED = 50

/** The occurrence of a floating schedule that follows one that was closed then. */
export const floatingWindow = (schedule: Schedule, closed: Instant): Window => {
  const { unit, period, frequency, timeZone, daysOfWeek, timesOfDay, periodMax } = schedule
  if (unit === 'h' || unit === 'min') {
    const step = (period * (unit === 'h' ? 3_600_000 : 60_000)) / frequency
    const at = (ms: number) => lastInstantOf(instantOf(ms), timeZone)!
    return { start: at(Date.parse(closed) + step), end: at(Date.parse(closed) + 2 * step - 1_000) }
  }
  const from = localDateOf(closed, timeZone)!
  const later = (count: number) =>
    from.add(
      unit === 'mo' ? { months: count } : unit === 'a' ? { years: count } : { days: count * (unit === 'wk' ? 7 : 1) },
    )
  const whole = from.until(later(period), { largestUnit: 'day' }).days
  let day = from.add({ days: Math.max(1, Math.round(whole / frequency)) })
  while (daysOfWeek.length && !daysOfWeek.includes(day.dayOfWeek)) day = day.add({ days: 1 })
  const last = periodMax === undefined ? day : later(Math.floor(periodMax))
  const [time] = timesOfDay
  const start = time
    ? day.toPlainDateTime(time).toZonedDateTime(timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' })
    : startOfDay(day, timeZone)
  return { start, end: endOfDay(Temporal.PlainDate.compare(last, day) > 0 ? last : day, timeZone) }
}

/** When a Task was done with: what it says itself, else when its last version was written. */
export const closedAt = ({ executionPeriod, lastModified, meta }: Task, timeZone: string): Instant | undefined => {
  const end = executionPeriod?.end ?? lastModified ?? meta?.lastUpdated
  return end && lastInstantOf(end, timeZone)
}

/** The occurrence of a floating schedule that is to have a Task now: so long after the former one was closed. */
const comingOfFloating = (
  schedule: Schedule,
  last: LastOccurrence | undefined,
  inForceSince: Instant,
  now: Instant,
): Coming => {
  const { count = Number.POSITIVE_INFINITY, until, timeZone } = schedule
  if (last && last.closed === undefined) return {}
  const first = last ? undefined : [...firstOf(schedule, inForceSince)][0]
  const sequence = last ? last.sequence + 1 : 1
  const window = last ? floatingWindow(schedule, last.closed!) : first
  if (!window || sequence > count) return {}
  if (until && Date.parse(window.start) > Date.parse(endOfDay(until, timeZone))) return {}
  const { start, end } = window
  return inSight(start, now) ? { next: { sequence, window: { start, end } } } : { lookAt: seenFrom(start) }
}

function* firstOf(schedule: Schedule, inForceSince: Instant) {
  for (const occurrence of occurrences(schedule, inForceSince))
    if (Date.parse(occurrence.end) > Date.parse(inForceSince)) {
      yield occurrence
      return
    }
}

export interface LastOccurrence {
  sequence: number
  /** when it was closed; undefined while it is open */
  closed?: Instant
}

/** What is stored of the occurrences of an activity, as far as it is asked for. */
export interface StoredOccurrences {
  of(sequence: number): Promise<Stored | undefined>
  /** the one with the highest sequence number */
  last(): Promise<LastOccurrence | undefined>
}

/** Which occurrence of an activity is to be made a Task now, and when to look again. */
export const comingOccurrence = async (
  { schedule, isFloating }: Pick<RecurringActivity, 'schedule' | 'isFloating'>,
  stored: StoredOccurrences,
  inForceSince: Instant,
  now: Instant,
): Promise<Coming> =>
  isFloating
    ? comingOfFloating(schedule as Schedule, await stored.last(), inForceSince, now)
    : comingOfFixed(schedule, stored.of, inForceSince, now)
