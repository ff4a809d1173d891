import { expect, test } from '@jest/globals'
import { difference, valueIn } from '../../../../lib/follow-up/goals/units.ts'

test.each([
  [154, '[lb_av]', 'kg', 69.85322498],
  [1, 'g/L', 'mg/dL', 100],
  [7, '{score}', '1', 7],
  [3, 'steps', 'steps', 3],
])('%d %s in %s', (value, unit, wanted, expected) => {
  expect(valueIn({ value, unit }, wanted)).toBeCloseTo(expected)
})

test.each([
  ['kg', 'mm'],
  ['mg/dL', 'mmol/L'],
  ['lbs', 'kg'],
  ['steps', '1'],
])('%s cannot be converted into %s', (unit, wanted) => {
  expect(valueIn({ value: 1, unit }, wanted)).toBeUndefined()
})

test('what conversion leaves of equal values is no difference', () => {
  expect(difference(0.1 + 0.2, 0.3)).toBe(0)
  expect(difference(70.01, 70)).toBeCloseTo(0.01)
})
