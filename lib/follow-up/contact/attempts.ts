import type { Communication } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { type Instant, referenceTo } from '../../fhir.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import type { ContactSettings } from '../../tenant.ts'
import { CONTACT_OUTCOME } from '../codes.ts'

/** In the order of the day. fhir-profiles/code-systems/day-part.json */
export const DAY_PARTS = ['morning', 'afternoon', 'evening'] as const
export type DayPart = (typeof DAY_PARTS)[number]

/** One attempt to reach a client or a caregiver. */
export interface Attempt {
  /** `Communication/id` */
  reference: string
  at: Instant
  /** the local date */
  day: string
  dayPart: DayPart
  /** a code of contact-outcome */
  outcome: string
  /** `Task/id` of those it was made for */
  tasks: readonly string[]
}

type Borders = Pick<ContactSettings, 'afternoonFrom' | 'eveningFrom'>

const partOf = (zoned: Temporal.ZonedDateTime, { afternoonFrom, eveningFrom }: Borders): DayPart => {
  const isFrom = (time: string): boolean => Temporal.PlainTime.compare(zoned.toPlainTime(), time) >= 0
  if (isFrom(eveningFrom)) return 'evening'
  return isFrom(afternoonFrom) ? 'afternoon' : 'morning'
}

/** Not done is an attempt too; what was entered in error, or is still planned, is none. */
const MADE = ['completed', 'not-done', 'stopped']

/** A Communication of category contact-attempt as an attempt, if it was made and says what came of it. Pure. */
export const attemptOf = (communication: Communication, borders: Borders, timeZone: string): Attempt | undefined => {
  const {
    id,
    status,
    extension = [],
    sent,
    received,
    meta,
    about = [],
    basedOn = [],
    partOf: parts = [],
  } = communication
  const outcome = extension.find(({ url }) => url === CONTACT_OUTCOME)?.valueCode
  const at = lastInstantOf(sent ?? received ?? meta?.lastUpdated ?? '', timeZone)
  if (!MADE.includes(status) || !outcome || !at) return undefined
  const zoned = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone)
  const tasks = [...about, ...basedOn, ...parts].flatMap(({ reference }) =>
    reference?.startsWith('Task/') ? [reference] : [],
  )
  return {
    reference: referenceTo('Communication', id!),
    at,
    day: zoned.toPlainDate().toString(),
    dayPart: partOf(zoned, borders),
    outcome,
    tasks,
  }
}

/**
 * How many of the attempts stand on days of their own and, as evenly as so many can, on different parts of the day: the largest number
 * that can be chosen so. Pure.
 */
const spreadOut = (attempts: readonly Attempt[], wanted: number): number => {
  const places = Math.ceil(wanted / DAY_PARTS.length)
  const days = [...Map.groupBy(attempts, ({ day }) => day)].map(([, own]) => new Set(own.map(({ dayPart }) => dayPart)))
  const taken = new Map<DayPart, number[]>(DAY_PARTS.map((part) => [part, []]))
  // A day takes a place of one of its parts; a day that has it gives way when it can take another.
  const place = (day: number, seen: Set<DayPart>): boolean => {
    for (const part of days[day]!) {
      if (seen.has(part)) continue
      seen.add(part)
      const holders = taken.get(part)!
      if (holders.length < places) {
        holders.push(day)
        return true
      }
      const at = holders.findIndex((holder) => place(holder, seen))
      if (at >= 0) {
        holders[at] = day
        return true
      }
    }
    return false
  }
  return days.filter((_, day) => place(day, new Set())).length
}

/** What attempts that came to nothing amount to. */
export interface Standing {
  /** how many there were */
  attempts: number
  /** how many count: within the days agreed on, on different days and parts of the day */
  counted: number
  first?: Attempt
  last?: Attempt
}

const inOrder = (a: Attempt, b: Attempt): number =>
  a.at === b.at ? (a.reference < b.reference ? -1 : 1) : a.at < b.at ? -1 : 1

const daysBetween = (from: string, to: string): number => Temporal.PlainDate.from(from).until(to).days

/** Pure. */
export const standingOf = (failed: readonly Attempt[], settings: ContactSettings): Standing => {
  const attempts = [...failed].sort(inOrder)
  const counts = attempts.map(({ day }, n) =>
    spreadOut(
      attempts.slice(n).filter((each) => daysBetween(day, each.day) <= settings.attemptsWithinDays),
      settings.attempts,
    ),
  )
  const [first] = attempts
  const last = attempts.at(-1)
  return {
    attempts: attempts.length,
    counted: Math.min(Math.max(0, ...counts), settings.attempts),
    ...(first && { first }),
    ...(last && { last }),
  }
}

/** The part of the day that was tried least, the earliest of several. Pure. */
export const leastTried = (attempts: readonly Attempt[]): DayPart => {
  const tries = (part: DayPart): number => attempts.filter(({ dayPart }) => dayPart === part).length
  return DAY_PARTS.reduce((least, part) => (tries(part) < tries(least) ? part : least))
}
