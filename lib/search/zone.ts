import { Temporal } from 'temporal-polyfill'

/** A time zone, as far as dates without an offset need one. All instants are epoch milliseconds. */
export interface Zone {
  /** The first instant of a local day, `days` after the date `YYYY-MM-DD`. */
  startOfDay(date: string, days?: number): number
  /** The instant of a local time `YYYY-MM-DDThh:mm:ss`; a time that a clock change skips or repeats: as Temporal's `compatible`. */
  instantOf(local: string): number
  /** The local date of an instant, `YYYY-MM-DD`. */
  dateOf(instant: number): string
}

/** Days remembered per zone. Temporal takes some 20 microseconds for what a look-up takes 0.05. */
const REMEMBERED_DAYS = 4_000

/** @throws RangeError for a name that is no IANA time zone */
const createZone = (timeZone: string): Zone => {
  Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
  const days = new Map<string, number>()

  const firstInstant = (date: string, later: number): number =>
    Temporal.PlainDate.from(date).add({ days: later }).toZonedDateTime({ timeZone }).startOfDay().epochMilliseconds

  return {
    startOfDay(date, later = 0) {
      const name = later ? `${date}+${later}` : date
      const known = days.get(name)
      if (known !== undefined) return known
      const instant = firstInstant(date, later)
      if (days.size >= REMEMBERED_DAYS) days.clear()
      days.set(name, instant)
      return instant
    },
    instantOf: (local) => Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds,
    dateOf: (instant) =>
      Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
  }
}

const zones = new Map<string, Zone>()

/** The zone of an IANA name, e.g. `America/Chicago`. @throws RangeError for a name that is none */
export const zoneOf = (timeZone: string): Zone => {
  const known = zones.get(timeZone)
  if (known) return known
  const zone = createZone(timeZone)
  zones.set(timeZone, zone)
  return zone
}
