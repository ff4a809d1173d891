import { describe, expect, test } from '@jest/globals'
import type { Extension, Task } from 'fhir/r4'
import { clocks, isCurrent, storedClock, strikesOf } from '../../../lib/resources/task-clocks.ts'

const BASE = 'https://careloop.dev/fhir/StructureDefinition'
const END = '2026-11-24T23:59:59-06:00'

const rung = (valueCode: string, valueInstant: string): Extension => ({
  url: 'rung',
  extension: [
    { url: 'step', valueCode },
    { url: 'at', valueInstant },
  ],
})
const clock: Extension = {
  url: `${BASE}/task-clock`,
  extension: [
    { url: 'due', valueDateTime: END },
    rung('reminder', '2026-11-23T18:00:00Z'),
    rung('overdue', '2026-11-25T05:59:59Z'),
    rung('escalation-2', '2026-11-28T05:59:59Z'),
  ],
}
const task: Task = {
  resourceType: 'Task',
  status: 'ready',
  intent: 'order',
  extension: [clock],
  restriction: { period: { end: END } },
}
const steps = (changed: Partial<Task>) => strikesOf({ ...task, ...changed }).map(({ step }) => step)

test('each rung strikes, overdue once, all for the due date of the Task', () => {
  expect(strikesOf(task)).toEqual([
    { step: 'overdue', at: '2026-11-25T05:59:59.000Z', due: '2026-11-25T05:59:59.000Z' },
    { step: 'reminder', at: '2026-11-23T18:00:00.000Z', due: '2026-11-25T05:59:59.000Z' },
    { step: 'escalation-2', at: '2026-11-28T05:59:59.000Z', due: '2026-11-25T05:59:59.000Z' },
  ])
  expect(clocks(task as never)).toHaveLength(3)
})

describe('only the due date strikes', () => {
  test('when it was moved since the rungs were computed', () => {
    const moved = { ...task, restriction: { period: { end: '2026-11-30T23:59:59-06:00' } } }
    expect(strikesOf(moved)).toEqual([
      { step: 'overdue', at: '2026-12-01T05:59:59.000Z', due: '2026-12-01T05:59:59.000Z' },
    ])
    expect(isCurrent(storedClock(task)!, task)).toBe(true)
    expect(isCurrent(storedClock(task)!, moved)).toBe(false)
  })

  test('of a Task without rungs', () => {
    expect(steps({ extension: undefined })).toEqual(['overdue'])
  })
})

test('a Task on hold is silent when it can be paused, and only then', () => {
  const extension = [clock, { url: `${BASE}/pausable`, valueBoolean: true }]
  expect(steps({ status: 'on-hold' })).toHaveLength(3)
  expect(steps({ status: 'on-hold', extension })).toEqual([])
  expect(steps({ status: 'in-progress', extension })).toHaveLength(3)
})

test('a rung that is no moment is passed over', () => {
  const broken = [{ url: 'rung', extension: [{ url: 'step', valueCode: 'reminder' }] }, rung('due-soon', 'soon')]
  expect(steps({ extension: [{ ...clock, extension: [...clock.extension!, ...broken] }] })).toHaveLength(3)
})
