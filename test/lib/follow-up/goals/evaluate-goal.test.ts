import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Goal, GoalTarget } from 'fhir/r4'
import { GOAL_BASELINE } from '../../../../lib/follow-up/goals/codes.ts'
import { type Evaluation, evaluateGoal, type Reading } from '../../../../lib/follow-up/goals/evaluate-goal.ts'
import { comparable, targetsOf } from '../../../../lib/follow-up/goals/goal-target.ts'
import type { MeasuredValue } from '../../../../lib/follow-up/goals/measured-value.ts'

const LOINC = 'http://loinc.org'
const WEIGHT = '29463-7'
const SYSTOLIC = '8480-6'
const DIASTOLIC = '8462-4'
const PHQ9 = '44261-6'
const GAD7 = '70274-6'
const HBA1C = '4548-4'
const STEPS = '55423-8'

const measure = (code: string) => ({ coding: [{ system: LOINC, code }] })
const quantity = (value: number, code: string, comparator?: '<' | '<=' | '>=' | '>') => ({
  value,
  unit: code,
  system: 'http://unitsofmeasure.org',
  code,
  ...(comparator && { comparator }),
})
const goalOf = (...target: GoalTarget[]): Goal => ({
  resourceType: 'Goal',
  id: 'g',
  lifecycleStatus: 'active',
  description: { text: 'x' },
  subject: { reference: 'Patient/amelia' },
  startDate: '2026-11-01',
  target,
})

/** The 1st of November and so many days, at noon. */
const day = (days: number): string => new Date(Date.UTC(2026, 10, 1 + days, 12)).toISOString()
const START = '2026-11-01T00:00:00.000Z'

type Series = readonly (readonly [days: number, code: string, value: number | string | boolean, unit?: string])[]

const measuredValue = (value: number | string | boolean, unit: string): MeasuredValue => {
  if (typeof value === 'number') return { value, unit }
  return { same: [typeof value === 'string' && !value.includes('|') ? `"${value}"` : String(value)] }
}

const readingsOf = (goal: Goal, series: Series): Reading[] =>
  series.map(([days, code, value, unit = '1'], n) => {
    const values = targetsOf(goal, 'UTC').flatMap((target): [number, MeasuredValue][] => {
      const read = target.measure.includes(`${LOINC}|${code}`) && comparable(target, measuredValue(value, unit))
      return read ? [[target.index, read]] : []
    })
    return { reference: `Observation/${n}`, at: day(days), values: new Map(values) }
  })

const evaluate = (goal: Goal, series: Series, now?: string): Evaluation => {
  const targets = targetsOf(goal, 'UTC')
  const hasOthers = targets.length < goal.target!.length
  return evaluateGoal({ targets, hasOthers, readings: readingsOf(goal, series), start: START, now })
}

const atMost70kg = goalOf({ measure: measure(WEIGHT), detailQuantity: quantity(70, 'kg', '<=') })
const weight70kg = goalOf({ measure: measure(WEIGHT), detailQuantity: quantity(70, 'kg'), dueDate: '2026-12-01' })
const phq9 = goalOf({ measure: measure(PHQ9), detailRange: { high: { value: 4 } } })
const gad7 = goalOf({ measure: measure(GAD7), detailQuantity: quantity(4, '{score}', '<') })
const hba1c = goalOf({ measure: measure(HBA1C), detailRange: { high: quantity(6.5, '%') } })
const bloodPressure = goalOf(
  { measure: measure(SYSTOLIC), detailRange: { high: quantity(130, 'mm[Hg]') } },
  { measure: measure(DIASTOLIC), detailRange: { high: quantity(80, 'mm[Hg]') } },
)
const stableWeight = goalOf({
  measure: measure(WEIGHT),
  detailRange: { low: quantity(69.5, 'kg'), high: quantity(72.5, 'kg') },
})
const steps = goalOf({ measure: measure(STEPS), detailRange: { low: { value: 5000 } } })
const with10kgGiven = goalOf({
  measure: measure(WEIGHT),
  detailQuantity: quantity(70, 'kg'),
  extension: [{ url: GOAL_BASELINE, extension: [{ url: 'value', valueQuantity: quantity(132.277, '[lb_av]') }] }],
})
const DUE_PASSED = '2026-12-02T12:00:00.000Z'

describe('the table of achievement', () => {
  test.each<[string, Goal, Series, string, string?]>([
    ['no data, not due', weight70kg, [], 'in-progress', '2026-11-15T00:00:00.000Z'],
    ['the first value is where it begins', weight70kg, [[1, WEIGHT, 80, 'kg']], 'in-progress'],
    ['met for the first time', atMost70kg, [[1, WEIGHT, 69, 'kg']], 'achieved'],
    ['met exactly', atMost70kg, [[1, WEIGHT, 70, 'kg']], 'achieved'],
    [
      'met again',
      atMost70kg,
      [
        [1, WEIGHT, 69, 'kg'],
        [2, WEIGHT, 69.5, 'kg'],
      ],
      'sustaining',
    ],
    [
      'met again after a relapse',
      atMost70kg,
      [
        [1, WEIGHT, 69, 'kg'],
        [2, WEIGHT, 75, 'kg'],
        [3, WEIGHT, 69, 'kg'],
      ],
      'sustaining',
    ],
    [
      'was met, is not now, by however little',
      atMost70kg,
      [
        [1, WEIGHT, 69.9, 'kg'],
        [2, WEIGHT, 70.1, 'kg'],
      ],
      'worsening',
    ],
    [
      'after a relapse: nearer again',
      atMost70kg,
      [
        [1, WEIGHT, 69, 'kg'],
        [2, WEIGHT, 80, 'kg'],
        [3, WEIGHT, 75, 'kg'],
      ],
      'improving',
    ],
    [
      'toward by 2 % of weight',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [2, WEIGHT, 78.4, 'kg'],
      ],
      'improving',
    ],
    [
      'within 2 % of weight',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [2, WEIGHT, 78.5, 'kg'],
      ],
      'no-change',
    ],
    [
      'away',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [2, WEIGHT, 82, 'kg'],
      ],
      'worsening',
    ],
    [
      'PHQ-9 by 5 points',
      phq9,
      [
        [1, PHQ9, 15],
        [15, PHQ9, 10],
      ],
      'improving',
    ],
    [
      'PHQ-9 by 4 points',
      phq9,
      [
        [1, PHQ9, 15],
        [15, PHQ9, 11],
      ],
      'no-change',
    ],
    [
      'PHQ-9 up by 5 points',
      phq9,
      [
        [1, PHQ9, 10],
        [15, PHQ9, 15],
      ],
      'worsening',
    ],
    [
      'GAD-7 by 4 points',
      gad7,
      [
        [1, GAD7, 14],
        [15, GAD7, 10],
      ],
      'improving',
    ],
    [
      'GAD-7 by 3 points',
      gad7,
      [
        [1, GAD7, 14],
        [15, GAD7, 11],
      ],
      'no-change',
    ],
    ['less than 4 is not 4', gad7, [[1, GAD7, 4]], 'in-progress'],
    ['less than 4 is 3', gad7, [[1, GAD7, 3]], 'achieved'],
    [
      'HbA1c by 0.3 %',
      hba1c,
      [
        [1, HBA1C, 7.1, '%'],
        [9, HBA1C, 6.8, '%'],
      ],
      'improving',
    ],
    [
      'HbA1c by 0.2 %',
      hba1c,
      [
        [1, HBA1C, 7.1, '%'],
        [9, HBA1C, 6.9, '%'],
      ],
      'no-change',
    ],
    [
      'any change of another measure',
      steps,
      [
        [1, STEPS, 3000],
        [2, STEPS, 3001],
      ],
      'improving',
    ],
    ['range high only: at it', hba1c, [[1, HBA1C, 6.5, '%']], 'achieved'],
    ['range high only: far below', hba1c, [[1, HBA1C, 4, '%']], 'achieved'],
    ['range low only: at it', steps, [[1, STEPS, 5000]], 'achieved'],
    ['range low only: below', steps, [[1, STEPS, 4999]], 'in-progress'],
    ['range of two: below it', stableWeight, [[1, WEIGHT, 69, 'kg']], 'in-progress'],
    ['range of two: in it', stableWeight, [[1, WEIGHT, 72.5, 'kg']], 'achieved'],
    [
      'range of two: falling below it further',
      stableWeight,
      [
        [1, WEIGHT, 69, 'kg'],
        [2, WEIGHT, 66, 'kg'],
      ],
      'worsening',
    ],
    ['pounds against kilograms', atMost70kg, [[1, WEIGHT, 154, '[lb_av]']], 'achieved'],
    ['too many pounds', atMost70kg, [[1, WEIGHT, 155, '[lb_av]']], 'in-progress'],
    ['one of two targets met', bloodPressure, [[1, SYSTOLIC, 128, 'mm[Hg]']], 'improving'],
    [
      'one met, the other away',
      bloodPressure,
      [
        [1, SYSTOLIC, 128, 'mm[Hg]'],
        [1, DIASTOLIC, 90, 'mm[Hg]'],
        [2, DIASTOLIC, 95, 'mm[Hg]'],
      ],
      'worsening',
    ],
    [
      'both met',
      bloodPressure,
      [
        [1, SYSTOLIC, 128, 'mm[Hg]'],
        [2, DIASTOLIC, 80, 'mm[Hg]'],
      ],
      'achieved',
    ],
    [
      'both met, one lost',
      bloodPressure,
      [
        [1, SYSTOLIC, 128, 'mm[Hg]'],
        [1, DIASTOLIC, 80, 'mm[Hg]'],
        [2, SYSTOLIC, 131, 'mm[Hg]'],
      ],
      'worsening',
    ],
    [
      'no comparator, baseline above',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [2, WEIGHT, 69, 'kg'],
      ],
      'achieved',
    ],
    [
      'no comparator, baseline below',
      weight70kg,
      [
        [1, WEIGHT, 60, 'kg'],
        [2, WEIGHT, 69, 'kg'],
      ],
      'improving',
    ],
    [
      'no comparator, baseline below, reached',
      weight70kg,
      [
        [1, WEIGHT, 60, 'kg'],
        [2, WEIGHT, 71, 'kg'],
      ],
      'achieved',
    ],
    [
      'baseline from before the start',
      weight70kg,
      [
        [-9, WEIGHT, 60, 'kg'],
        [2, WEIGHT, 69, 'kg'],
      ],
      'improving',
    ],
    ['met before the start is no merit', atMost70kg, [[-9, WEIGHT, 60, 'kg']], 'in-progress'],
    ['baseline that a person has given', with10kgGiven, [[1, WEIGHT, 71, 'kg']], 'achieved'],
    [
      'past due, some progress',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 75, 'kg'],
      ],
      'not-achieved',
      DUE_PASSED,
    ],
    [
      'past due, none',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 79.9, 'kg'],
      ],
      'no-progress',
      DUE_PASSED,
    ],
    [
      'past due, worse',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 90, 'kg'],
      ],
      'no-progress',
      DUE_PASSED,
    ],
    ['past due, no data', weight70kg, [], 'no-progress', DUE_PASSED],
    [
      'met at the due date',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 70, 'kg'],
      ],
      'achieved',
      DUE_PASSED,
    ],
    [
      'met at the due date, lost after it',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 70, 'kg'],
        [31, WEIGHT, 74, 'kg'],
      ],
      'worsening',
      '2026-12-05T00:00:00.000Z',
    ],
    [
      'met and lost before it',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [9, WEIGHT, 70, 'kg'],
        [20, WEIGHT, 74, 'kg'],
      ],
      'not-achieved',
      DUE_PASSED,
    ],
    [
      'still nearer after the due date',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [31, WEIGHT, 72, 'kg'],
      ],
      'not-achieved',
      '2026-12-05T00:00:00.000Z',
    ],
    [
      'late, but reached',
      weight70kg,
      [
        [1, WEIGHT, 80, 'kg'],
        [31, WEIGHT, 70, 'kg'],
      ],
      'achieved',
      '2026-12-05T00:00:00.000Z',
    ],
    ['completed: due dates no longer count', weight70kg, [[1, WEIGHT, 80, 'kg']], 'in-progress', undefined],
    [
      'a code',
      goalOf({ measure: measure('x'), detailCodeableConcept: { coding: [{ system: 's', code: 'a' }] } }),
      [[1, 'x', 's|a']],
      'achieved',
    ],
    [
      'another code',
      goalOf({ measure: measure('x'), detailCodeableConcept: { coding: [{ system: 's', code: 'a' }] } }),
      [
        [1, 'x', 's|b'],
        [2, 'x', 's|c'],
      ],
      'no-change',
    ],
    ['a string', goalOf({ measure: measure('x'), detailString: 'calm' }), [[1, 'x', 'calm']], 'achieved'],
    ['a boolean', goalOf({ measure: measure('x'), detailBoolean: false }), [[1, 'x', false]], 'achieved'],
    ['the other boolean', goalOf({ measure: measure('x'), detailBoolean: false }), [[1, 'x', true]], 'in-progress'],
    ['an integer', goalOf({ measure: measure('x'), detailInteger: 3 }), [[1, 'x', 3]], 'achieved'],
    ['a greater integer', goalOf({ measure: measure('x'), detailInteger: 3 }), [[1, 'x', 4]], 'in-progress'],
    [
      'a ratio as its quotient',
      goalOf({
        measure: measure('x'),
        detailRatio: { numerator: quantity(30, 'mg', '<'), denominator: quantity(1, 'g') },
      }),
      [[1, 'x', 0.029, 'g/g']],
      'achieved',
    ],
    [
      'a target that only people can judge',
      goalOf(atMost70kg.target![0]!, { measure: { text: 'feels well' } }),
      [[1, WEIGHT, 60, 'kg']],
      'improving',
    ],
  ])('%s', (...[_name, goal, series, expected, now]) => {
    expect(evaluate(goal, series, now).status).toBe(expected)
  })

  test('says since when, and what decided it', () => {
    const series: Series = [
      [1, WEIGHT, 80, 'kg'],
      [3, WEIGHT, 76, 'kg'],
      [5, WEIGHT, 73, 'kg'],
    ]
    expect(evaluate(weight70kg, series)).toMatchObject({
      status: 'improving',
      since: day(3),
      decidedAt: day(5),
      decidedBy: ['Observation/2'],
      baselines: new Map([[0, { direction: 'decrease', reference: 'Observation/0', value: 80 }]]),
    })
    const due = '2026-12-01T23:59:59.999Z'
    expect(evaluate(weight70kg, series, DUE_PASSED)).toMatchObject({ since: due, decidedAt: due, decidedBy: [] })
  })

  test('a value of another kind, or in a unit that cannot be converted, is none', () => {
    const [target] = targetsOf(atMost70kg, 'UTC')
    expect(comparable(target!, { value: 1, unit: 'mm' })).toBeUndefined()
    expect(comparable(target!, { same: ['"fine"'] })).toBeUndefined()
    expect(comparable(target!, { value: 1, unit: 'lbs' })).toBeUndefined()
  })
})

describe('whatever is measured', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: 55, max: 95 })), {
    maxLength: 12,
  })
  const goals = fc.constantFrom(weight70kg, atMost70kg, stableWeight, with10kgGiven)
  const nows = fc.constantFrom(undefined, DUE_PASSED)
  const keys = fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 })

  test('the order in which it was heard of does not matter', () => {
    fc.assert(
      fc.property(goals, values, nows, keys, (goal, drawn, now, keys) => {
        const readings = readingsOf(
          goal,
          drawn.map(([days, value]) => [days, WEIGHT, value, 'kg'] as const),
        )
        const shuffled = readings.map((reading, n) => [keys[n]!, reading] as const)
        shuffled.sort(([a], [b]) => a - b)
        const facts = { targets: targetsOf(goal, 'UTC'), hasOthers: false, start: START, now }
        const other = evaluateGoal({ ...facts, readings: shuffled.map(([, reading]) => reading) })
        expect(other).toEqual(evaluateGoal({ ...facts, readings }))
      }),
    )
  })

  test('the unit it was measured in does not matter', () => {
    const PER_KG = { kg: 1, g: 1000, '[lb_av]': 1 / 0.45359237, '[oz_av]': 16 / 0.45359237 }
    const units = Object.keys(PER_KG) as (keyof typeof PER_KG)[]
    fc.assert(
      fc.property(goals, values, nows, keys, (goal, drawn, now, keys) => {
        const inKg: Series = drawn.map(([days, value]) => [days, WEIGHT, value, 'kg'])
        const inOthers: Series = inKg.map(([days, code, value], n) => {
          const unit = units[keys[n]! % units.length]!
          return [days, code, (value as number) * PER_KG[unit], unit]
        })
        const { status, since } = evaluate(goal, inOthers, now)
        expect({ status, since }).toEqual((({ status, since }) => ({ status, since }))(evaluate(goal, inKg, now)))
      }),
    )
  })

  test('it is achieved or sustained just when the last values meet all targets', () => {
    fc.assert(
      fc.property(values, nows, (drawn, now) => {
        const series: Series = drawn.map(([days, value]) => [days, WEIGHT, value, 'kg'])
        const { status, points } = evaluate(atMost70kg, series, now)
        expect(['achieved', 'sustaining'].includes(status)).toBe(points.at(-1)?.isMet ?? false)
      }),
    )
  })
})
