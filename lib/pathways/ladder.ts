import type { Duration, Extension } from 'fhir/r4'
import { numberOf } from '../json.ts'
import { BUSINESS_DAYS, BUSINESS_HOURS, ESCALATION } from './codes.ts'

/** The rungs there are: what time makes happen about an open Task. fhir-profiles/code-systems/task-clock-step.json */
export const clockSteps = ['reminder', 'due-soon', 'overdue', 'escalation-2', 'window-missed'] as const
export type ClockStep = (typeof clockSteps)[number]

/** A length of time, counted on the wall or in business time. */
export interface Span {
  unit: 'min' | 'h' | 'd' | 'business-hour' | 'business-day'
  count: number
}

/** When a rung is reached. */
export type Moment =
  /** when this part of the window, from 0 to 1, has passed */
  | { kind: 'part'; part: number }
  /** so long before the due instant; in windows of more than seven calendar days no later than `longWindow` before it */
  | { kind: 'before'; span: Span; longWindow?: Span }
  | { kind: 'due' }
  /** so long after the due date has passed */
  | { kind: 'after'; span: Span }
  /** when what counts for the programme ends */
  | { kind: 'compliance-end' }

export interface Rung {
  step: ClockStep
  moment: Moment
}

/** Who is told of a Task, and when, as its window passes; each step once at most. */
export interface Ladder {
  rungs: readonly Rung[]
  /** the extensions it was read from; none for a default */
  source?: readonly Extension[]
}

const OVERDUE: Rung = { step: 'overdue', moment: { kind: 'due' } }
const WINDOW_MISSED: Rung = { step: 'window-missed', moment: { kind: 'compliance-end' } }
const SECOND_ESCALATION: Rung = {
  step: 'escalation-2',
  moment: { kind: 'after', span: { unit: 'business-day', count: 1 } },
}

/** The ladder of every step of a pathway that has none of its own. */
export const defaultLadder: Ladder = {
  rungs: [
    { step: 'reminder', moment: { kind: 'part', part: 0.5 } },
    {
      step: 'due-soon',
      moment: { kind: 'before', span: { unit: 'business-hour', count: 4 }, longWindow: { unit: 'h', count: 24 } },
    },
    OVERDUE,
    SECOND_ESCALATION,
    WINDOW_MISSED,
  ],
}

/** The ladder of a Task that no pathway made. */
export const plainLadder: Ladder = { rungs: [OVERDUE, SECOND_ESCALATION] }

/** The ladder of a step that is nobody's work: only what it counts for ends. */
export const unattendedLadder: Ladder = { rungs: [WINDOW_MISSED] }

const UCUM: readonly string[] = ['min', 'h', 'd'] satisfies Span['unit'][]

const spanOf = (step: string, { extension, value, code }: Duration): Span => {
  const counted = (url: string) => extension?.find((candidate) => candidate.url === url)?.valuePositiveInt
  const businessDays = counted(BUSINESS_DAYS)
  const businessHours = counted(BUSINESS_HOURS)
  if (businessDays !== undefined) return { unit: 'business-day', count: businessDays }
  if (businessHours !== undefined) return { unit: 'business-hour', count: businessHours }
  const count = numberOf(value)
  const isCounted = count !== undefined && count >= 0 && (code !== 'd' || Number.isInteger(count))
  if (!isCounted || !UCUM.includes(code ?? ''))
    throw new Error(
      `escalation ${step}: a Duration must be in UCUM min, h or whole d, or in business-hours or business-days`,
    )
  return { unit: code as Span['unit'], count }
}

/** By which of its parts each step may be timed; one that names none has a moment of its own. */
const TIMED_BY: Readonly<Record<ClockStep, readonly string[]>> = {
  reminder: ['part', 'before'],
  'due-soon': ['part', 'before'],
  overdue: [],
  'escalation-2': ['after'],
  'window-missed': [],
}
const PARTS = ['part', 'before', 'after']

const momentOf = (step: ClockStep, parts: readonly Extension[]): Moment => {
  const timing = parts.filter(({ url }) => PARTS.includes(url))
  const allowed = TIMED_BY[step]
  const [chosen] = timing
  if (!allowed.length && !chosen) return step === 'overdue' ? OVERDUE.moment : WINDOW_MISSED.moment
  if (!chosen || timing.length > 1 || !allowed.includes(chosen.url))
    throw new Error(
      allowed.length
        ? `escalation ${step}: needs ${allowed.join(' or ')}, and nothing else that times it`
        : `escalation ${step}: has a moment of its own; leave ${PARTS.join(', ')} out`,
    )
  if (chosen.url === 'part') {
    const part = numberOf(chosen.valueDecimal)
    if (part === undefined || part <= 0 || part >= 1)
      throw new Error(`escalation ${step}: part must be between 0 and 1`)
    return { kind: 'part', part }
  }
  return { kind: chosen.url === 'before' ? 'before' : 'after', span: spanOf(step, chosen.valueDuration ?? {}) }
}

/**
 * The ladder that the `escalation` extensions among `extensions` describe, in place of the default; undefined when there are none.
 * @throws Error naming the step, when one of them cannot be carried out
 */
export const readLadder = (extensions: readonly Extension[] | undefined): Ladder | undefined => {
  const source = (extensions ?? []).filter(({ url }) => url === ESCALATION)
  if (!source.length) return undefined
  const rungs = source.map(({ extension = [] }): Rung => {
    const step = extension.find(({ url }) => url === 'step')?.valueCode
    const known = clockSteps.find((candidate) => candidate === step)
    if (!known) throw new Error(`escalation ${step}: step must be one of ${clockSteps.join(', ')}`)
    return { step: known, moment: momentOf(known, extension) }
  })
  const twice = rungs.find(({ step }, index) => rungs.findIndex((rung) => rung.step === step) !== index)
  if (twice) throw new Error(`escalation ${twice.step}: is there twice`)
  return { rungs, source }
}
