import { describe, expect, test } from '@jest/globals'
import type { Task } from 'fhir/r4'
import { doneTask, followedStep, type StepState } from '../../../lib/follow-up/follow-step.ts'

const NOW = '2026-11-23T17:00:00.000Z'
const OPEN: StepState = { kind: 'open' }
const DONE: StepState = { kind: 'done', at: '2026-11-23T10:00:00Z', evidence: 'Task/ask' }
const WITHDRAWN: StepState = { kind: 'withdrawn', reason: 'original-closed', text: 'The Task it is about was closed.' }

const step = (others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 's',
  status: 'ready',
  intent: 'order',
  ...others,
})
const follow = (task: Task, state: StepState): Task =>
  followedStep(task, state, (each) => ({ ...each, note: [{ text: 'timed' }] }), NOW)

const OURS = {
  ready: step(),
  'in-progress': step({ status: 'in-progress' }),
  withdrawn: follow(step(), WITHDRAWN),
  done: doneTask(step(), '2026-11-23T10:00:00Z', 'Task/ask'),
}

test.each([
  ['ready', OPEN, 'ready'],
  ['ready', DONE, 'completed'],
  ['ready', WITHDRAWN, 'cancelled'],
  ['in-progress', OPEN, 'in-progress'],
  ['in-progress', DONE, 'completed'],
  ['in-progress', WITHDRAWN, 'cancelled'],
  ['withdrawn', OPEN, 'ready'],
  ['withdrawn', DONE, 'completed'],
  ['withdrawn', WITHDRAWN, 'cancelled'],
  ['done', OPEN, 'ready'],
  ['done', DONE, 'completed'],
  ['done', WITHDRAWN, 'completed'],
] as const)('a step that is %s, to be %j, is %s; a second look changes nothing', (was, state, status) => {
  const after = follow(OURS[was], state)
  expect(after.status).toBe(status)
  expect(follow(after, state)).toBe(after)
})

test('opened again it has a new window and no trace of what closed it', () => {
  for (const was of [OURS.withdrawn, OURS.done]) {
    const after = follow(was, OPEN)
    expect(after.note).toEqual([{ text: 'timed' }])
    expect([after.statusReason, after.output, after.executionPeriod]).toEqual([undefined, undefined, undefined])
  }
})

test('what a person has opened again stays open, until something else shows that it is done', () => {
  const opened: Task = { ...OURS.done, status: 'in-progress' }
  expect(follow(opened, DONE)).toBe(opened)
  expect(follow(opened, { ...DONE, evidence: 'Task/other' }).status).toBe('completed')
})

describe('what people have closed stays, whatever it is to be', () => {
  test.each([
    ['completed', step({ status: 'completed', output: [{ type: { text: 'Letter' }, valueString: 'sent' }] })],
    ['cancelled', step({ status: 'cancelled', statusReason: { text: 'Not needed' } })],
    ['failed', step({ status: 'failed', statusReason: { text: 'No address' } })],
  ])('%s', (_what, task) => {
    for (const state of [OPEN, DONE, WITHDRAWN]) expect(follow(task, state)).toBe(task)
  })
})
