import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addBusinessHours } from '../../../lib/pathways/business-hours.ts'
import { calendarOf, createCalendar } from '../../../lib/pathways/calendar.ts'
import { lastInstantOf } from '../../../lib/pathways/date-time.ts'
import { defaultSettings } from '../../../lib/tenant.ts'

const CHICAGO = 'America/Chicago'
const calendar = createCalendar({ base: 'us-federal', extra: [] })
const instant = (dateTime: string) => lastInstantOf(dateTime, CHICAGO)!
const add = (from: string, hours: number) => addBusinessHours(instant(from), hours, calendar, CHICAGO)

describe('four business hours', () => {
  test.each([
    ['within a day', '2026-11-24T09:30:00-06:00', '2026-11-24T13:30:00-06:00'],
    ['until closing time', '2026-11-24T13:00:00-06:00', '2026-11-24T17:00:00-06:00'],
    ['over the night', '2026-11-23T15:00:00-06:00', '2026-11-24T10:00:00-06:00'],
    ['from before opening', '2026-11-24T06:00:00-06:00', '2026-11-24T12:00:00-06:00'],
    ['from after closing', '2026-11-24T22:00:00-06:00', '2026-11-25T12:00:00-06:00'],
    ['over a weekend', '2026-11-20T16:00:00-06:00', '2026-11-23T11:00:00-06:00'],
    ['over Thanksgiving', '2026-11-25T15:00:00-06:00', '2026-11-27T10:00:00-06:00'],
    ['over the end of daylight saving', '2026-10-30T15:00:00-05:00', '2026-11-02T10:00:00-06:00'],
    ['over its beginning', '2026-03-06T15:00:00-06:00', '2026-03-09T10:00:00-05:00'],
  ])('%s', (_where, from, until) => {
    expect(add(from, 4)).toBe(instant(until))
  })

  test.each([
    ['within a day', '2026-11-24T13:30:00-06:00', '2026-11-24T09:30:00-06:00'],
    ['before the end of a day', '2026-11-24T23:59:59-06:00', '2026-11-24T13:00:00-06:00'],
    ['over the night', '2026-11-24T10:00:00-06:00', '2026-11-23T15:00:00-06:00'],
    ['before a Sunday night', '2026-11-22T23:59:59-06:00', '2026-11-20T13:00:00-06:00'],
    ['before the night of Thanksgiving', '2026-11-26T23:59:59-06:00', '2026-11-25T13:00:00-06:00'],
    ['over the end of daylight saving', '2026-11-02T10:00:00-06:00', '2026-10-30T15:00:00-05:00'],
  ])('back, %s', (_where, from, until) => {
    expect(add(from, -4)).toBe(instant(until))
  })
})

test('several days of them', () => {
  expect(add('2026-11-20T14:00:00-06:00', 9 * 3)).toBe(instant('2026-11-25T14:00:00-06:00'))
})

test('are those the tenant sets, in the time zone of the tenant', () => {
  const evenings = calendarOf({
    ...defaultSettings,
    timeZone: 'America/New_York',
    businessHours: { start: '13:00', end: '21:00' },
  })
  // 20:30 in New York: half an hour today, the rest tomorrow.
  expect(addBusinessHours(instant('2026-11-23T19:30:00-06:00'), 4, evenings, CHICAGO)).toBe(
    instant('2026-11-24T15:30:00-06:00'),
  )
})

test('a calendar that never opens is refused instead of counted forever', () => {
  const extra = Array.from({ length: 800 }, (_, day) =>
    new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString().slice(0, 10),
  )
  const closed = createCalendar({ base: 'none', extra })
  expect(() => addBusinessHours('2026-01-02T12:00:00.000Z', 1, closed, CHICAGO)).toThrow(/holidays\.extra/)
})

test('counted on and back again, one is where one was, and always within business hours', () => {
  const hours = fc.integer({ min: 1, max: 60 })
  const minutes = fc.integer({ min: 0, max: 2 * 365 * 24 * 60 })
  fc.assert(
    fc.property(minutes, hours, fc.constantFrom(CHICAGO, 'America/Phoenix', 'Asia/Kolkata'), (minute, count, zone) => {
      const from = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()
      const there = addBusinessHours(from, count, calendar, zone)
      expect(there > from).toBe(true)
      const back = addBusinessHours(there, -count, calendar, zone)
      // Where it was, or the opening or closing that stands for the night it was in.
      expect(addBusinessHours(back, count, calendar, zone)).toBe(there)
    }),
  )
})
