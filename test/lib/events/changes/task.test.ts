import { describe, expect, test } from '@jest/globals'
import type { Extension, Task } from 'fhir/r4'
import { task as rules } from '../../../../lib/events/changes/task.ts'
import type { Resource } from '../../../../lib/fhir.ts'
import { defaultSettings } from '../../../../lib/tenant.ts'

const BASE = 'https://careloop.dev/fhir/StructureDefinition'
const tenant = { ...defaultSettings, timeZone: 'America/Chicago' }
const END = '2026-11-24T23:59:59-06:00'
const DUE = '2026-11-25T05:59:59.000Z'
const REMINDER = '2026-11-23T18:00:00.000Z'
const SECOND = '2026-11-28T05:59:59.000Z'

const rung = (valueCode: string, valueInstant: string): Extension => ({
  url: 'rung',
  extension: [
    { url: 'step', valueCode },
    { url: 'at', valueInstant },
  ],
})
const clock: Extension = {
  url: `${BASE}/task-clock`,
  extension: [{ url: 'due', valueDateTime: END }, rung('reminder', REMINDER), rung('escalation-2', SECOND)],
}
const task = (others: Partial<Task> = {}): Resource =>
  ({
    resourceType: 'Task',
    status: 'ready',
    intent: 'order',
    extension: [clock],
    restriction: { period: { end: END } },
    ...others,
  }) as unknown as Resource

const changed = (before: Resource | undefined, after: Resource, woken?: string) =>
  rules.changed(before, after, { tenant, woken })
const struck = (after: string | undefined, until: string, resource = task()) =>
  rules.struck!(resource, { after, until }, tenant)

describe('the clock', () => {
  test('says which rung was reached, and of which due date', () => {
    expect(struck(undefined, REMINDER)).toEqual([
      { name: 'task-clock-struck', state: { status: 'ready', step: 'reminder', due: DUE } },
    ])
  })

  test('says all that was reached since it last struck, and nothing twice', () => {
    expect(struck(REMINDER, '2026-12-24T12:00:00.000Z').map(({ name }) => name)).toEqual([
      'task-overdue',
      'task-clock-struck',
    ])
    expect(struck(SECOND, '2026-12-24T12:00:00.000Z')).toEqual([])
  })

  test('does not say of a step what is no code', () => {
    const odd = { ...clock, extension: [clock.extension![0]!, rung('call Amelia', REMINDER)] }
    expect(struck(undefined, REMINDER, task({ extension: [odd] }))).toMatchObject([{ state: { step: '' } }])
  })
})

describe('the end of a Task', () => {
  test.each(['cancelled', 'failed', 'rejected', 'entered-in-error'] as const)('%s closes it', (status) => {
    expect(changed(task(), task({ status }))).toEqual([{ name: 'task-closed', state: { status, from: 'ready' } }])
  })

  test('is told once, and again when it ends otherwise', () => {
    const completed = task({ status: 'completed' })
    expect(changed(task(), completed)).toEqual([{ name: 'task-completed', state: { from: 'ready' } }])
    expect(changed(completed, task({ status: 'completed', priority: 'urgent' }))).toEqual([])
    expect(changed(completed, task({ status: 'entered-in-error' }))).toMatchObject([{ name: 'task-closed' }])
  })

  test('may be its deletion', () => {
    expect(rules.removed!(task(), { tenant, woken: undefined })).toEqual([
      { name: 'task-closed', state: { status: 'deleted', from: 'ready' } },
    ])
  })
})

describe('the rungs are to be computed again', () => {
  const RESCHEDULED = { name: 'task-rescheduled', state: { status: 'ready' } }
  const moved = task({ restriction: { period: { end: '2026-11-30T23:59:59-06:00' } } })

  test('when the due date is moved, each time', () => {
    expect(changed(task(), moved)).toEqual([RESCHEDULED])
    expect(changed(moved, task({ restriction: { period: { end: '2026-12-01T23:59:59-06:00' } } }))).toEqual([
      RESCHEDULED,
    ])
    expect(changed(moved, { ...moved, priority: 'urgent' })).toEqual([])
  })

  test('when somebody dropped them', () => {
    expect(changed(task(), task({ extension: undefined }))).toEqual([RESCHEDULED])
  })

  test('when a Task that was moved while it was closed is opened again', () => {
    expect(changed({ ...moved, status: 'cancelled' }, moved)).toEqual([RESCHEDULED])
  })

  test('not of a Task that never had any, has no due date, or is closed', () => {
    expect(changed(task({ extension: undefined }), task({ extension: undefined, priority: 'stat' }))).toEqual([])
    expect(changed(task(), task({ restriction: undefined }))).toEqual([])
    expect(changed(task({ status: 'failed' }), { ...moved, status: 'failed' })).toEqual([])
  })
})

test('what is put to before the clock last struck is said by the write itself, and what was said before is not', () => {
  const earlier: Extension = {
    ...clock,
    extension: [clock.extension![0]!, rung('reminder', '2026-11-22T18:00:00.000Z')],
  }
  expect(changed(task(), task({ extension: [earlier] }), REMINDER)).toMatchObject([{ state: { step: 'reminder' } }])
  expect(changed(task(), task({ priority: 'stat' }), REMINDER)).toEqual([])
})

test('what a pause kept quiet is said when it goes on', () => {
  const extension = [clock, { url: `${BASE}/pausable`, valueBoolean: true }]
  const paused = task({ status: 'on-hold', extension })
  expect(struck(undefined, REMINDER, paused)).toEqual([])
  expect(changed(paused, task({ extension }), REMINDER)).toMatchObject([{ state: { step: 'reminder' } }])
})
