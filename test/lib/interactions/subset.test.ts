import { describe, expect, test } from '@jest/globals'
import { subsetOf } from '../../../lib/interactions/subset.ts'

const task = {
  resourceType: 'Task',
  id: '1',
  meta: { versionId: '1', tag: [{ code: 'mine' }] },
  text: { status: 'generated', div: '<div/>' },
  status: 'ready',
  _status: { id: 'x' },
  restriction: { period: {} },
}
const namesOf = (subset: Parameters<typeof subsetOf>[1]) => Object.keys(subsetOf(task, subset)).sort()

describe('a part of a resource', () => {
  test.each([
    [{ elements: ['status'] }, ['_status', 'id', 'meta', 'resourceType', 'status']],
    [{ elements: ['restriction.period'] }, ['id', 'meta', 'resourceType', 'restriction']],
    [{ summary: 'text' }, ['id', 'meta', 'resourceType', 'text']],
    [{ summary: 'data' }, ['_status', 'id', 'meta', 'resourceType', 'restriction', 'status']],
    [{ summary: 'true' }, ['_status', 'id', 'meta', 'resourceType', 'restriction', 'status']],
  ] as const)('%j', (subset, names) => {
    expect(namesOf(subset)).toEqual(names)
    expect(subsetOf(task, subset).meta!.tag!.map(({ code }) => code)).toEqual(['mine', 'SUBSETTED'])
  })

  test('the whole is not tagged', () => {
    expect(subsetOf(task, {})).toBe(task)
    expect(subsetOf(task, { summary: 'false' })).toBe(task)
  })
})
