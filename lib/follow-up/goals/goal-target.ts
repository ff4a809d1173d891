import type { Goal, GoalTarget, Quantity } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { numberOf } from '../../json.ts'
import { GOAL_BASELINE } from './codes.ts'
import { dueDateOf } from './due-date.ts'
import { amountOf, codesOf, isAmount, type MeasuredValue, quotientOf } from './measured-value.ts'
import { difference, UNITY, valueIn } from './units.ts'

/** Where the values of a target that are numbers have to go. */
export type Direction = 'increase' | 'decrease'

export type Aim =
  /** `comparator` where the target has one; else the direction tells on which side of the limit the values have to be */
  | { kind: 'limit'; unit: string; limit: number; comparator?: Quantity['comparator'] }
  | { kind: 'range'; unit: string; low?: number; high?: number }
  | { kind: 'same'; same: readonly string[] }

/** A target of a Goal that values can be compared with. */
export interface Target {
  /** where it is among the targets of the Goal */
  index: number
  /** `system|code` of its measure */
  measure: readonly string[]
  aim: Aim
  due?: Instant
  /** where the measure stood at the beginning, as a person has said, in the target's unit */
  baseline?: number
}

const rangeOf = ({ low, high }: NonNullable<GoalTarget['detailRange']>): Aim | undefined => {
  const [from, to] = [amountOf(low), amountOf(high)]
  const unit = (from ?? to)?.unit
  if (unit === undefined) return undefined
  const limits = [from, to].map((limit) => limit && valueIn(limit, unit))
  const [lowest, highest] = limits
  if ((from && lowest === undefined) || (to && highest === undefined)) return undefined
  return { kind: 'range', unit, low: lowest, high: highest }
}

const limitOf = (quantity: Quantity): Aim | undefined => {
  const amount = amountOf(quantity)
  return amount && { kind: 'limit', unit: amount.unit, limit: amount.value, comparator: quantity.comparator }
}

const aimOf = (target: GoalTarget): Aim | undefined => {
  const { detailQuantity, detailRange, detailRatio, detailCodeableConcept } = target
  const { detailString, detailBoolean, detailInteger } = target
  if (detailQuantity) return limitOf(detailQuantity)
  if (detailRange) return rangeOf(detailRange)
  if (detailRatio) {
    const quotient = quotientOf(detailRatio)
    const { comparator } = detailRatio.numerator ?? {}
    return quotient && { kind: 'limit', unit: quotient.unit, limit: quotient.value, comparator }
  }
  if (detailCodeableConcept) return { kind: 'same', same: codesOf(detailCodeableConcept) }
  if (detailString !== undefined) return { kind: 'same', same: [`"${detailString}"`] }
  if (detailBoolean !== undefined) return { kind: 'same', same: [String(detailBoolean)] }
  const integer = numberOf(detailInteger)
  return integer === undefined ? undefined : { kind: 'range', unit: UNITY, low: integer, high: integer }
}

/** The extension goal-baseline of a target, and whether a person has given it: one that names its Observation was found by rule. */
export const baselineOf = ({ extension = [] }: GoalTarget) => {
  const parts = extension.find(({ url }) => url === GOAL_BASELINE)?.extension ?? []
  const part = (url: string) => parts.find((candidate) => candidate.url === url)
  return {
    value: amountOf(part('value')?.valueQuantity),
    isGiven: parts.length > 0 && part('observation') === undefined,
  }
}

const givenBaseline = (target: GoalTarget, aim: Aim): number | undefined => {
  const { value, isGiven } = baselineOf(target)
  return isGiven && value && aim.kind !== 'same' ? valueIn(value, aim.unit) : undefined
}

/** The targets that can be compared, in their order. One without a measure, or without a detail, only people can judge. */
export const targetsOf = (goal: Goal, timeZone: string): Target[] =>
  (goal.target ?? []).flatMap((target, index) => {
    const measure = codesOf(target.measure).filter((code) => code.includes('|'))
    const aim = aimOf(target)
    if (!measure.length || !aim) return []
    const due = dueDateOf(goal, target, timeZone)?.at
    const baseline = givenBaseline(target, aim)
    return [{ index, measure, aim, ...(due && { due }), ...(baseline !== undefined && { baseline }) }]
  })

/** A value in the unit of a target, as far as it can be compared with it: undefined when it cannot. */
export const comparable = ({ aim }: Target, value: MeasuredValue): MeasuredValue | undefined => {
  if (aim.kind === 'same') return isAmount(value) ? undefined : value
  if (!isAmount(value)) return undefined
  const converted = valueIn(value, aim.unit)
  return converted === undefined ? undefined : { value: converted, unit: aim.unit }
}

/** How far a number is from where the target wants it, in the target's unit; 0 when it is there. */
export const distance = (aim: Aim, value: number, direction: Direction): number => {
  if (aim.kind === 'range') {
    const below = aim.low === undefined ? 0 : difference(aim.low, value)
    const above = aim.high === undefined ? 0 : difference(value, aim.high)
    return Math.max(0, below, above)
  }
  if (aim.kind === 'same') return 0
  const isDecrease = aim.comparator ? aim.comparator.startsWith('<') : direction === 'decrease'
  return Math.max(0, isDecrease ? difference(value, aim.limit) : difference(aim.limit, value))
}

export const isMet = (aim: Aim, value: MeasuredValue, direction: Direction): boolean => {
  if (!isAmount(value)) return aim.kind === 'same' && value.same.some((code) => aim.same.includes(code))
  if (distance(aim, value.value, direction) > 0) return false
  const isStrict = aim.kind === 'limit' && (aim.comparator === '<' || aim.comparator === '>')
  return !isStrict || difference(value.value, aim.limit) !== 0
}
