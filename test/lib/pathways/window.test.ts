import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { createCalendar } from '../../../lib/pathways/calendar.ts'
import { lastInstantOf } from '../../../lib/pathways/date-time.ts'
import { type Anchor, anchorAt, dueDate, type Offset, windowOf, windowUntil } from '../../../lib/pathways/window.ts'
import { dateVectors } from './date-vectors.ts'

const calendar = createCalendar({ base: 'us-federal', extra: [] })
const days = (count: number, unit: Offset['unit'] = 'calendar-day'): Offset => ({
  unit,
  days: count,
  countAnchorDay: true,
  rollForward: 'none',
})
const dueOn = (offset: Offset, anchor: Anchor): string => dueDate(offset, anchor, calendar).toString()

describe.each(dateVectors)('discharged $discharge, $why', (vector) => {
  const anchor = anchorAt(vector.discharge, vector.timeZone)!

  test('two business days', () => {
    const due = dueDate(days(2, 'business-day'), anchor, calendar)
    const { start, end } = windowUntil(due, anchor, true)
    expect(due.toString()).toBe(vector.contact)
    expect(end).toMatch(new RegExp(`^${vector.contact}T23:59:59[+-]\\d\\d:00$`))
    expect(lastInstantOf(end!, vector.timeZone)).toBe(vector.contactInstant)
    expect(start).toBe(vector.discharge)
  })

  test.each([
    [7, vector.days7],
    [14, vector.days14],
    [29, vector.days29],
    [30, vector.days30],
  ])('%i calendar days', (count, expected) => {
    expect(dueOn(days(count), anchor)).toBe(expected)
  })
})

test('the stored end has the offset of that day, not of the day of discharge', () => {
  const anchor = anchorAt('2026-10-31T23:30:00-04:00', 'America/New_York')!
  expect(windowUntil(dueDate(days(2, 'business-day'), anchor, calendar), anchor, true).end).toBe(
    '2026-11-03T23:59:59-05:00',
  )
})

test('a date without a time is local already', () => {
  expect(dueOn(days(2, 'business-day'), anchorAt('2026-11-20', 'Pacific/Honolulu')!)).toBe('2026-11-24')
  expect(dueOn(days(2, 'business-day'), anchorAt('2026-11-20', 'Pacific/Auckland')!)).toBe('2026-11-24')
})

test.each(['2026-11', '2026', 'yesterday', '2026-13-01', '2026-11-20T25:00:00-06:00'])('%s says no day', (dateTime) => {
  expect(anchorAt(dateTime, 'America/Chicago')).toBeUndefined()
})

test('a window that does not count the day of its anchor opens on the next, and ends the same', () => {
  const anchor = anchorAt('2026-11-20T14:00:00-06:00', 'America/Chicago')!
  const due = dueDate(days(30), anchor, calendar)
  expect(windowUntil(due, anchor, true)).toEqual({
    start: '2026-11-20T14:00:00-06:00',
    end: '2026-12-20T23:59:59-06:00',
  })
  expect(windowUntil(due, anchor, false)).toEqual({
    start: '2026-11-21T00:00:00-06:00',
    end: '2026-12-20T23:59:59-06:00',
  })
})

test('calendar days roll only where the rule says so', () => {
  const anchor = anchorAt('2026-11-19T12:00:00-05:00', 'America/New_York')!
  expect(dueOn(days(7), anchor)).toBe('2026-11-26')
  expect(dueOn({ ...days(7), rollForward: 'next-bd' }, anchor)).toBe('2026-11-27')
  expect(dueOn({ ...days(7), rollForward: 'previous-bd' }, anchor)).toBe('2026-11-25')
})

test('a window ends with the last second of a local day in every zone, also where midnight is skipped or comes twice', () => {
  const zones = [
    'America/New_York',
    'America/Phoenix',
    'America/Havana',
    'Asia/Beirut',
    'America/Santiago',
    'UTC',
    'Asia/Kolkata',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 3650 }), fc.nat(30), (timeZone, day, count) => {
      const date = Temporal.PlainDate.from('2020-01-01').add({ days: day })
      const anchor: Anchor = { dateTime: date.toString(), date, timeZone }
      const due = dueDate(days(count), anchor, calendar)
      const end = Temporal.Instant.from(windowUntil(due, anchor, true).end!)
      const local = end.toZonedDateTimeISO(timeZone)
      expect(local.toPlainDate().equals(due)).toBe(true)
      expect(local.add({ seconds: 1 }).toPlainDate().equals(due)).toBe(false)
    }),
  )
})

describe('windows in hours, and after a pause', () => {
  const calendar = createCalendar({ base: 'us-federal', extra: [] }, { start: '08:00', end: '17:00' })
  const HOUR = 3_600_000
  const friday = anchorAt('2026-11-20T14:00:00-06:00', 'America/Chicago')!
  const twoBusinessDays = { unit: 'business-day', days: 2, countAnchorDay: true, rollForward: 'none' } as const
  const week = { unit: 'calendar-day', days: 7, countAnchorDay: false, rollForward: 'none' } as const

  test.each([
    ['48 hours', { unit: 'hour', hours: 48 }, 0, '2026-11-22T14:00:00-06:00'],
    ['48 hours, 5 of them paused', { unit: 'hour', hours: 48 }, 5 * HOUR, '2026-11-22T19:00:00-06:00'],
    ['4 business hours, over the weekend', { unit: 'business-hour', hours: 4 }, 0, '2026-11-23T09:00:00-06:00'],
    ['7 days', week, 0, '2026-11-27T23:59:59-06:00'],
    ['7 days, an hour of them paused', week, HOUR, '2026-11-28T23:59:59-06:00'],
    ['2 business days', twoBusinessDays, 0, '2026-11-24T23:59:59-06:00'],
    ['2 business days, paused into Thanksgiving', twoBusinessDays, 48 * HOUR, '2026-11-27T23:59:59-06:00'],
  ] as const)('%s', (_name, delay, pausedMs, end) => {
    expect(windowOf(delay, friday, calendar, pausedMs).end).toBe(end)
  })

  test('hours after a day without a time are counted from its end; the anchor day may not count', () => {
    const day = anchorAt('2026-11-20', 'America/Chicago')!
    expect(windowOf({ unit: 'hour', hours: 1 }, day, calendar).end).toBe('2026-11-21T00:59:59-06:00')
    expect(windowOf(week, friday, calendar).start).toBe('2026-11-21T00:00:00-06:00')
  })
})
