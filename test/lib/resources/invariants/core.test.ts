import { expect, test } from '@jest/globals'
import {
  type Change,
  call,
  type Expected,
  goal,
  plan,
  problem,
  problemsAfter,
  remove,
  request,
  set,
} from '../mutations.ts'

const quantity = { code: 'kg', value: 1 }

test.each<[string, string, Change[], Expected]>([
  [
    'cpl-3',
    plan,
    [set('activity[0].detail', { status: 'unknown' })],
    ['invariant', 'CarePlan.activity[0]', 'must not have both detail and reference (cpl-3)'],
  ],
  [
    'gol-1',
    goal,
    [remove('target[0].measure')],
    ['invariant', 'Goal.target[0]', 'must have measure when it has detail (gol-1)'],
  ],
  [
    'inv-1',
    call,
    [set('lastModified', '2026-11-22'), set('authoredOn', '2026-11-23')],
    ['invariant', 'Task', 'must not have a lastModified before authoredOn (inv-1)'],
  ],
  [
    'per-1 across offsets',
    call,
    [set('restriction.period.end', '2026-11-23T20:04:59Z')],
    ['invariant', 'Task.restriction.period', 'must not end before it starts (per-1)'],
  ],
  [
    'prr-1',
    request,
    [remove('code')],
    ['invariant', 'ServiceRequest', 'must have code when it has orderDetail (prr-1)'],
  ],
  [
    'qty-3',
    request,
    [set('quantityQuantity', quantity)],
    ['invariant', 'ServiceRequest.quantity', 'must have system when it has code (qty-3)'],
  ],
  [
    'ext-1',
    call,
    [set('extension', [{ url: 'urn:x' }])],
    ['invariant', 'Task.extension[0]', 'must have either extension or value, not both (ext-1)'],
  ],
  [
    'rng-2',
    request,
    [
      remove('quantityQuantity'),
      set('quantityRange', { low: { value: 3, unit: 'boxes' }, high: { value: 2, unit: 'boxes' } }),
    ],
    ['invariant', 'ServiceRequest.quantity', 'must not have a low above its high (rng-2)'],
  ],
  [
    'rat-1',
    request,
    [remove('quantityQuantity'), set('quantityRatio', { numerator: { value: 3 } })],
    ['invariant', 'ServiceRequest.quantity', 'must have both numerator and denominator, or extensions alone (rat-1)'],
  ],
  [
    'tim-2',
    plan,
    [remove('activity[1].detail.scheduledTiming.repeat.periodUnit')],
    ['invariant', 'CarePlan.activity[1].detail.scheduled.repeat', 'must have periodUnit when it has period (tim-2)'],
  ],
])('%s', (_key, file, changes, expected) => {
  expect(problemsAfter(file, ...changes)).toEqual([problem(expected)])
})

test('a period is not refused for what its precision leaves open', () => {
  const period = (start: string, end: string) => problemsAfter(plan, set('period', { start, end }))
  expect(period('2026-11-23', '2026-11')).toEqual([])
  expect(period('2026-11-23T23:00:00-06:00', '2026-11-23')).toEqual([])
  expect(period('2026-11-23', '2026-11-22')).toHaveLength(1)
})

test('of a range in different units nothing is said', () => {
  const quantityRange = { low: { value: 300, unit: 'g' }, high: { value: 2, unit: 'kg' } }
  expect(problemsAfter(request, remove('quantityQuantity'), set('quantityRange', quantityRange))).toEqual([])
})
