import type { Period, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../../clock.ts'
import type { Instant } from '../../fhir.ts'
import { endOfDay, lastInstantOf, localDateOf, startOfDay } from '../../pathways/date-time.ts'
import { isOpen } from '../../pathways/due.ts'
import { occurrences } from './occurrences.ts'
import { HORIZON_DAYS, type RecurringActivity } from './recurring-activity.ts'
import type { Schedule } from './timing.ts'

/** What there is of one occurrence: a Task, or the trace of one that was deleted. */
export type Stored = Task | 'deleted'

/** The occurrence that is to have a Task now. */
export interface Next {
  sequence: number
  window: Required<Pick<Period, 'start' | 'end'>>
  /** the sequence numbers, first and last, that were left out before it */
  skipped?: readonly [first: number, last: number]
}

const DAY_MS = 86_400_000

const inSight = (start: string, now: Instant): boolean => Date.parse(start) <= Date.parse(now) + HORIZON_DAYS * DAY_MS

const isOpenTask = (stored: Stored | undefined): boolean =>
  stored !== undefined && stored !== 'deleted' && isOpen(stored)

/**
 * The occurrence of a fixed schedule that is to have a Task now, if it has none yet: the latest that has begun; once that is closed, the
 * next one within two weeks. What was due before `inForceSince` nobody had to do.
 * @param stored gives what there is of an occurrence
 */
const nextFixed = async (
  { schedule }: RecurringActivity,
  stored: (sequence: number) => Promise<Stored | undefined>,
  inForceSince: Instant,
  now: Instant,
): Promise<Next | undefined> => {
  let latest: Next | undefined
  let first: number | undefined
  const skippedBefore = async (sequence: number): Promise<Next['skipped']> => {
    let from = sequence
    while (from > first! && sequence - from < MOST_SKIPPED && !(await stored(from - 1))) from -= 1
    return from < sequence ? [from, sequence - 1] : undefined
  }
  for (const { sequence, start, end } of occurrences(schedule, inForceSince)) {
    if (Date.parse(end) <= Date.parse(inForceSince)) continue
    first ??= sequence
    const window = { start, end }
    if (Date.parse(start) <= Date.parse(now)) latest = { sequence, window }
    else {
      if (latest) {
        const there = await stored(latest.sequence)
        if (!there) return { ...latest, skipped: await skippedBefore(latest.sequence) }
        if (isOpenTask(there)) return undefined
        latest = undefined
      }
      if (!inSight(start, now)) return undefined
      const there = await stored(sequence)
      if (!there) return { sequence, window }
      if (isOpenTask(there)) return undefined
    }
  }
  if (!latest || (await stored(latest.sequence))) return undefined
  return { ...latest, skipped: await skippedBefore(latest.sequence) }
}

/** So far back it is looked for occurrences that were left out. */
const MOST_SKIPPED = 50

/** The step from one occurrence to the next, from a moment or a day. */
const after = (schedule: Schedule, closed: Instant): Required<Pick<Period, 'start' | 'end'>> => {
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
const closedAt = ({ executionPeriod, lastModified, meta }: Task, timeZone: string): Instant | undefined => {
  const end = executionPeriod?.end ?? lastModified ?? meta?.lastUpdated
  return end && lastInstantOf(end, timeZone)
}

/** The occurrence of a floating schedule that is to have a Task now: so long after the former one was closed. */
const nextFloating = (
  { schedule }: RecurringActivity,
  last: Task | undefined,
  inForceSince: Instant,
  now: Instant,
): Next | undefined => {
  const floating = schedule as Schedule
  if (last && isOpen(last)) return undefined
  const { count = Number.POSITIVE_INFINITY, until, timeZone } = floating
  const first = last ? undefined : [...firstOf(floating, inForceSince)][0]
  const closed = last && closedAt(last, timeZone)
  const sequence = last ? sequenceOf(last) + 1 : 1
  const window = first ?? (closed && after(floating, closed))
  if (!window || sequence > count || !inSight(window.start, now)) return undefined
  const isBeyond = until && Date.parse(window.start) > Date.parse(endOfDay(until, timeZone))
  return isBeyond ? undefined : { sequence, window: { start: window.start, end: window.end } }
}

function* firstOf(schedule: Schedule, inForceSince: Instant) {
  for (const occurrence of occurrences(schedule, inForceSince))
    if (Date.parse(occurrence.end) > Date.parse(inForceSince)) {
      yield occurrence
      return
    }
}

const sequenceOf = ({ identifier = [] }: Task): number => Number(identifier[0]?.value?.split('|').at(-1))

/** What is stored of the occurrences of an activity, as far as it is asked for. */
export interface StoredOccurrences {
  of(sequence: number): Promise<Stored | undefined>
  /** the one with the highest sequence number */
  last(): Promise<Task | undefined>
}

/** The occurrence of an activity that is to be made a Task now; undefined when there is none to make. */
export const nextOccurrence = async (
  activity: RecurringActivity,
  stored: StoredOccurrences,
  inForceSince: Instant,
  now: Instant,
): Promise<Next | undefined> =>
  activity.isFloating
    ? nextFloating(activity, await stored.last(), inForceSince, now)
    : nextFixed(activity, stored.of, inForceSince, now)
