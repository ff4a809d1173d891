import { describe, expect, test } from '@jest/globals'
import type { Period, Task } from 'fhir/r4'
import { createCalendar } from '../../../lib/pathways/calendar.ts'
import { lastInstantOf } from '../../../lib/pathways/date-time.ts'
import { defaultLadder, type Ladder, plainLadder, readLadder } from '../../../lib/pathways/ladder.ts'
import { ladderOf, taskClock, withClock, withRung } from '../../../lib/pathways/task-clock.ts'
import { storedClock, strikesOf } from '../../../lib/resources/task-clocks.ts'

const calendar = createCalendar({ base: 'us-federal', extra: [] })
const ladder = defaultLadder

const taskIn = (period: Period, others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  status: 'ready',
  intent: 'order',
  restriction: { period },
  ...others,
})

interface Settings {
  timeZone?: string
  complianceEnd?: string
  ladder?: Ladder
}

const timed = (period: Period, { timeZone = 'America/Chicago', ...others }: Settings = {}): Task => {
  const task = taskIn(period)
  return withClock(task, taskClock({ task, ladder, calendar, timeZone, ...others }))
}
const rungsOf = (period: Period, settings?: Settings): Record<string, string> =>
  Object.fromEntries(storedClock(timed(period, settings))!.rungs.map(({ step, at }) => [step, at]))

/** Local times, so that a person can check them against a calendar. */
const instants = (rungs: Record<string, string>, timeZone: string): Record<string, string> =>
  Object.fromEntries(Object.entries(rungs).map(([step, at]) => [step, lastInstantOf(at, timeZone)!]))

describe('the rungs of a window', () => {
  test.each([
    [
      'two business days over a weekend, with Thanksgiving after it',
      'America/Chicago',
      { start: '2026-11-20T14:00:00-06:00', end: '2026-11-24T23:59:59-06:00' },
      {
        reminder: '2026-11-23T12:00:00-06:00',
        'due-soon': '2026-11-24T13:00:00-06:00',
        overdue: '2026-11-24T23:59:59-06:00',
        // A business day for the supervisors: Wednesday finds out, Thursday is Thanksgiving.
        'escalation-2': '2026-11-27T23:59:59-06:00',
        'window-missed': '2026-11-24T23:59:59-06:00',
      },
    ],
    [
      'two business days over Thanksgiving',
      'America/New_York',
      { start: '2026-11-25T16:00:00-05:00', end: '2026-11-30T23:59:59-05:00' },
      {
        reminder: '2026-11-27T12:00:00-05:00',
        'due-soon': '2026-11-30T13:00:00-05:00',
        overdue: '2026-11-30T23:59:59-05:00',
        'escalation-2': '2026-12-02T23:59:59-05:00',
        'window-missed': '2026-11-30T23:59:59-05:00',
      },
    ],
    [
      'two business days while daylight saving ends',
      'America/New_York',
      { start: '2026-10-31T23:30:00-04:00', end: '2026-11-03T23:59:59-05:00' },
      {
        reminder: '2026-11-02T12:00:00-05:00',
        'due-soon': '2026-11-03T13:00:00-05:00',
        overdue: '2026-11-03T23:59:59-05:00',
        'escalation-2': '2026-11-05T23:59:59-05:00',
        'window-missed': '2026-11-03T23:59:59-05:00',
      },
    ],
    [
      'two business days of a discharge at midnight',
      'America/Chicago',
      { start: '2026-11-17T00:00:00-06:00', end: '2026-11-19T23:59:59-06:00' },
      {
        reminder: '2026-11-18T12:00:00-06:00',
        'due-soon': '2026-11-19T13:00:00-06:00',
        overdue: '2026-11-19T23:59:59-06:00',
        'escalation-2': '2026-11-23T23:59:59-06:00',
        'window-missed': '2026-11-19T23:59:59-06:00',
      },
    ],
    [
      'seven calendar days: half of it to the second',
      'America/Chicago',
      { start: '2026-11-09T12:00:00-06:00', end: '2026-11-16T23:59:59-06:00' },
      {
        reminder: '2026-11-13T06:00:00-06:00',
        'due-soon': '2026-11-16T13:00:00-06:00',
        overdue: '2026-11-16T23:59:59-06:00',
        'escalation-2': '2026-11-18T23:59:59-06:00',
        'window-missed': '2026-11-16T23:59:59-06:00',
      },
    ],
    [
      'thirty calendar days, due on a Sunday: warned on Friday',
      'America/Chicago',
      { start: '2026-11-21T00:00:00-06:00', end: '2026-12-20T23:59:59-06:00' },
      {
        reminder: '2026-12-06T00:00:00-06:00',
        'due-soon': '2026-12-18T13:00:00-06:00',
        overdue: '2026-12-20T23:59:59-06:00',
        'escalation-2': '2026-12-22T23:59:59-06:00',
        'window-missed': '2026-12-20T23:59:59-06:00',
      },
    ],
    [
      'thirty calendar days, due on a Wednesday: warned 24 hours before',
      'America/Chicago',
      { start: '2026-11-16T08:00:00-06:00', end: '2026-12-16T23:59:59-06:00' },
      {
        reminder: '2026-12-01T16:00:00-06:00',
        'due-soon': '2026-12-15T23:59:59-06:00',
        overdue: '2026-12-16T23:59:59-06:00',
        'escalation-2': '2026-12-18T23:59:59-06:00',
        'window-missed': '2026-12-16T23:59:59-06:00',
      },
    ],
    [
      'a day and a half over a weekend, without a business day',
      'America/Chicago',
      { start: '2026-11-21T12:00:00-06:00', end: '2026-11-22T23:59:59-06:00' },
      {
        reminder: '2026-11-22T06:00:00-06:00',
        overdue: '2026-11-22T23:59:59-06:00',
        'escalation-2': '2026-11-24T23:59:59-06:00',
        'window-missed': '2026-11-22T23:59:59-06:00',
      },
    ],
  ])('%s', (_what, timeZone, period, expected) => {
    expect(rungsOf(period, { timeZone })).toEqual(instants(expected, timeZone))
  })

  test('nobody is warned of what they have only just been given', () => {
    const fourHours = { start: '2026-11-23T09:00:00-06:00', end: '2026-11-23T13:00:00-06:00' }
    expect(Object.keys(rungsOf(fourHours))).toEqual(['reminder', 'overdue', 'escalation-2', 'window-missed'])
  })

  test('what counts for the programme may end later than the Task is due, also on a date', () => {
    const period = { start: '2026-11-20T14:00:00-06:00', end: '2026-11-24T23:59:59-06:00' }
    expect(rungsOf(period, { complianceEnd: '2026-11-27T23:59:59-06:00' })['window-missed']).toBe(
      '2026-11-28T05:59:59.000Z',
    )
    expect(rungsOf(period, { complianceEnd: '2026-11-27' })['window-missed']).toBe('2026-11-28T05:59:59.000Z')
  })

  test('a window that begins with a date begins with its first second, one that does not with the Task', () => {
    const end = '2026-11-28T00:00:00-06:00'
    expect(rungsOf({ start: '2026-11-18', end }).reminder).toBe('2026-11-23T06:00:00.000Z')
    const task = taskIn({ end }, { authoredOn: '2026-11-18T00:00:00-06:00' })
    const parts = { task, ladder, calendar, timeZone: 'America/Chicago' }
    expect(storedClock(withClock(task, taskClock(parts)))!.rungs[0]!.at).toBe('2026-11-23T06:00:00.000Z')
  })

  test('a Task that is never due has none', () => {
    expect(strikesOf(timed({ start: '2026-11-20T14:00:00-06:00' }))).toEqual([])
  })
})

describe('a ladder of its own', () => {
  const BASE = 'https://careloop.dev/fhir/StructureDefinition'
  const own = readLadder([
    {
      url: `${BASE}/escalation`,
      extension: [
        { url: 'step', valueCode: 'due-soon' },
        { url: 'before', valueDuration: { extension: [{ url: `${BASE}/business-days`, valuePositiveInt: 2 }] } },
      ],
    },
    {
      url: `${BASE}/escalation`,
      extension: [
        { url: 'step', valueCode: 'escalation-2' },
        { url: 'after', valueDuration: { value: 15, code: 'min' } },
      ],
    },
  ])!
  const period = { start: '2026-11-16T14:00:00-06:00', end: '2026-11-30T12:00:00-06:00' }

  test('gives its rungs and no others', () => {
    expect(rungsOf(period, { ladder: own })).toEqual({
      // Two business days before Monday: Friday and the Wednesday before Thanksgiving.
      'due-soon': '2026-11-25T18:00:00.000Z',
      'escalation-2': '2026-11-30T18:15:00.000Z',
    })
  })

  test('stays with the Task, also when a rung is moved', () => {
    const task = withRung(timed(period, { ladder: own }), 'escalation-2', '2026-12-01T18:00:00.000Z')
    expect(ladderOf(task)).toEqual(own)
    expect(storedClock(task)!.rungs).toEqual([
      { step: 'due-soon', at: '2026-11-25T18:00:00.000Z' },
      { step: 'escalation-2', at: '2026-12-01T18:00:00.000Z' },
    ])
  })

  test('that somebody has made unreadable gives way to the default', () => {
    const task = timed(period, { ladder: { ...own, source: [{ url: `${BASE}/escalation` }] } })
    expect(ladderOf(task)).toEqual(plainLadder)
    expect(ladderOf({ ...task, instantiatesCanonical: 'https://a.example|1' })).toEqual(ladder)
  })
})
