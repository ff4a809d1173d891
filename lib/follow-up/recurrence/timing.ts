import type { Timing } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { numberOf } from '../../json.ts'
import { type LocalDate, localDateOf } from '../../pathways/date-time.ts'

/** The units of time there are: https://hl7.org/fhir/R4/valueset-units-of-time.html; shorter ones are no work for people. */
type DayUnit = 'd' | 'wk' | 'mo' | 'a'
type Unit = 'min' | 'h' | DayUnit

/** A Timing as it is carried out. */
export interface Schedule {
  /** the first local day it counts from */
  anchor: LocalDate
  /** local time of day it counts from, where hours and minutes are counted */
  anchorTime: Temporal.PlainTime
  /** IANA name */
  timeZone: string
  unit: Unit
  period: number
  /** so often in each period */
  frequency: number
  /** at the latest so many units after the former one, where that is later than `period` */
  periodMax?: number
  /** ISO days, 1 is Monday, ascending */
  daysOfWeek: readonly number[]
  /** local times, ascending */
  timesOfDay: readonly Temporal.PlainTime[]
  /** whether what falls on the anchor itself is left out: it is then counted from the anchor on, not with it */
  isAfterAnchor?: boolean
  /** so many at most */
  count?: number
  /** the last local day */
  until?: LocalDate
}

/** The moments a Timing names one by one. */
export interface Events {
  /** FHIR dateTimes, in order */
  events: readonly string[]
  timeZone: string
}

/** Why a Timing is not carried out: https://hl7.org/fhir/R4/datatypes.html#Timing names the rules tim-1 to tim-10. */
export class UnusableTiming extends Error {
  constructor(rule: string) {
    super(rule)
    this.name = 'UnusableTiming'
  }
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const UNITS: readonly string[] = ['min', 'h', 'd', 'wk', 'mo', 'a'] satisfies Unit[]
const MEALS = ['C', 'CM', 'CD', 'CV']

type Repeat = NonNullable<Timing['repeat']>

/** @throws UnusableTiming naming the rule that is broken */
const checkRules = (repeat: Repeat): void => {
  const has = (name: keyof Repeat) => repeat[name] !== undefined
  const number = (name: keyof Repeat) => numberOf(repeat[name])
  const rules: [string, boolean][] = [
    ['tim-1: a duration needs durationUnit', !has('duration') || has('durationUnit')],
    ['tim-2: a period needs periodUnit', !has('period') || has('periodUnit')],
    ['tim-4: duration must not be negative', (number('duration') ?? 0) >= 0],
    ['tim-5: period must not be negative', (number('period') ?? 0) >= 0],
    ['tim-6: periodMax needs period', !has('periodMax') || has('period')],
    ['tim-7: durationMax needs duration', !has('durationMax') || has('duration')],
    ['tim-8: countMax needs count', !has('countMax') || has('count')],
    [
      'tim-9: offset needs when, and not a meal',
      !has('offset') || (has('when') && !repeat.when!.some((when) => MEALS.includes(when))),
    ],
    ['tim-10: timeOfDay or when, not both', !has('timeOfDay') || !has('when')],
  ]
  const broken = rules.find(([, holds]) => !holds)
  if (broken) throw new UnusableTiming(broken[0])
}

const positive = (value: number | undefined, otherwise: number, name: string): number => {
  if (value === undefined) return otherwise
  if (!(value > 0)) throw new UnusableTiming(`${name} must be more than 0`)
  return value
}

const UCUM_DAYS: Readonly<Record<string, (count: number) => Temporal.DurationLike>> = {
  d: (days) => ({ days }),
  wk: (weeks) => ({ days: weeks * 7 }),
  mo: (months) => ({ months }),
  a: (years) => ({ years }),
}

const lastDayOf = (repeat: Repeat, anchor: LocalDate, timeZone: string): LocalDate | undefined => {
  const { boundsPeriod, boundsDuration, boundsRange } = repeat
  if (boundsPeriod?.end) return localDateOf(boundsPeriod.end, timeZone)
  const duration = boundsDuration ?? boundsRange?.high
  const add = UCUM_DAYS[duration?.code ?? duration?.unit ?? '']
  const count = numberOf(duration?.value)
  return add && count !== undefined && Number.isInteger(count)
    ? anchor.add(add(count)).subtract({ days: 1 })
    : undefined
}

/**
 * A Timing in the patient's time zone. It is counted from the start of its bounds, else from its first event, else from `otherwise`, a FHIR
 * dateTime. `when`, durations and frequencyMax do not move occurrences: they are for whoever does the work.
 * @throws UnusableTiming
 */
export const scheduleOf = ({ event = [], repeat }: Timing, otherwise: string, timeZone: string): Schedule | Events => {
  if (!repeat?.period && !repeat?.frequency) {
    if (!event.length) throw new UnusableTiming('neither events nor a period')
    const events = [...event].sort(
      (a, b) => Temporal.PlainDate.compare(localDateOf(a, timeZone)!, localDateOf(b, timeZone)!) || (a < b ? -1 : 1),
    )
    return { events, timeZone }
  }
  checkRules(repeat)
  const from = repeat.boundsPeriod?.start ?? event[0] ?? otherwise
  const anchor = localDateOf(from, timeZone)
  if (!anchor) throw new UnusableTiming('it begins with no date')
  const unit = repeat.periodUnit ?? 'd'
  if (!UNITS.includes(unit)) throw new UnusableTiming('a period of seconds is no work for people')
  const period = positive(numberOf(repeat.period), 1, 'period')
  if (unit !== 'h' && unit !== 'min' && !Number.isInteger(period))
    throw new UnusableTiming('a period of days, weeks, months or years must be whole')
  const count = numberOf(repeat.count)
  const periodMax = numberOf(repeat.periodMax)
  const isTimed = from.includes('T') && (unit === 'h' || unit === 'min')
  return {
    anchor,
    anchorTime: isTimed
      ? Temporal.Instant.from(from).toZonedDateTimeISO(timeZone).toPlainTime()
      : Temporal.PlainTime.from('00:00'),
    timeZone,
    unit: unit as Unit,
    period,
    frequency: positive(numberOf(repeat.frequency), 1, 'frequency'),
    ...(periodMax !== undefined && periodMax > period && { periodMax }),
    daysOfWeek: [...new Set((repeat.dayOfWeek ?? []).map((day) => DAYS.indexOf(day) + 1))].sort(),
    timesOfDay: [...new Set(repeat.timeOfDay ?? [])].sort().map((time) => Temporal.PlainTime.from(time)),
    ...(count !== undefined && { count }),
    until: lastDayOf(repeat, anchor, timeZone),
  }
}
