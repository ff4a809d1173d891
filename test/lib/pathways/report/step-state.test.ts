import { describe, expect, test } from '@jest/globals'
import type { Task } from 'fhir/r4'
import { standingOf } from '../../../../lib/pathways/report/step-state.ts'

const ZONE = 'America/Chicago'
const START = '2026-11-20T14:00:00-06:00'
const DUE = '2026-11-24T23:59:59-06:00'
const END = '2026-11-25T05:59:59.000Z'
const BASE = 'https://careloop.dev/fhir'

const period = (end: string) => ({
  start: START,
  end,
  extension: [{ url: `${BASE}/StructureDefinition/counted-due`, valueDateTime: DUE }],
})
const task = (elements: Partial<Task>): Task => ({
  resourceType: 'Task',
  id: 'contact',
  status: 'ready',
  intent: 'order',
  restriction: { period: period(DUE) },
  ...elements,
})
const output = (system: string, code: string, reference: string) => ({
  type: { coding: [{ system, code }] },
  valueReference: { reference },
})
const attempts = [
  output(`${BASE}/CodeSystem/task-business-status`, 'attempts-met', 'Communication/1'),
  output(`${BASE}/CodeSystem/task-business-status`, 'attempts-met', 'Communication/2'),
]
const call = output(`${BASE}/CodeSystem/task-output`, 'evidence', 'Communication/3')
const stateAt = (now: string, elements: Partial<Task>) => standingOf(task(elements), ZONE, now).state
const done = (end: string, elements: Partial<Task> = {}) =>
  standingOf(task({ status: 'completed', executionPeriod: { end }, ...elements }), ZONE, '2026-12-24T00:00:00.000Z')

describe('a step that is done', () => {
  test.each([
    ['with the last second of its window', '2026-11-24T23:59:59-06:00', 'met'],
    ['within that second', '2026-11-25T05:59:59.700Z', 'met'],
    ['a second later', '2026-11-25T00:00:00-06:00', 'met-late'],
    ['on its last day, at a time that nobody noted', '2026-11-24', 'met'],
    ['on the day after', '2026-11-25', 'met-late'],
    ['on its first day, at a time that nobody noted', '2026-11-20', 'met'],
    ['as its window begins', START, 'met'],
    ['before that', '2026-11-20T13:59:59-06:00', 'met-early'],
  ])('%s', (_name, end, state) => {
    expect(done(end).state).toBe(state)
  })

  test('names what closed it, and else itself', () => {
    expect(done('2026-11-23', { output: [call] })).toEqual({
      state: 'met',
      evidence: ['Communication/3'],
      evidenceDate: '2026-11-23',
    })
    expect(done('2026-11-23').evidence).toEqual(['Task/contact'])
  })

  test('counts by its attempts when it was reached too late', () => {
    const late = done('2026-11-26', { output: [...attempts, call] })
    expect(late).toEqual({ state: 'attempts-met', evidence: ['Communication/1', 'Communication/2'] })
    expect(done('2026-11-24', { output: [...attempts, call] })).toMatchObject({
      state: 'met',
      evidence: ['Communication/3'],
    })
  })

  test('does not count for being done by a later date that somebody agreed on', () => {
    expect(done('2026-11-26', { restriction: { period: period('2026-11-30T23:59:59-06:00') } }).state).toBe('met-late')
  })
})

describe('a step that is not done', () => {
  test('is open until it is due, and has missed its window then', () => {
    expect(stateAt(END, {})).toBe('open')
    expect(stateAt('2026-11-25T06:00:00.000Z', {})).toBe('window-missed')
  })

  test('is overdue while it can still count', () => {
    const sooner = { restriction: { period: period('2026-11-23T23:59:59-06:00') } }
    expect(stateAt('2026-11-24T12:00:00.000Z', sooner)).toBe('overdue')
    expect(stateAt('2026-11-25T12:00:00.000Z', sooner)).toBe('window-missed')
  })

  test('has met what is accepted in place of success, by evidence and not by its mark alone', () => {
    expect(stateAt('2026-11-26T12:00:00.000Z', { output: attempts })).toBe('attempts-met')
    const mark = { coding: [{ system: `${BASE}/CodeSystem/task-business-status`, code: 'attempts-met' }] }
    expect(stateAt('2026-11-26T12:00:00.000Z', { businessStatus: mark })).toBe('window-missed')
  })

  test.each<[Task['status'], Task['statusReason'], string]>([
    ['cancelled', { coding: [{ system: `${BASE}/CodeSystem/automation-reason`, code: 'readmitted' }] }, 'readmitted'],
    ['cancelled', { coding: [{ system: 'urn:ours', code: 'moved-away' }] }, 'moved-away'],
    ['rejected', undefined, 'rejected'],
    ['failed', undefined, 'failed'],
    ['entered-in-error', undefined, 'entered-in-error'],
  ])('and was %s is withdrawn for %j', (status, statusReason, reason) => {
    const standing = standingOf(task({ status, ...(statusReason && { statusReason }) }), ZONE, END)
    expect(standing).toEqual({ state: 'withdrawn', reason, evidence: [] })
  })

  test('and is never due stays open', () => {
    expect(standingOf({ resourceType: 'Task', id: '1', status: 'ready', intent: 'order' }, ZONE, END).state).toBe(
      'open',
    )
  })
})
