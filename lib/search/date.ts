import { type Prefix, splitPrefix } from './prefix.ts'
import type { Zone } from './zone.ts'

/** All instants a date, time or period stands for: epoch milliseconds, both inclusive; infinite where a period is open. */
export interface DateRange {
  readonly low: number
  readonly high: number
}

export interface WantedDate {
  readonly prefix: Prefix
  readonly range: DateRange
}

const DATE =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/
const MINUTE = 60_000
const SECOND = 1_000

const lastDay = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/** How many milliseconds a time of this precision covers. Three decimals of a second are the finest there is. */
const widthOf = (seconds: string | undefined, fraction: string | undefined): number => {
  if (seconds === undefined) return MINUTE
  if (fraction === undefined) return SECOND
  return 10 ** Math.max(0, 3 - fraction.length)
}

const nextMonth = (year: string, month: string): string =>
  month === '12'
    ? `${String(Number(year) + 1).padStart(4, '0')}-01-01`
    : `${year}-${String(Number(month) + 1).padStart(2, '0')}-01`

/** The last instant before a date; past the year 9999 there is nothing. */
const before = (date: string, zone: Zone): number => (date.length > 10 ? Infinity : zone.startOfDay(date) - 1)

/**
 * The range of a date, dateTime or instant of any precision; a date is that local day of `zone`, a time without an offset a local time.
 * Undefined when the text is none of these. https://hl7.org/fhir/R4/search.html#date
 */
export const dateRange = (text: string, zone: Zone): DateRange | undefined => {
  const [, year, month, day, hour, , seconds, fraction, offset] = DATE.exec(text) ?? []
  if (year === undefined || year === '0000') return undefined
  if (month === undefined)
    return {
      low: zone.startOfDay(`${year}-01-01`),
      high: before(`${String(Number(year) + 1).padStart(4, '0')}-01-01`, zone),
    }
  if (day === undefined)
    return { low: zone.startOfDay(`${year}-${month}-01`), high: before(nextMonth(year, month), zone) }
  if (Number(day) > 28 && Number(day) > lastDay(Number(year), Number(month))) return undefined
  if (hour === undefined) return { low: zone.startOfDay(text), high: zone.startOfDay(text, 1) - 1 }
  const low = offset === undefined ? zone.instantOf(text) : Date.parse(text)
  return Number.isNaN(low) ? undefined : { low, high: low + widthOf(seconds, fraction) - 1 }
}

interface Period {
  start?: unknown
  end?: unknown
}
interface Timing {
  event?: unknown[]
  repeat?: { boundsPeriod?: Period }
}

const boundary = (value: unknown, zone: Zone): DateRange | undefined =>
  typeof value === 'string' ? dateRange(value, zone) : undefined

const periodRange = ({ start, end }: Period, zone: Zone): DateRange | undefined => {
  const first = boundary(start, zone)
  const last = boundary(end, zone)
  return first || last ? { low: first?.low ?? -Infinity, high: last?.high ?? Infinity } : undefined
}

/** Of a Timing only the outer limits count. */
const timingRange = ({ event, repeat }: Timing, zone: Zone): DateRange | undefined => {
  const limits = (event ?? []).map((time) => boundary(time, zone))
  if (repeat?.boundsPeriod) limits.push(periodRange(repeat.boundsPeriod, zone))
  const ranges = limits.filter((range) => range !== undefined)
  if (!ranges.length) return undefined
  return { low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) }
}

/** What an element of a date parameter stands for; undefined when it says no date. */
export const dateRangeOf = (element: unknown, datatype: string, zone: Zone): DateRange | undefined => {
  if (typeof element === 'string') return dateRange(element, zone)
  if (datatype === 'Period') return periodRange(element as Period, zone)
  return datatype === 'Timing' ? timingRange(element as Timing, zone) : undefined
}

/** An offset's `+` arrives as a space when a client did not encode it. */
const LOST_PLUS = /(T[\d:.]+) (\d\d:\d\d)$/

/** How near "approximately" is: a tenth of the time between then and `now`, as the specification recommends. */
const widened = ({ low, high }: DateRange, now: number): DateRange => {
  const gap = now < low ? low - now : now > high ? now - high : 0
  const tenth = Math.round(gap / 10)
  return { low: low - tenth, high: high + tenth }
}

/** A value of a date parameter in a search, or undefined when it is none. `now` is for the prefix `ap`. */
export const parseWantedDate = (text: string, zone: Zone, now: number): WantedDate | undefined => {
  const { prefix, rest } = splitPrefix(text)
  const range = dateRange(rest.replace(LOST_PLUS, '$1+$2'), zone)
  return range && { prefix, range: prefix === 'ap' ? widened(range, now) : range }
}

const contains = (outer: DateRange, inner: DateRange): boolean => outer.low <= inner.low && inner.high <= outer.high

/**
 * Whether a value is what a search wants, both as ranges: https://hl7.org/fhir/R4/search.html#prefix. The range above a searched day
 * is what comes after that day, and `ge` takes the day itself as well, so that a period ending on the day is found by `ge`.
 */
export const matchesDate = ({ prefix, range }: WantedDate, value: DateRange): boolean => {
  switch (prefix) {
    case 'eq':
      return contains(range, value)
    case 'ne':
      return !contains(range, value)
    case 'gt':
      return value.high > range.high
    case 'lt':
      return value.low < range.low
    case 'ge':
      return value.high >= range.low
    case 'le':
      return value.low <= range.high
    case 'sa':
      return value.low > range.high
    case 'eb':
      return value.high < range.low
    case 'ap':
      return value.low <= range.high && range.low <= value.high
  }
}
