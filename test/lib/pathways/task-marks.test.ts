import { describe, expect, test } from '@jest/globals'
import type { Task } from 'fhir/r4'
import { businessStatus } from '../../../lib/pathways/codes.ts'
import { attemptsMet, marked, markedMissed, unmarked } from '../../../lib/pathways/task-marks.ts'
import { defaultSettings } from '../../../lib/tenant.ts'

const NOW = '2026-11-24T12:00:00.000Z'
const task = (others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  status: 'ready',
  intent: 'order',
  ...others,
})
const statusOf = ({ businessStatus: status }: Task) => status?.coding?.[0]?.code
const due = (end: string) => ({ restriction: { period: { end } } })

describe('a mark', () => {
  test.each([
    [undefined, 'due-soon', 'due-soon'],
    ['new', 'due-soon', 'due-soon'],
    ['assigned', 'overdue', 'overdue'],
    ['due-soon', 'overdue', 'overdue'],
    ['overdue', 'escalated', 'escalated'],
    // Late and out of order: what is worse stays.
    ['overdue', 'due-soon', 'overdue'],
    ['escalated', 'overdue', 'escalated'],
    ['attempts-met', 'overdue', 'attempts-met'],
  ] as const)('on %s: %s gives %s', (before, mark, after) => {
    expect(statusOf(marked(task(before && { businessStatus: businessStatus(before) }), mark))).toBe(after)
  })

  test('that it is due soon does not replace what people say, that it is overdue does', () => {
    const theirs = task({ businessStatus: { coding: [{ code: 'attempt-1' }] } })
    expect(statusOf(marked(theirs, 'due-soon'))).toBe('attempt-1')
    expect(statusOf(marked(theirs, 'overdue'))).toBe('overdue')
  })
})

test('attempts are met by the code of this system alone', () => {
  expect(attemptsMet(task({ businessStatus: businessStatus('attempts-met') }))).toBe(true)
  expect(attemptsMet(task({ businessStatus: { coding: [{ code: 'attempts-met' }] } }))).toBe(false)
})

describe('a Task whose dates were moved', () => {
  const overdue = (end: string, owner = 'Practitioner/nora') =>
    task({ ...due(end), businessStatus: businessStatus('overdue'), owner: { reference: owner } })

  test('to later is no longer overdue: it is assigned, or new in the pool', () => {
    expect(statusOf(unmarked(overdue('2026-11-25T12:00:00Z'), defaultSettings, NOW))).toBe('assigned')
    const pool = `CareTeam/${defaultSettings.careManagementPool.id}`
    expect(statusOf(unmarked(overdue('2026-11-25T12:00:00Z', pool), defaultSettings, NOW))).toBe('new')
  })

  test('and is still due in the past stays overdue', () => {
    expect(statusOf(unmarked(overdue('2026-11-23T12:00:00Z'), defaultSettings, NOW))).toBe('overdue')
  })

  test('keeps what people say of it', () => {
    const theirs = task({ ...due('2026-11-25T12:00:00Z'), businessStatus: { coding: [{ code: 'scheduled' }] } })
    expect(unmarked(theirs, defaultSettings, NOW)).toEqual(theirs)
  })

  const clock = (at: string) => ({
    extension: [
      {
        url: 'https://careloop.dev/fhir/StructureDefinition/task-clock',
        extension: [
          { url: 'due', valueDateTime: '2026-11-25T12:00:00Z' },
          {
            url: 'rung',
            extension: [
              { url: 'step', valueCode: 'window-missed' },
              { url: 'at', valueInstant: at },
            ],
          },
        ],
      },
    ],
  })

  test('so that it can count again has not missed its window, and keeps the reason people gave', () => {
    const before = task({ ...due('2026-11-25T12:00:00Z'), ...clock('2026-11-25T12:00:00Z') })
    expect(unmarked(markedMissed(before), defaultSettings, NOW)).toEqual(before)
    const waiting = { ...before, statusReason: { text: 'Waiting for a call' } }
    expect(unmarked(markedMissed(waiting), defaultSettings, NOW)).toEqual(waiting)
  })

  test('but cannot count any more has missed it as before', () => {
    const before = markedMissed(task({ ...due('2026-11-25T12:00:00Z'), ...clock('2026-11-23T12:00:00Z') }))
    expect(unmarked(before, defaultSettings, NOW)).toEqual(before)
    expect(markedMissed(before)).toBe(before)
  })
})
