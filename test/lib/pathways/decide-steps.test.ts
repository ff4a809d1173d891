import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Task } from 'fhir/r4'
import { decideSteps, type Grounds, type Verdict } from '../../../lib/pathways/decide-steps.ts'
import { openTaskStatuses } from '../../../lib/resources/task-clocks.ts'
import { stepOf } from './steps.ts'

const task = (status: Task['status']): Task => ({ resourceType: 'Task', status, intent: 'order' })

/** `applies`: of the steps, by id; one that is not named applies. */
const decided = (
  steps: Parameters<typeof decideSteps>[0],
  tasks: Readonly<Record<string, Task['status']>> = {},
  applies: Readonly<Record<string, boolean | undefined>> = {},
): Record<string, Verdict> => {
  const grounds: Grounds = {
    taskOf: ({ id }) => (tasks[id] ? task(tasks[id]) : undefined),
    applies: ({ id }) => (id in applies ? applies[id] : true),
    isDone: (name) => steps.some(({ id, oneOf }) => (id === name || oneOf === name) && tasks[id] === 'completed'),
  }
  return Object.fromEntries(decideSteps(steps, grounds))
}

describe('a step of its own', () => {
  test('is wanted when its conditions hold, unwanted when not, undecided when nobody can tell', () => {
    const steps = [stepOf('yes'), stepOf('no'), stepOf('unknown')]
    expect(decided(steps, {}, { no: false, unknown: undefined })).toEqual({
      yes: 'wanted',
      no: 'unwanted',
      unknown: 'undecided',
    })
  })

  test('after another is wanted only once that is done', () => {
    const steps = [stepOf('call'), stepOf('again', { after: { step: 'call' } })]
    expect(decided(steps, { call: 'ready' }).again).toBe('unwanted')
    expect(decided(steps, { call: 'cancelled' }).again).toBe('unwanted')
    expect(decided(steps, { call: 'completed' }).again).toBe('wanted')
  })

  test('after a group is wanted once one of the group is done', () => {
    const steps = [
      stepOf('a', { oneOf: 'visit' }),
      stepOf('b', { oneOf: 'visit' }),
      stepOf('c', { after: { step: 'visit' } }),
    ]
    expect(decided(steps, { b: 'ready' }).c).toBe('unwanted')
    expect(decided(steps, { b: 'completed' }).c).toBe('wanted')
  })
})

describe('of alternatives', () => {
  const visits = [stepOf('soon', { oneOf: 'visit' }), stepOf('later', { oneOf: 'visit' })]

  test('the first that applies is taken', () => {
    expect(decided(visits)).toEqual({ soon: 'wanted', later: 'unwanted' })
    expect(decided(visits, {}, { soon: false })).toEqual({ soon: 'unwanted', later: 'wanted' })
  })

  test('the one that is done stays, though another would be taken now', () => {
    expect(decided(visits, { later: 'completed' })).toEqual({ soon: 'unwanted', later: 'wanted' })
    expect(decided(visits, { later: 'completed' }, { later: false })).toEqual({ soon: 'unwanted', later: 'wanted' })
  })

  test('one that cannot be judged is passed over, unless it was begun', () => {
    expect(decided(visits, {}, { soon: undefined })).toEqual({ soon: 'unwanted', later: 'wanted' })
    expect(decided(visits, { soon: 'ready' }, { soon: undefined })).toEqual({ soon: 'undecided', later: 'unwanted' })
  })

  test('one at most is wanted, whatever has become of them', () => {
    const status = fc.option(fc.constantFrom('completed', 'cancelled', ...openTaskStatuses), { nil: undefined })
    const alternative = fc.record({ status, applies: fc.constantFrom(true, false, undefined) })
    fc.assert(
      fc.property(fc.array(alternative, { minLength: 1, maxLength: 4 }), (alternatives) => {
        const steps = alternatives.map((_, n) => stepOf(String(n), { oneOf: 'group' }))
        const tasks = Object.fromEntries(alternatives.flatMap((each, n) => (each.status ? [[n, each.status]] : [])))
        const applies = Object.fromEntries(alternatives.map((each, n) => [n, each.applies]))
        const verdicts = Object.values(decided(steps, tasks as Record<string, Task['status']>, applies))
        expect(verdicts.filter((verdict) => verdict !== 'unwanted').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
