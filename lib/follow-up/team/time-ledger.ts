import type { Communication, Extension, Task } from 'fhir/r4'
import { dateRange } from '../../search/date.ts'
import type { Zone } from '../../search/zone.ts'
import { MINUTES_SPENT } from './codes.ts'

const MINUTE_MS = 60_000
/** A Task that was open for longer than this was not worked on all the time: its period says nothing of minutes. */
const LONGEST_MINUTES = 240

/** Minutes of a calendar month from which on programmes count it; facts, and no advice on billing. */
export const THRESHOLDS = [20, 60] as const

/** Epoch milliseconds, both inclusive. */
export interface Month {
  low: number
  high: number
}

/** Time that somebody spent for a patient, or may have. */
export interface Entry {
  /** local date */
  date: string
  /** `Type/id` */
  source: string
  /** references; empty when nobody is named */
  patient: string
  person: string
  minutes: number
  /** what says how many: the extension, the period; `unknown`: nothing usable does, and none count */
  basis: 'stated' | 'period' | 'unknown'
}

const statedIn = (extension: readonly Extension[] = []): number | undefined =>
  extension.find(({ url }) => url === MINUTES_SPENT)?.valuePositiveInt

const momentOf = (text: string | undefined, zone: Zone): number | undefined =>
  text === undefined ? undefined : dateRange(text, zone)?.low

const within = (moment: number | undefined, { low, high }: Month): moment is number =>
  moment !== undefined && low <= moment && moment <= high

/** Work that ended in the month counts in it, whenever it began. */
export const taskEntry = (task: Task, month: Month, zone: Zone): Entry | undefined => {
  const { id, status, executionPeriod, extension, for: subject, owner } = task
  if (status === 'entered-in-error') return undefined
  const [start, end] = [momentOf(executionPeriod?.start, zone), momentOf(executionPeriod?.end, zone)]
  const moment = end ?? start
  if (!within(moment, month)) return undefined
  const stated = statedIn(extension)
  const isTimed = executionPeriod?.start?.includes('T') && executionPeriod.end?.includes('T')
  const lasted = isTimed ? Math.floor((end! - start!) / MINUTE_MS) : undefined
  const counts = lasted !== undefined && lasted >= 0 && lasted <= LONGEST_MINUTES
  return {
    date: zone.dateOf(moment),
    source: `Task/${id}`,
    patient: subject?.reference ?? '',
    person: owner?.reference ?? '',
    minutes: stated ?? (counts ? lasted : 0),
    basis: stated !== undefined ? 'stated' : counts ? 'period' : 'unknown',
  }
}

/** A Communication has no duration of its own: only what is stated counts. */
export const communicationEntry = (
  { id, status, sent, received, extension, subject, sender }: Communication,
  month: Month,
  zone: Zone,
): Entry | undefined => {
  const moment = momentOf(sent ?? received, zone)
  const stated = statedIn(extension)
  if (status !== 'completed' || stated === undefined || !within(moment, month)) return undefined
  return {
    date: zone.dateOf(moment),
    source: `Communication/${id}`,
    patient: subject?.reference ?? '',
    person: sender?.reference ?? '',
    minutes: stated,
    basis: 'stated',
  }
}

export interface PatientTime {
  patient: string
  minutes: number
  people: readonly { person: string; minutes: number }[]
  /** those of {@link THRESHOLDS} that the minutes have come to */
  reached: readonly number[]
  entries: readonly Entry[]
}

const sum = (entries: readonly Entry[]): number => entries.reduce((total, { minutes }) => total + minutes, 0)
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The time of a month by patient and, of each, by person. Pure. */
export const ledgerOf = (entries: readonly Entry[]): PatientTime[] =>
  [...Map.groupBy(entries, ({ patient }) => patient)]
    .sort(([a], [b]) => byText(a, b))
    .map(([patient, own]) => {
      const minutes = sum(own)
      return {
        patient,
        minutes,
        people: [...Map.groupBy(own, ({ person }) => person)]
          .sort(([a], [b]) => byText(a, b))
          .map(([person, theirs]) => ({ person, minutes: sum(theirs) })),
        reached: THRESHOLDS.filter((threshold) => minutes >= threshold),
        entries: [...own].sort((a, b) => byText(a.date, b.date) || byText(a.source, b.source)),
      }
    })
