import { describe, expect, test } from '@jest/globals'
import type { Communication, Task } from 'fhir/r4'
import { MINUTES_SPENT } from '../../../../lib/follow-up/team/codes.ts'
import { communicationEntry, type Entry, ledgerOf, taskEntry } from '../../../../lib/follow-up/team/time-ledger.ts'
import { dateRange } from '../../../../lib/search/date.ts'
import { zoneOf } from '../../../../lib/search/zone.ts'

const zone = zoneOf('America/Chicago')
const november = dateRange('2026-11', zone)!
const spent = (minutes: number) => [{ url: MINUTES_SPENT, valuePositiveInt: minutes }]
const task = (start: string | undefined, end: string | undefined, others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 't',
  status: 'completed',
  intent: 'order',
  for: { reference: 'Patient/ann' },
  owner: { reference: 'Practitioner/nora' },
  executionPeriod: { ...(start && { start }), ...(end && { end }) },
  ...others,
})

describe('a Task', () => {
  test.each<[string, Task, { date: string; minutes: number; basis: string } | undefined]>([
    [
      'by its period',
      task('2026-11-05T10:00:00-06:00', '2026-11-05T10:25:59-06:00'),
      { date: '2026-11-05', minutes: 25, basis: 'period' },
    ],
    [
      'as stated, whatever its period',
      task('2026-11-05T10:00:00-06:00', '2026-11-05T10:25:00-06:00', { extension: spent(7) }),
      { date: '2026-11-05', minutes: 7, basis: 'stated' },
    ],
    [
      'four hours',
      task('2026-11-05T10:00:00-06:00', '2026-11-05T14:00:00-06:00'),
      { date: '2026-11-05', minutes: 240, basis: 'period' },
    ],
    [
      'a minute longer says nothing',
      task('2026-11-05T10:00:00-06:00', '2026-11-05T14:01:00-06:00'),
      { date: '2026-11-05', minutes: 0, basis: 'unknown' },
    ],
    ['days say nothing', task('2026-11-05', '2026-11-05'), { date: '2026-11-05', minutes: 0, basis: 'unknown' }],
    [
      'an end before its start says nothing',
      task('2026-11-05T11:00:00-06:00', '2026-11-05T10:00:00-06:00'),
      { date: '2026-11-05', minutes: 0, basis: 'unknown' },
    ],
    [
      'begun and not ended',
      task('2026-11-05T11:00:00-06:00', undefined, { status: 'in-progress' }),
      { date: '2026-11-05', minutes: 0, basis: 'unknown' },
    ],
    [
      'the last minute of the month here, December in UTC',
      task('2026-11-30T23:30:00-06:00', '2026-11-30T23:59:00-06:00'),
      { date: '2026-11-30', minutes: 29, basis: 'period' },
    ],
    ['October here, November in UTC', task('2026-10-31T22:00:00-05:00', '2026-10-31T22:30:00-05:00'), undefined],
    [
      'into the month',
      task('2026-10-31T23:50:00-05:00', '2026-11-01T00:10:00-05:00'),
      { date: '2026-11-01', minutes: 20, basis: 'period' },
    ],
    [
      'a mistake',
      task('2026-11-05T10:00:00-06:00', '2026-11-05T10:25:00-06:00', { status: 'entered-in-error' }),
      undefined,
    ],
    ['never worked on', task(undefined, undefined), undefined],
  ])('%s', (_name, given, expected) => {
    const entry = taskEntry(given, november, zone)
    expect(entry && { date: entry.date, minutes: entry.minutes, basis: entry.basis }).toEqual(expected)
  })
})

test('a Communication counts what is stated of it', () => {
  const call: Communication = {
    resourceType: 'Communication',
    id: 'c',
    status: 'completed',
    sent: '2026-11-09T09:00:00-06:00',
    subject: { reference: 'Patient/ann' },
    sender: { reference: 'Practitioner/nora' },
    extension: spent(12),
  }
  expect(communicationEntry(call, november, zone)).toEqual({
    date: '2026-11-09',
    source: 'Communication/c',
    patient: 'Patient/ann',
    person: 'Practitioner/nora',
    minutes: 12,
    basis: 'stated',
  })
  expect(communicationEntry({ ...call, extension: [] }, november, zone)).toBeUndefined()
  expect(communicationEntry({ ...call, status: 'in-progress' }, november, zone)).toBeUndefined()
  expect(communicationEntry({ ...call, sent: '2026-12-01T00:00:00-06:00' }, november, zone)).toBeUndefined()
})

test('a ledger adds up by patient and person, and says which thresholds are reached', () => {
  const entry = (patient: string, person: string, minutes: number): Entry => ({
    date: '2026-11-05',
    source: `Task/${patient}${person}${minutes}`,
    patient,
    person,
    minutes,
    basis: 'stated',
  })
  const ledger = ledgerOf([
    entry('b', 'x', 19),
    entry('a', 'x', 15),
    entry('a', 'y', 44),
    entry('a', 'x', 1),
    entry('c', '', 20),
  ])
  expect(ledger.map(({ patient, minutes, people, reached }) => ({ patient, minutes, people, reached }))).toEqual([
    {
      patient: 'a',
      minutes: 60,
      people: [
        { person: 'x', minutes: 16 },
        { person: 'y', minutes: 44 },
      ],
      reached: [20, 60],
    },
    { patient: 'b', minutes: 19, people: [{ person: 'x', minutes: 19 }], reached: [] },
    { patient: 'c', minutes: 20, people: [{ person: '', minutes: 20 }], reached: [20] },
  ])
})
