import type { Goal, Parameters, ParametersParameter } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Instant } from '../../fhir.ts'
import { dateTimeIn } from '../../pathways/date-time.ts'
import { GOAL_ACHIEVEMENT } from './codes.ts'
import { type Evaluation, evaluateGoal, type Point } from './evaluate-goal.ts'
import type { Aim, Target } from './goal-target.ts'
import { achievementOf } from './judgement.ts'
import { isAmount, type MeasuredValue } from './measured-value.ts'
import { readFacts } from './read-facts.ts'

/** How far a Goal has come. */
export interface Progress {
  goal: Goal
  targets: readonly Target[]
  /** the first moment that counts */
  start: Instant
  evaluation: Evaluation
}

/** Undefined for a Goal that nothing measured can be compared with. */
export const progressOf = async (careloop: Careloop, goal: Goal): Promise<Progress | undefined> => {
  const found = await readFacts(careloop, goal)
  if (!found) return undefined
  const { targets, start } = found.facts
  return { goal, targets, start, evaluation: evaluateGoal(found.facts) }
}

const UCUM = 'http://unitsofmeasure.org'

const valueElement = (value: MeasuredValue): Partial<ParametersParameter> =>
  isAmount(value)
    ? { valueQuantity: { value: rounded(value.value), unit: value.unit, system: UCUM, code: value.unit } }
    : { valueString: value.same.map((text) => text.replace(/^"(.*)"$/, '$1')).join(', ') }

/** Without the digits that only conversion has made. */
export const rounded = (value: number): number => Number(value.toPrecision(8))

const aimPart = (aim: Aim): ParametersParameter[] => {
  if (aim.kind === 'same') return [{ name: 'aim', valueString: aim.same.join(', ') }]
  const quantity = (value: number) => ({ value: rounded(value), unit: aim.unit, system: UCUM, code: aim.unit })
  if (aim.kind === 'limit')
    return [
      { name: 'aim', valueQuantity: { ...quantity(aim.limit), ...(aim.comparator && { comparator: aim.comparator }) } },
    ]
  const low = aim.low === undefined ? {} : { low: quantity(aim.low) }
  const high = aim.high === undefined ? {} : { high: quantity(aim.high) }
  return [{ name: 'aim', valueRange: { ...low, ...high } }]
}

const pointPart = (point: Point, timeZone: string): ParametersParameter => ({
  name: 'point',
  part: [
    { name: 'effective', valueDateTime: dateTimeIn(point.at, timeZone) },
    { name: 'value', ...valueElement(point.value) },
    { name: 'met', valueBoolean: point.isMet },
    { name: 'observation', valueReference: { reference: point.reference } },
  ],
})

const targetPart = (target: Target, { goal, evaluation }: Progress, timeZone: string): ParametersParameter => {
  const { index, aim, due } = target
  const baseline = evaluation.baselines.get(index)
  const points = evaluation.points.filter((point) => point.target === index)
  const unit = aim.kind === 'same' ? undefined : aim.unit
  return {
    name: 'target',
    part: [
      { name: 'index', valueInteger: index },
      { name: 'measure', valueCodeableConcept: goal.target![index]!.measure! },
      ...aimPart(aim),
      ...(due ? [{ name: 'due', valueDateTime: dateTimeIn(due, timeZone) }] : []),
      ...(baseline?.value !== undefined && unit
        ? [
            { name: 'baseline', ...valueElement({ value: baseline.value, unit }) },
            { name: 'direction', valueCode: baseline.direction },
          ]
        : []),
      { name: 'met', valueBoolean: points.at(-1)?.isMet ?? false },
      ...points.map((point) => pointPart(point, timeZone)),
    ],
  }
}

/** Progress as Parameters: the status there is and the one that was computed, and of each target its aim and the values, in its unit. */
export const progressParameters = (progress: Progress, timeZone: string): Parameters => {
  const { goal, targets, evaluation } = progress
  const code = achievementOf(goal)
  return {
    resourceType: 'Parameters',
    parameter: [
      ...(code ? [{ name: 'status', valueCoding: { system: GOAL_ACHIEVEMENT, code } }] : []),
      { name: 'computed', valueCoding: { system: GOAL_ACHIEVEMENT, code: evaluation.status } },
      ...(evaluation.since ? [{ name: 'since', valueDateTime: dateTimeIn(evaluation.since, timeZone) }] : []),
      ...targets.map((target) => targetPart(target, progress, timeZone)),
    ],
  }
}
