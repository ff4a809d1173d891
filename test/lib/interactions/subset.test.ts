import { describe, expect, test } from '@jest/globals'
import { subsetOf } from '../../../lib/interactions/subset.ts'

const task = {
  resourceType: 'Task',
  id: '1',
  meta: { versionId: '1', tag: [{ code: 'mine' }] },
  text: { status: 'generated', div: '<div/>' },
  status: 'ready',
  _status: { id: 'x' },
  description: 'a call',
  intent: 'order',
  restriction: { period: {} },
}
const MANDATORY = ['_status', 'id', 'intent', 'meta', 'resourceType', 'status']
const namesOf = (subset: Parameters<typeof subsetOf>[1]) => Object.keys(subsetOf(task, subset)).sort()

describe('a part of a resource', () => {
  test.each([
    // status and intent are mandatory
    [{ elements: ['description'] }, ['description', ...MANDATORY]],
    [{ elements: ['restriction.period'] }, [...MANDATORY, 'restriction']],
    [{ summary: 'text' }, [...MANDATORY, 'text']],
    [{ summary: 'data' }, ['description', ...MANDATORY, 'restriction']],
    // a summary of a Task is without its restriction
    [{ summary: 'true' }, ['description', ...MANDATORY]],
  ] as const)('%j', (subset, names) => {
    expect(namesOf(subset)).toEqual([...names].sort())
    expect(subsetOf(task, subset).meta!.tag!.map(({ code }) => code)).toEqual(['mine', 'SUBSETTED'])
  })

  test('an element with a choice of types is shown as whichever it is', () => {
    const observation = { resourceType: 'Observation', status: 'final', valueQuantity: { value: 1 }, note: [] }
    expect(Object.keys(subsetOf(observation, { summary: 'true' }))).toEqual(
      expect.arrayContaining(['status', 'valueQuantity']),
    )
    expect(subsetOf(observation, { summary: 'true' }).note).toBeUndefined()
  })

  test('the whole is not tagged', () => {
    expect(subsetOf(task, {})).toBe(task)
    expect(subsetOf(task, { summary: 'false' })).toBe(task)
  })
})
