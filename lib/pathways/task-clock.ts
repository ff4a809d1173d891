import type { Extension, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { storedClock } from '../resources/task-clocks.ts'
import { addBusinessHours } from './business-hours.ts'
import { addBusinessDays, type Calendar } from './calendar.ts'
import { TASK_CLOCK } from './codes.ts'
import { endOfDay, type LocalDate, lastInstantOf, localDateOf, startOfDay } from './date-time.ts'
import { dueInstant } from './due.ts'
import {
  type ClockStep,
  defaultLadder,
  type Ladder,
  type Moment,
  plainLadder,
  readLadder,
  type Span,
} from './ladder.ts'

/** All that the rungs of a Task are computed from. */
export interface ClockParts {
  /** `restriction.period` is the window; without a start it began when the Task was made */
  task: Task
  ladder: Ladder
  calendar: Calendar
  /** IANA name of the zone the window was counted in: the facility's */
  timeZone: string
  /** FHIR date or dateTime: when what counts for the programme ends. @default the due date */
  complianceEnd?: string
}

const MS = { min: 60_000, h: 3_600_000 }

const zonedAt = (instant: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)

/** So long after an instant. A business day ends with its last second. */
export const later = (from: Instant, { unit, count }: Span, calendar: Calendar, timeZone: string): Instant => {
  if (unit === 'business-hour') return addBusinessHours(from, count, calendar, timeZone)
  if (unit === 'business-day')
    return lastInstantOf(endOfDay(addBusinessDays(calendar, localDateOf(from, timeZone)!, count), timeZone), timeZone)!
  if (unit === 'd') return instantOf(zonedAt(from, timeZone).add({ days: count }).epochMilliseconds)
  return instantOf(Date.parse(from) + count * MS[unit])
}

const earlierBy = (from: Instant, span: Span, calendar: Calendar, timeZone: string): Instant => {
  if (span.unit !== 'business-day') return later(from, { ...span, count: -span.count }, calendar, timeZone)
  let zoned = zonedAt(from, timeZone)
  for (let left = span.count; left > 0; ) {
    zoned = zoned.subtract({ days: 1 })
    if (calendar.isBusinessDay(zoned.toPlainDate())) left -= 1
  }
  return instantOf(zoned.epochMilliseconds)
}

/** The instant a window begins with; a date begins with its first second. */
const firstInstantOf = (dateTime: string, timeZone: string): Instant | undefined => {
  const date = dateTime.includes('T') ? undefined : localDateOf(dateTime, timeZone)
  return lastInstantOf(date ? startOfDay(date, timeZone) : dateTime, timeZone)
}

/** Windows longer than this have their last warning earlier. */
const LONG_WINDOW_DAYS = 7

interface Window {
  start: Instant
  due: Instant
  calendar: Calendar
  timeZone: string
}

const dateIn = (instant: Instant, { timeZone }: Window): LocalDate => localDateOf(instant, timeZone)!

/** Of a window of one or two business days, noon of the first. */
const noonOfFirstBusinessDay = (window: Window): Instant | undefined => {
  const { calendar, timeZone } = window
  const last = dateIn(window.due, window)
  const days: LocalDate[] = []
  for (
    let day = dateIn(window.start, window).add({ days: 1 });
    Temporal.PlainDate.compare(day, last) <= 0 && days.length <= 2;
    day = day.add({ days: 1 })
  )
    if (calendar.isBusinessDay(day)) days.push(day)
  const [first] = days
  return first && days.length <= 2
    ? instantOf(first.toZonedDateTime({ timeZone, plainTime: '12:00' }).epochMilliseconds)
    : undefined
}

const HALF = 0.5

const partOf = (part: number, window: Window): Instant => {
  const { start, due } = window
  const noon = part === HALF ? noonOfFirstBusinessDay(window) : undefined
  const milliseconds = Date.parse(start) + (Date.parse(due) - Date.parse(start)) * part
  return noon ?? instantOf(Math.round(milliseconds / 1_000) * 1_000)
}

const beforeDue = ({ span, longWindow }: Moment & { kind: 'before' }, window: Window): Instant => {
  const { start, due, calendar, timeZone } = window
  const usual = earlierBy(due, span, calendar, timeZone)
  const isLong = dateIn(start, window).until(dateIn(due, window)).days > LONG_WINDOW_DAYS
  if (!longWindow || !isLong) return usual
  const early = earlierBy(due, longWindow, calendar, timeZone)
  return [early, usual].sort()[0]!
}

/** The moment after a due instant: that of `23:59:59` is the next day. */
const passed = (due: Instant): Instant => instantOf(Date.parse(due) + 1_000)

const REMINDERS: readonly ClockStep[] = ['reminder', 'due-soon']

interface TimedRung {
  step: ClockStep
  at: Instant
}

const timed = ({ task, ladder, calendar, timeZone, complianceEnd }: ClockParts, due: Instant): TimedRung[] => {
  const begin = task.restriction?.period?.start ?? task.authoredOn
  const window: Window = { start: (begin && firstInstantOf(begin, timeZone)) ?? due, due, calendar, timeZone }
  const instantAt = (moment: Moment): Instant => {
    switch (moment.kind) {
      case 'part':
        return partOf(moment.part, window)
      case 'before':
        return beforeDue(moment, window)
      case 'due':
        return due
      case 'after':
        return later(moment.span.unit === 'business-day' ? passed(due) : due, moment.span, calendar, timeZone)
      case 'compliance-end':
        return (complianceEnd && lastInstantOf(complianceEnd, timeZone)) ?? due
    }
  }
  const rungs = ladder.rungs.map(({ step, moment }) => ({ step, at: instantAt(moment) }))
  // In a window that short nobody needs reminding of what has only just been given to them.
  return rungs.filter(({ step, at }) => !REMINDERS.includes(step) || (at > window.start && at < due))
}

const rungExtension = ({ step, at }: { step: string; at: Instant }): Extension => ({
  url: 'rung',
  extension: [
    { url: 'step', valueCode: step },
    { url: 'at', valueInstant: at },
  ],
})

/**
 * When which rung of its ladder a Task reaches, as the extension that its clocks go by (lib/resources/task-clocks.ts). A rung that lies in
 * the past strikes with the next tick. Pure. A Task that is never due has no rungs.
 */
export const taskClock = (parts: ClockParts): Extension => {
  const { task, ladder, timeZone } = parts
  const due = dueInstant(task, timeZone)
  const { source = [] } = ladder
  return {
    url: TASK_CLOCK,
    extension: [
      ...(due ? [{ url: 'due', valueDateTime: task.restriction!.period!.end! }] : []),
      ...(due ? timed(parts, due).map(rungExtension) : []),
      // Kept, so that they can be computed again by the same ladder when somebody moves the due date.
      ...source,
    ],
  }
}

/** The extension task-clock of a Task, as it is stored. */
export const clockOf = ({ extension = [] }: Task): Extension | undefined =>
  extension.find(({ url }) => url === TASK_CLOCK)

/** The Task with `clock` in place of the one it has. */
export const withClock = (task: Task, clock: Extension): Task => ({
  ...task,
  extension: [...(task.extension ?? []).filter(({ url }) => url !== TASK_CLOCK), clock],
})

const ownLadder = (task: Task): Ladder | undefined => {
  try {
    return readLadder(clockOf(task)?.extension)
  } catch {
    // It was readable when the clock was made: somebody has changed it on the Task.
    return undefined
  }
}

/** The ladder that a stored Task stands on. */
export const ladderOf = (task: Task): Ladder =>
  ownLadder(task) ?? (task.instantiatesCanonical ? defaultLadder : plainLadder)

/** The Task with `step` at another instant, all other rungs as they are. */
export const withRung = (task: Task, step: ClockStep, at: Instant): Task => {
  const clock = storedClock(task)
  const own = (clockOf(task)?.extension ?? []).filter(({ url }) => url !== 'due' && url !== 'rung')
  const rungs = [...(clock?.rungs ?? []).filter((rung) => rung.step !== step), { step, at }]
  const due = { url: 'due', valueDateTime: task.restriction!.period!.end! }
  return withClock(task, { url: TASK_CLOCK, extension: [due, ...rungs.map(rungExtension), ...own] })
}
