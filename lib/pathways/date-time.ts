import { Temporal } from 'temporal-polyfill'
import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { remembered } from './remembered.ts'

/** A calendar date where the patient was cared for; it has no time zone. */
export type LocalDate = Temporal.PlainDate

const DATE = /^\d{4}-\d\d-\d\d$/
const HAS_OFFSET = /T.*(?:Z|[+-]\d\d:\d\d)$/

/** What `read` gives, or undefined when the text it reads is no date, time or time zone. */
const unlessMalformed = <Value>(read: () => Value): Value | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export const isTimeZone = (name: string): boolean =>
  unlessMalformed(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)) !== undefined

/** The local date in `timeZone` of a FHIR date or dateTime; a date is local already. Undefined for less than a date (`2026-11`). */
export const localDateOf: (dateTime: string, timeZone: string) => LocalDate | undefined = remembered(
  (dateTime: string, timeZone: string) =>
    unlessMalformed(() => {
      if (DATE.test(dateTime)) return Temporal.PlainDate.from(dateTime)
      if (HAS_OFFSET.test(dateTime)) return Temporal.Instant.from(dateTime).toZonedDateTimeISO(timeZone).toPlainDate()
      return dateTime.includes('T') ? Temporal.PlainDateTime.from(dateTime).toPlainDate() : undefined
    }),
)

const dateTimeOf = (zoned: Temporal.ZonedDateTime): string =>
  zoned.toString({ smallestUnit: 'second', timeZoneName: 'never' })

/** An instant as a FHIR dateTime with the offset of a time zone. */
export const dateTimeIn = (instant: Instant, timeZone: string): string =>
  dateTimeOf(Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone))

/** The first second of a local day as a FHIR dateTime with its offset. */
export const startOfDay = (date: LocalDate, timeZone: string): string => startOf(date.toString(), timeZone)

const startOf = remembered((date: string, timeZone: string) =>
  dateTimeOf(Temporal.PlainDate.from(date).toZonedDateTime(timeZone)),
)

/** The last second of a local day, as long as that day is: `2026-11-24T23:59:59-06:00`. */
export const endOfDay = (date: LocalDate, timeZone: string): string => endOf(date.toString(), timeZone)

const endOf = remembered((date: string, timeZone: string) =>
  dateTimeOf(Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(timeZone).subtract({ seconds: 1 })),
)

/** The instant of a FHIR dateTime; of a date alone, its last second in `timeZone`. Undefined for less than a date. */
export const lastInstantOf: (dateTime: string, timeZone: string) => Instant | undefined = remembered(
  (dateTime: string, timeZone: string) =>
    unlessMalformed(() => {
      if (HAS_OFFSET.test(dateTime)) return instantOf(Temporal.Instant.from(dateTime).epochMilliseconds)
      const date = localDateOf(dateTime, timeZone)
      return date && instantOf(Temporal.Instant.from(endOfDay(date, timeZone)).epochMilliseconds)
    }),
)
