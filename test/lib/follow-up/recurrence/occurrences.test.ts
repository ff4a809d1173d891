import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Timing } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { type Occurrence, occurrences } from '../../../../lib/follow-up/recurrence/occurrences.ts'
import { scheduleOf } from '../../../../lib/follow-up/recurrence/timing.ts'

const CHICAGO = 'America/Chicago'
type Repeat = NonNullable<Timing['repeat']>

const first = (count: number, timing: Timing, from = '2026-01-31', timeZone = CHICAGO): Occurrence[] =>
  occurrences(scheduleOf(timing, from, timeZone))
    .take(count)
    .toArray()
const days = (count: number, repeat: Repeat, from?: string): string[] =>
  first(count, { repeat }, from).map(({ start }) => start.slice(0, 10))

test.each<[string, Repeat, string, string[]]>([
  [
    'monthly on the 31st',
    { period: 1, periodUnit: 'mo' },
    '2026-01-31',
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'],
  ],
  [
    'monthly on the 31st, leap year',
    { period: 1, periodUnit: 'mo' },
    '2028-01-31',
    ['2028-01-31', '2028-02-29', '2028-03-31'],
  ],
  [
    'every third month on the 30th',
    { period: 3, periodUnit: 'mo' },
    '2026-11-30',
    ['2026-11-30', '2027-02-28', '2027-05-30'],
  ],
  [
    'yearly on a leap day',
    { period: 1, periodUnit: 'a' },
    '2028-02-29',
    ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'],
  ],
  ['every day', { frequency: 1, period: 1, periodUnit: 'd' }, '2026-02-27', ['2026-02-27', '2026-02-28', '2026-03-01']],
  ['every 10 days', { period: 10, periodUnit: 'd' }, '2026-02-20', ['2026-02-20', '2026-03-02', '2026-03-12']],
  ['weekly', { period: 1, periodUnit: 'wk' }, '2026-11-25', ['2026-11-25', '2026-12-02']],
  [
    'twice a week, Tue and Thu',
    { frequency: 2, period: 1, periodUnit: 'wk', dayOfWeek: ['thu', 'tue'] },
    '2026-11-23',
    ['2026-11-24', '2026-11-26', '2026-12-01', '2026-12-03'],
  ],
  [
    'Tue and Thu, begun on a Wednesday',
    { frequency: 2, period: 1, periodUnit: 'wk', dayOfWeek: ['tue', 'thu'] },
    '2026-11-25',
    ['2026-11-26', '2026-12-01', '2026-12-03'],
  ],
  [
    'every second week on Fridays',
    { period: 2, periodUnit: 'wk', dayOfWeek: ['fri'] },
    '2026-11-23',
    ['2026-11-27', '2026-12-11'],
  ],
  [
    'twice a week, spread',
    { frequency: 2, period: 1, periodUnit: 'wk' },
    '2026-11-23',
    ['2026-11-23', '2026-11-26', '2026-11-30', '2026-12-03'],
  ],
  [
    'twice a month, spread',
    { frequency: 2, period: 1, periodUnit: 'mo' },
    '2026-11-01',
    ['2026-11-01', '2026-11-16', '2026-12-01', '2026-12-16'],
  ],
  [
    'three times and no more',
    { count: 3, period: 1, periodUnit: 'd' },
    '2026-11-23',
    ['2026-11-23', '2026-11-24', '2026-11-25'],
  ],
  [
    'until the bounds end',
    { boundsPeriod: { start: '2026-11-23', end: '2026-11-30' }, period: 3, periodUnit: 'd' },
    '2020-01-01',
    ['2026-11-23', '2026-11-26', '2026-11-29'],
  ],
  [
    'for two weeks',
    { boundsDuration: { value: 2, code: 'wk' }, period: 1, periodUnit: 'wk' },
    '2026-11-23',
    ['2026-11-23', '2026-11-30'],
  ],
])('%s', (_name, repeat, from, expected) => {
  const isLimited = repeat.count !== undefined || repeat.boundsPeriod || repeat.boundsDuration
  expect(days(isLimited ? 99 : expected.length, repeat, from)).toEqual(expected)
})

test('an occurrence lasts its day, as long as that day is', () => {
  expect(first(2, { repeat: { period: 1, periodUnit: 'd' } }, '2026-10-31')).toEqual([
    { sequence: 1, start: '2026-10-31T00:00:00-05:00', end: '2026-10-31T23:59:59-05:00' },
    { sequence: 2, start: '2026-11-01T00:00:00-05:00', end: '2026-11-01T23:59:59-06:00' },
  ])
})

test('times of day are local times, across a change of the clocks', () => {
  const repeat: Repeat = { frequency: 2, period: 1, periodUnit: 'd', timeOfDay: ['20:00:00', '02:30:00'] }
  expect(first(4, { repeat }, '2027-03-13').map(({ start, end }) => [start, end])).toEqual([
    ['2027-03-13T02:30:00-06:00', '2027-03-13T19:59:59-06:00'],
    ['2027-03-13T20:00:00-06:00', '2027-03-13T23:59:59-06:00'],
    ['2027-03-14T03:30:00-05:00', '2027-03-14T19:59:59-05:00'],
    ['2027-03-14T20:00:00-05:00', '2027-03-14T23:59:59-05:00'],
  ])
})

test('periodMax leaves more time', () => {
  const repeat: Repeat = { period: 4, periodMax: 6, periodUnit: 'wk' }
  expect(first(1, { repeat }, '2026-11-23')).toMatchObject([
    { start: '2026-11-23T00:00:00-06:00', end: '2026-12-07T23:59:59-06:00' },
  ])
})

test('hours are counted exactly', () => {
  const starts = first(3, { repeat: { period: 8, periodUnit: 'h' } }, '2026-10-31T16:00:00-05:00').map(
    ({ start }) => start,
  )
  expect(starts).toEqual(['2026-10-31T16:00:00-05:00', '2026-11-01T00:00:00-05:00', '2026-11-01T07:00:00-06:00'])
})

test('moments that are named one by one', () => {
  const starts = first(9, { event: ['2026-12-24', '2026-11-26T10:00:00-06:00'] }).map(({ start }) => start)
  expect(starts).toEqual(['2026-11-26T10:00:00-06:00', '2026-12-24T00:00:00-06:00'])
})

test.each<[string, Timing]>([
  ['tim-1', { repeat: { duration: 1, period: 1, periodUnit: 'd' } }],
  ['tim-2', { repeat: { period: 1 } }],
  ['tim-4', { repeat: { duration: -1, durationUnit: 'h', period: 1, periodUnit: 'd' } }],
  ['tim-5', { repeat: { period: -1, periodUnit: 'd' } }],
  ['tim-6', { repeat: { frequency: 1, periodMax: 2 } }],
  ['tim-7', { repeat: { durationMax: 2, period: 1, periodUnit: 'd' } }],
  ['tim-8', { repeat: { countMax: 2, period: 1, periodUnit: 'd' } }],
  ['tim-9', { repeat: { offset: 30, when: ['CM'], period: 1, periodUnit: 'd' } }],
  ['tim-10', { repeat: { timeOfDay: ['08:00:00'], when: ['MORN'], period: 1, periodUnit: 'd' } }],
  ['neither events', {}],
  ['seconds', { repeat: { period: 5, periodUnit: 's' } }],
])('a timing against %s is not carried out', (rule, timing) => {
  expect(() => scheduleOf(timing, '2026-01-01', CHICAGO)).toThrow(new RegExp(rule))
})

describe('whatever the timing', () => {
  const repeats = fc.record(
    {
      frequency: fc.integer({ min: 1, max: 4 }),
      period: fc.integer({ min: 1, max: 5 }),
      periodUnit: fc.constantFrom<Repeat['periodUnit']>('d', 'wk', 'mo', 'a', 'h'),
      dayOfWeek: fc.uniqueArray(fc.constantFrom('mon', 'tue', 'sat', 'sun'), { minLength: 1, maxLength: 3 }),
      timeOfDay: fc.uniqueArray(fc.constantFrom('02:30:00', '08:00:00', '23:30:00'), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['frequency', 'period', 'periodUnit'] },
  ) as fc.Arbitrary<Repeat>
  const anchors = fc
    .integer({ min: 0, max: 1500 })
    .map((later) => Temporal.PlainDate.from('2026-01-01').add({ days: later }).toString())
  const zones = fc.constantFrom(CHICAGO, 'UTC', 'Pacific/Auckland', 'America/St_Johns')

  test('occurrences are numbered without gaps, never twice, and always later', () => {
    fc.assert(
      fc.property(repeats, anchors, zones, (repeat, anchor, zone) => {
        const found = first(20, { repeat }, anchor, zone)
        expect(found.map(({ sequence }) => sequence)).toEqual(found.map((_, n) => n + 1))
        for (const [n, { start, end }] of found.entries()) {
          expect(Date.parse(start)).toBeLessThanOrEqual(Date.parse(end))
          if (n) expect(Date.parse(start)).toBeGreaterThan(Date.parse(found[n - 1]!.start))
        }
      }),
    )
  })

  test('they do not drift: days and months are those of the anchor', () => {
    fc.assert(
      fc.property(anchors, zones, fc.integer({ min: 1, max: 3 }), (anchor, zone, period) => {
        const from = Temporal.PlainDate.from(anchor)
        const monthly = first(30, { repeat: { period, periodUnit: 'mo' } }, anchor, zone)
        expect(monthly.map(({ start }) => start.slice(0, 10))).toEqual(
          monthly.map((_, n) => from.add({ months: n * period }).toString()),
        )
      }),
    )
  })

  test('begun in the middle they are the same', () => {
    fc.assert(
      fc.property(repeats, anchors, zones, fc.integer({ min: 0, max: 120 }), (repeat, anchor, zone, later) => {
        const schedule = scheduleOf({ repeat }, anchor, zone)
        const since = Temporal.PlainDate.from(anchor).add({ days: later }).toZonedDateTime(zone).toInstant().toString()
        const ends = ({ end }: Occurrence) => Date.parse(end) > Date.parse(since)
        const middle = occurrences(schedule, since).filter(ends).take(5).toArray()
        expect(middle).toEqual(occurrences(schedule).filter(ends).take(5).toArray())
      }),
      { numRuns: 25 },
    )
  })
})
