import type { Instant } from '../../fhir.ts'
import type { Achievement } from './codes.ts'
import { type Direction, distance, isMet, type Target } from './goal-target.ts'
import { isAmount, type MeasuredValue } from './measured-value.ts'
import { isSignificant } from './significant-change.ts'

/** What one Observation says of the targets of a Goal. */
export interface Reading {
  /** `Observation/id` */
  reference: string
  at: Instant
  /** by index of the target, each in the target's unit */
  values: ReadonlyMap<number, MeasuredValue>
}

export interface GoalFacts {
  /** those that can be compared */
  targets: readonly Target[]
  /** whether the Goal has other targets too, which only people can judge: then it is never met by rule */
  hasOthers: boolean
  /** in any order, also from before `start` */
  readings: readonly Reading[]
  /** what was measured earlier is no progress, but the last of it is where progress began */
  start: Instant
  /** due dates after it do not count yet; undefined when none counts, as of a Goal that was completed */
  now: Instant | undefined
}

/** One value of one target. */
export interface Point {
  target: number
  reference: string
  at: Instant
  value: MeasuredValue
  isMet: boolean
}

/** Where a measure stood when work on it began. */
export interface Baseline {
  direction: Direction
  /** the Observation it comes from; none when a person has said it */
  reference?: string
  /** of a target of numbers, in its unit */
  value?: number
}

export interface Evaluation {
  status: Achievement
  /** since when the status has been that; undefined when there is nothing to tell it by */
  since?: Instant
  /** the last moment that bears on the status: that of the last value, or a due date that has passed */
  decidedAt?: Instant
  /** the Observations of that moment; none when it is a due date */
  decidedBy: readonly string[]
  /** in order of time */
  points: readonly Point[]
  /** by index of the target */
  baselines: ReadonlyMap<number, Baseline>
}

type Trend = 'improving' | 'worsening' | 'no-change'

/** What the fold knows of one target at a moment. */
interface TargetState {
  target: Target
  baseline: Baseline
  /** the last value from the start on; before there is one, that of the baseline */
  last?: MeasuredValue
  isMeasured: boolean
  isMet: boolean
  wasEverMet: boolean
  trend?: Trend
  /** past its due date without having been met at it or since */
  isMissed: boolean
}

const inOrder = (a: Reading, b: Reading): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0

const baselineOf = ({ index, aim, baseline: given }: Target, ordered: readonly Reading[], start: Instant): Baseline => {
  const own = ordered.filter(({ values }) => values.has(index))
  const reading = given === undefined ? (own.findLast(({ at }) => at < start) ?? own[0]) : undefined
  const measured = reading?.values.get(index)
  const value = given ?? (measured && isAmount(measured) ? measured.value : undefined)
  const isAbove = aim.kind === 'limit' && value !== undefined && value > aim.limit
  return { direction: isAbove ? 'decrease' : 'increase', reference: reading?.reference, value }
}

const initialState = (target: Target, ordered: readonly Reading[], start: Instant): TargetState => {
  const baseline = baselineOf(target, ordered, start)
  const before = ordered.findLast(({ at, values }) => at < start && values.has(target.index))
  const given = target.baseline !== undefined && target.aim.kind !== 'same' ? target.aim.unit : undefined
  return {
    target,
    baseline,
    last: given === undefined ? before?.values.get(target.index) : { value: target.baseline!, unit: given },
    isMeasured: false,
    isMet: false,
    wasEverMet: false,
    isMissed: false,
  }
}

const trendOf = ({ target, baseline, last, isMet: wasMet }: TargetState, value: MeasuredValue): Trend | undefined => {
  if (wasMet) return 'worsening'
  if (!last) return undefined
  const { aim, measure } = target
  if (aim.kind === 'same' || !isAmount(last) || !isAmount(value)) return 'no-change'
  if (!isSignificant(measure, last.value, value.value, aim.unit)) return 'no-change'
  const [before, after] = [last, value].map((amount) => distance(aim, amount.value, baseline.direction))
  if (before === after) return 'no-change'
  return after! < before! ? 'improving' : 'worsening'
}

const measured = (state: TargetState, value: MeasuredValue): TargetState => {
  const met = isMet(state.target.aim, value, state.baseline.direction)
  return {
    ...state,
    last: value,
    isMeasured: true,
    isMet: met,
    wasEverMet: state.wasEverMet || met,
    trend: met ? undefined : trendOf(state, value),
    isMissed: state.isMissed && !met,
  }
}

const hasProgressed = ({ target, baseline, last, isMeasured, wasEverMet }: TargetState): boolean => {
  if (wasEverMet) return true
  const { aim, measure } = target
  if (!isMeasured || baseline.value === undefined || aim.kind === 'same' || !last || !isAmount(last)) return false
  const nearer = distance(aim, last.value, baseline.direction) < distance(aim, baseline.value, baseline.direction)
  return nearer && isSignificant(measure, baseline.value, last.value, aim.unit)
}

const unmetStatus = (states: readonly TargetState[]): Achievement => {
  if (states.some(({ isMissed }) => isMissed)) return states.some(hasProgressed) ? 'not-achieved' : 'no-progress'
  const trends = states.map(({ trend }) => trend)
  if (trends.includes('worsening')) return 'worsening'
  if (trends.includes('improving') || states.some(({ isMet: met }) => met)) return 'improving'
  return trends.includes('no-change') ? 'no-change' : 'in-progress'
}

type Moment = { at: Instant; readings: readonly Reading[] } | { at: Instant; due: readonly number[] }

/** The values by the moment they were measured at, and the due dates that have passed, which come after what was measured until then. */
const momentsOf = (readings: readonly Reading[], targets: readonly Target[], now: Instant | undefined): Moment[] => {
  const passed = targets.filter(({ due }) => due !== undefined && now !== undefined && due <= now)
  const measuredAt = [...Map.groupBy(readings, ({ at }) => at)].map(([at, group]) => ({ at, readings: group }))
  const dueAt = [...Map.groupBy(passed, ({ due }) => due!)].map(([at, group]) => ({
    at,
    due: group.map(({ index }) => index),
  }))
  return [...measuredAt, ...dueAt].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 'due' in a ? 1 : -1))
}

/**
 * What has become of a Goal, told from all that was measured and the due dates that have passed, in order of time: the order in which it
 * was heard of does not matter, nor the units it was measured in. Pure. The table is in docs/follow-up/goals.md.
 */
export const evaluateGoal = ({ targets, hasOthers, readings, start, now }: GoalFacts): Evaluation => {
  const ordered = [...readings].sort(inOrder)
  let states = targets.map((target) => initialState(target, ordered, start))
  let status: Achievement = 'in-progress'
  let since: Instant | undefined
  let wasAchieved = false
  const points: Point[] = []
  const moments = momentsOf(
    ordered.filter(({ at }) => at >= start),
    targets,
    now,
  )
  for (const moment of moments) {
    if ('due' in moment)
      states = states.map((state) =>
        moment.due.includes(state.target.index) && !state.isMet ? { ...state, isMissed: true } : state,
      )
    else
      for (const { reference, at, values } of moment.readings)
        states = states.map((state) => {
          const value = values.get(state.target.index)
          if (!value) return state
          const next = measured(state, value)
          points.push({ target: state.target.index, reference, at, value, isMet: next.isMet })
          return next
        })
    const isAchieved = !hasOthers && states.length > 0 && states.every(({ isMet: met }) => met)
    const before: Achievement = status
    if (!isAchieved) status = unmetStatus(states)
    else if (!('due' in moment)) status = wasAchieved ? 'sustaining' : 'achieved'
    wasAchieved ||= isAchieved
    if (status !== before || since === undefined) since = moment.at
  }
  const last = moments.at(-1)
  return {
    status,
    since,
    decidedAt: last?.at,
    decidedBy: last && 'readings' in last ? last.readings.map(({ reference }) => reference) : [],
    points,
    baselines: new Map(states.map(({ target, baseline }) => [target.index, baseline])),
  }
}
