import { Temporal } from 'temporal-polyfill'
import { endOfDay, type LocalDate, startOfDay } from '../../pathways/date-time.ts'
import type { Events, Schedule } from './timing.ts'

/** One time that an activity is to be done. */
export interface Occurrence {
  /** from 1 */
  sequence: number
  /** FHIR dateTimes with the offset of the schedule's time zone: from when, and until when */
  start: string
  end: string
}

/** How long something is looked for that a schedule may never give, as the 53rd week: then it has no more occurrences. */
const MOST_EMPTY_PERIODS = 60

const text = (zoned: Temporal.ZonedDateTime): string =>
  zoned.toString({ smallestUnit: 'second', timeZoneName: 'never' })

/** The first day of a period, counted from the anchor and never from the period before: Jan 31, Feb 28, Mar 31. */
const periodStart = ({ anchor, unit, period, daysOfWeek }: Schedule, n: number): LocalDate => {
  const count = n * period
  if (unit === 'mo') return anchor.add({ months: count })
  if (unit === 'a') return anchor.add({ years: count })
  if (unit === 'd') return anchor.add({ days: count })
  // Days of the week are those of calendar weeks, which begin on Monday.
  const from = daysOfWeek.length ? anchor.subtract({ days: anchor.dayOfWeek - 1 }) : anchor
  return from.add({ days: count * 7 })
}

/** The days of a period on which something is to be done. */
const daysOf = (schedule: Schedule, n: number): LocalDate[] => {
  const { daysOfWeek, timesOfDay, frequency, anchor } = schedule
  const from = periodStart(schedule, n)
  const length = from.until(periodStart(schedule, n + 1), { largestUnit: 'day' }).days
  if (daysOfWeek.length) {
    // Every second week on Friday is one Friday, that of the first of the two weeks.
    const all = Array.from({ length: schedule.unit === 'wk' ? 7 : length }, (_, days) => from.add({ days }))
    return all.filter((day) => daysOfWeek.includes(day.dayOfWeek) && Temporal.PlainDate.compare(day, anchor) >= 0)
  }
  // With times of day the frequency is that of the times, as far as these make it up.
  const slots = timesOfDay.length ? Math.max(1, Math.ceil(frequency / timesOfDay.length)) : frequency
  const days = Array.from({ length: slots }, (_, slot) => from.add({ days: Math.floor((slot * length) / slots) }))
  return days.filter((day, index) => index === 0 || !day.equals(days[index - 1]!))
}

type Window = Omit<Occurrence, 'sequence'>

/** How much longer than the day itself an occurrence may take: what `periodMax` adds to the period. */
const lastDay = ({ unit, period, periodMax }: Schedule, day: LocalDate): LocalDate => {
  if (periodMax === undefined) return day
  const slack = periodMax - period
  if (unit === 'mo') return day.add({ months: Math.floor(slack) })
  if (unit === 'a') return day.add({ years: Math.floor(slack) })
  return day.add({ days: Math.floor(unit === 'wk' ? slack * 7 : slack) })
}

const windowsOf = (schedule: Schedule, day: LocalDate): Window[] => {
  const { timesOfDay, timeZone } = schedule
  const end = endOfDay(lastDay(schedule, day), timeZone)
  if (!timesOfDay.length) return [{ start: startOfDay(day, timeZone), end }]
  const moments = timesOfDay.map((time) => day.toPlainDateTime(time).toZonedDateTime(timeZone))
  return moments.map((moment, n) => {
    const next = moments[n + 1]
    return { start: text(moment), end: next ? text(next.subtract({ seconds: 1 })) : end }
  })
}

const exact = ({ anchor, anchorTime, timeZone, unit, period, frequency }: Schedule) => {
  const from = anchor.toPlainDateTime(anchorTime).toZonedDateTime(timeZone)
  const step = Math.round((period * (unit === 'h' ? 3_600 : 60)) / frequency)
  return { step, at: (n: number): Temporal.ZonedDateTime => from.add({ seconds: n * step }) }
}

/** Numbered by those before it, so that counting can begin in the middle. */
type Numbered = Generator<Window & { before: number }>

function* timed(schedule: Schedule, since: string | undefined): Numbered {
  const { at, step } = exact(schedule)
  const passed = since === undefined ? 0 : Math.floor((Date.parse(since) - at(0).epochMilliseconds) / 1_000 / step)
  for (let n = Math.max(0, passed - 1); ; n += 1)
    yield { start: text(at(n)), end: text(at(n + 1).subtract({ seconds: 1 })), before: n }
}

/** A period and the number of occurrences before it: near `since` where all periods have as many, else the first. */
const firstPeriod = (schedule: Schedule, since: string | undefined): { n: number; before: number } => {
  const { unit, period, periodMax, anchor, timeZone } = schedule
  const days = unit === 'd' ? period : unit === 'wk' ? period * 7 : undefined
  if (since === undefined || days === undefined || (unit === 'd' && schedule.daysOfWeek.length))
    return { n: 0, before: 0 }
  const today = Temporal.Instant.from(since).toZonedDateTimeISO(timeZone).toPlainDate()
  const slack = Math.ceil((periodMax ?? period) / period) + 1
  const n = Math.floor(anchor.until(today, { largestUnit: 'day' }).days / days) - slack
  const inPeriod = (index: number) => daysOf(schedule, index).flatMap((day) => windowsOf(schedule, day)).length
  return n < 2 ? { n: 0, before: 0 } : { n, before: inPeriod(0) + (n - 1) * inPeriod(1) }
}

function* byDay(schedule: Schedule, since: string | undefined): Numbered {
  let { n, before } = firstPeriod(schedule, since)
  for (let empty = 0; empty < MOST_EMPTY_PERIODS; n += 1) {
    const windows = daysOf(schedule, n).flatMap((day) => windowsOf(schedule, day))
    empty = windows.length ? 0 : empty + 1
    for (const window of windows) {
      yield { ...window, before }
      before += 1
    }
  }
}

function* ofEvents({ events, timeZone }: Events): Numbered {
  for (const [before, event] of events.entries()) {
    const day = Temporal.PlainDate.from(event.slice(0, 10))
    if (!event.includes('T')) yield { start: startOfDay(day, timeZone), end: endOfDay(day, timeZone), before }
    else {
      const at = Temporal.Instant.from(event).toZonedDateTimeISO(timeZone)
      yield { start: text(at), end: endOfDay(at.toPlainDate(), timeZone), before }
    }
  }
}

/** How many there are on the anchor itself: on its day, or at its moment where hours and minutes are counted. */
const onAnchor = (schedule: Schedule, isExact: boolean): number => {
  if (isExact) return 1
  const [day] = daysOf(schedule, 0)
  return day?.equals(schedule.anchor) ? windowsOf(schedule, day).length : 0
}

/**
 * The occurrences of a schedule in order, which may never end. Occurrence n is always the same moment, counted from the anchor. Pure.
 * A time of day that a clock change skips is as much later as the clocks went forward.
 * @param since an instant: those long over by then may be left out
 */
export function* occurrences(schedule: Schedule | Events, since?: string): Generator<Occurrence> {
  const isEvents = 'events' in schedule
  const isExact = !isEvents && (schedule.unit === 'h' || schedule.unit === 'min')
  const windows = isEvents ? ofEvents(schedule) : isExact ? timed(schedule, since) : byDay(schedule, since)
  const { count = Number.POSITIVE_INFINITY, until = undefined } = isEvents ? {} : schedule
  const last = until && !isEvents ? Date.parse(endOfDay(until, schedule.timeZone)) : Number.POSITIVE_INFINITY
  const leftOut = !isEvents && schedule.isAfterAnchor ? onAnchor(schedule, isExact) : 0
  for (const { before, start, end } of windows) {
    if (before - leftOut >= count || Date.parse(start) > last) return
    if (before >= leftOut) yield { sequence: before - leftOut + 1, start, end }
  }
}
