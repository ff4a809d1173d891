import type { Instant } from '../../fhir.ts'
import type { Unavailable } from './availability.ts'

/** Whoever had the patient's work before keeps it below this share of their capacity. */
const STICKS_BELOW = 1.1

/** Somebody who might be given a Task. */
export interface Candidate {
  /** `PractitionerRole/id` */
  worker: string
  /** points, see load.ts */
  load: number
  /** points; 0: takes no work */
  capacity: number
  /** language tags; none: nothing is known */
  languages: readonly string[]
  /** `system|code` of what they are and may do */
  roles: readonly string[]
  /** none: they are there */
  unavailable?: Unavailable
  /** when they were last given something */
  lastAssigned?: Instant
}

/** What a Task asks of whoever does it. */
export interface Wanted {
  /** any of these language tags; none: no matter */
  languages: readonly string[]
  /** whether an interpreter makes up for the language */
  interpreter: boolean
  /** any of these, `system|code`; none: no matter */
  roles: readonly string[]
  /** the candidate who has had the patient's work */
  prior?: string
}

/** Why somebody cannot be given a Task. */
export type Bar = Unavailable | 'language' | 'role' | 'no-capacity'
/** Why somebody eligible is or is not given it; all of code system assignment-reason. */
export type Merit = 'kept' | 'lowest-load' | 'longest-without' | 'higher-load' | 'assigned-later' | 'not-prior'

export interface Verdict extends Candidate {
  eligible: boolean
  /** load by capacity */
  utilization: number
  reasons: readonly (Bar | Merit)[]
}

export interface Choice {
  /** the worker; none: nobody is eligible */
  chosen?: string
  /** in order of preference, who is not eligible last */
  verdicts: readonly Verdict[]
}

/** `es-MX` and `es` are one language to speak. */
const spoken = (tag: string): string => tag.toLowerCase().split('-')[0]!

const speaks = ({ languages }: Candidate, wanted: readonly string[]): boolean =>
  !languages.length || wanted.some((tag) => languages.some((known) => spoken(known) === spoken(tag)))

const barsOf = (candidate: Candidate, { languages, interpreter, roles }: Wanted): Bar[] => [
  ...(candidate.unavailable ? [candidate.unavailable] : []),
  ...(roles.length && !roles.some((role) => candidate.roles.includes(role)) ? (['role'] as const) : []),
  ...(languages.length && !interpreter && !speaks(candidate, languages) ? (['language'] as const) : []),
  ...(candidate.capacity > 0 ? [] : (['no-capacity'] as const)),
]

const utilizationOf = ({ load, capacity }: Candidate): number =>
  capacity > 0 ? load / capacity : Number.POSITIVE_INFINITY

/** Who was never given anything comes before all who were. */
const byTurn = (a: Candidate, b: Candidate): number => {
  const [one, other] = [a.lastAssigned ?? '', b.lastAssigned ?? '']
  return one < other ? -1 : one > other ? 1 : 0
}

const byPreference = (a: Verdict, b: Verdict): number =>
  Number(b.eligible) - Number(a.eligible) ||
  // Two that are both without capacity differ by NaN.
  a.utilization - b.utilization ||
  byTurn(a, b) ||
  (a.worker < b.worker ? -1 : 1)

const meritOf = (verdict: Verdict, first: Verdict, others: readonly Verdict[], isKept: boolean): Merit => {
  if (verdict === first) {
    if (isKept) return 'kept'
    return others.some(({ utilization }) => utilization === first.utilization) ? 'longest-without' : 'lowest-load'
  }
  if (isKept) return 'not-prior'
  return verdict.utilization > first.utilization ? 'higher-load' : 'assigned-later'
}

/**
 * Who is to be given a Task: whoever has had the patient's work, if they may and are below 110 % of their capacity; else the one with the
 * lowest load by capacity among those who may; of several, who has gone longest without being given anything. Pure; says why of everybody.
 */
export const choose = (candidates: readonly Candidate[], wanted: Wanted): Choice => {
  const ranked = candidates
    .map((candidate): Verdict => {
      const reasons = barsOf(candidate, wanted)
      return { ...candidate, eligible: !reasons.length, utilization: utilizationOf(candidate), reasons }
    })
    .sort(byPreference)
  const eligible = ranked.filter((verdict) => verdict.eligible)
  const kept = eligible.find(({ worker, utilization }) => worker === wanted.prior && utilization < STICKS_BELOW)
  const first = kept ?? eligible[0]
  if (!first) return { verdicts: ranked }
  const others = eligible.filter((verdict) => verdict !== first)
  const judged = (verdict: Verdict): Verdict =>
    verdict.eligible ? { ...verdict, reasons: [meritOf(verdict, first, others, kept !== undefined)] } : verdict
  return {
    chosen: first.worker,
    verdicts: [first, ...ranked.filter((verdict) => verdict !== first)].map(judged),
  }
}
