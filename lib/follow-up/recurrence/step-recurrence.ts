import type { Timing } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { RollForward } from '../../pathways/calendar.ts'
import { COUNT_ANCHOR_DAY, ROLL_FORWARD } from '../../pathways/codes.ts'
import type { LocalDate } from '../../pathways/date-time.ts'
import { extensionOf, refuseOthers, rollForwardOf, UnfitDefinition } from '../../pathways/read-definition.ts'
import type { Anchor } from '../../pathways/window.ts'
import { RECURRENCE_ANCHOR } from './codes.ts'
import { occurrences } from './occurrences.ts'
import { type Schedule, scheduleOf, UnusableTiming } from './timing.ts'

/** How a step of a pathway comes again and again. */
export interface StepRecurrence {
  timing: Timing
  /** whether the next occurrence is counted from the close of the former one */
  isFloating: boolean
  /** whether what falls on the anchor itself is an occurrence */
  countAnchorDay: boolean
  /** what becomes of a due date that is no business day */
  rollForward: RollForward
}

const REPEAT_ELEMENTS = [
  ...['boundsDuration', 'boundsRange', 'count', 'frequency', 'period', 'periodMax', 'periodUnit', 'dayOfWeek'],
  'timeOfDay',
]
const EXTENSIONS = [COUNT_ANCHOR_DAY, RECURRENCE_ANCHOR, ROLL_FORWARD]
const ANCHORS = ['fixed', 'floating']
const DAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/
const BOUND_UNITS: readonly string[] = ['d', 'wk', 'mo', 'a']
/** So many Tasks one step of one plan may come to. */
export const MOST_OCCURRENCES = 400

const isWhole = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0
const isListOf = (value: unknown, test: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(test)

/** What a Timing of an activity may leave to whoever does the work, a definition must say in a way that is carried out. */
const problemOf = (repeat: NonNullable<Timing['repeat']>): string | undefined => {
  const { boundsDuration, boundsRange, count, frequency, period, periodUnit, dayOfWeek, timeOfDay } = repeat
  const given = <Value>(value: Value | undefined, test: (value: Value) => boolean): boolean =>
    value === undefined || test(value)
  const bounds = boundsDuration ?? boundsRange?.high
  const times = (dayOfWeek?.length ?? 1) * (timeOfDay?.length ?? 1)
  const rules: [string, boolean][] = [
    ['period and periodUnit are needed', period !== undefined && periodUnit !== undefined],
    ['count must be a whole number of at least 1', given(count, isWhole)],
    ['frequency must be a whole number of at least 1', given(frequency, isWhole)],
    [
      `dayOfWeek must be among ${DAYS.join(', ')}`,
      given(dayOfWeek, (days) => isListOf(days, (day) => DAYS.includes(`${day}`))),
    ],
    ['timeOfDay must be times as hh:mm:ss', given(timeOfDay, (all) => isListOf(all, (time) => TIME.test(`${time}`)))],
    [
      'dayOfWeek and timeOfDay need a periodUnit of d, wk, mo or a',
      !(dayOfWeek || timeOfDay) || BOUND_UNITS.includes(`${periodUnit}`),
    ],
    [
      'a frequency for each week with dayOfWeek must be as many as its days, times its times of day',
      !(frequency && dayOfWeek && periodUnit === 'wk') || frequency === times,
    ],
    ['boundsRange needs a high', !boundsRange || boundsRange.high !== undefined],
    [
      'bounds must be whole and in UCUM d, wk, mo or a',
      given(bounds, ({ value, code }) => isWhole(value) && BOUND_UNITS.includes(`${code}`)),
    ],
  ]
  return rules.find(([, holds]) => !holds)?.[0]
}

/**
 * How often a step comes, of its timingTiming. https://hl7.org/fhir/R4/datatypes.html#Timing
 * @throws UnfitDefinition naming what of it is not carried out
 */
export const stepRecurrenceOf = (step: string, timing: Timing): StepRecurrence => {
  const place = `${step}, timingTiming`
  refuseOthers(place, timing, ['id', 'repeat'], EXTENSIONS)
  const { repeat } = timing
  if (!repeat) throw new UnfitDefinition(place, 'needs a repeat')
  refuseOthers(`${place}.repeat`, repeat, ['id', ...REPEAT_ELEMENTS])
  const problem = problemOf(repeat)
  if (problem) throw new UnfitDefinition(`${place}.repeat`, problem)
  const anchoring = extensionOf(timing, RECURRENCE_ANCHOR)?.valueCode ?? 'fixed'
  if (!ANCHORS.includes(anchoring))
    throw new UnfitDefinition(place, `recurrence-anchor must be ${ANCHORS.join(' or ')}`)
  return {
    timing: { repeat },
    isFloating: anchoring === 'floating',
    countAnchorDay: extensionOf(timing, COUNT_ANCHOR_DAY)?.valueBoolean ?? true,
    rollForward: rollForwardOf(place, timing),
  }
}

const earlier = (a: LocalDate | undefined, b: LocalDate): LocalDate =>
  a && Temporal.PlainDate.compare(a, b) < 0 ? a : b

/** The schedule of a recurring step, counted from `anchor`; nothing of it begins after the plan's last day. @throws UnusableTiming */
export const scheduleFrom = (
  { timing, countAnchorDay }: StepRecurrence,
  { dateTime, timeZone }: Anchor,
  lastDay: LocalDate,
): Schedule => {
  // A definition has no events: what it gives is a schedule.
  const schedule = scheduleOf(timing, dateTime, timeZone) as Schedule
  const bound = countAnchorDay ? schedule.until : schedule.until?.add({ days: 1 })
  return { ...schedule, isAfterAnchor: !countAnchorDay, until: earlier(bound, lastDay) }
}

/** Any day will do to see whether a timing can be carried out. */
const SOME_DAY = '2024-01-01'

/** @throws UnfitDefinition when there is no schedule in it, or none that people could work by in the `days` that a plan runs */
export const refuseUnusable = (step: string, recurrence: StepRecurrence, days: number): void => {
  const place = `action ${step}, timingTiming.repeat`
  const date = Temporal.PlainDate.from(SOME_DAY)
  try {
    const schedule = scheduleFrom(recurrence, { dateTime: SOME_DAY, date, timeZone: 'UTC' }, date.add({ days }))
    const found = [...occurrences(schedule).take(MOST_OCCURRENCES + 1)].length
    if (!found) throw new UnfitDefinition(place, 'has no occurrence while the plan runs')
    if (found > MOST_OCCURRENCES)
      throw new UnfitDefinition(place, `has more than ${MOST_OCCURRENCES} occurrences while the plan runs`)
  } catch (error) {
    if (error instanceof UnusableTiming || error instanceof RangeError) throw new UnfitDefinition(place, error.message)
    throw error
  }
}
