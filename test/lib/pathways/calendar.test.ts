import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { addBusinessDays, createCalendar, roll } from '../../../lib/pathways/calendar.ts'

const federal = createCalendar({ base: 'us-federal', extra: [] })
const date = (text: string) => Temporal.PlainDate.from(text)
const anyDate = fc.integer({ min: 0, max: 365 * 30 }).map((days) => date('2021-01-01').add({ days }))
const isWeekend = (day: Temporal.PlainDate) => day.dayOfWeek > 5

describe('the federal calendar', () => {
  test.each([
    ["New Year's Day", '2026-01-01'],
    ['Birthday of Martin Luther King, Jr.', '2026-01-19'],
    ["Washington's Birthday", '2026-02-16'],
    ['Memorial Day', '2026-05-25'],
    ['Juneteenth', '2026-06-19'],
    ['Independence Day, a Saturday, observed on Friday', '2026-07-03'],
    ['Labor Day', '2026-09-07'],
    ['Columbus Day', '2026-10-12'],
    ['Veterans Day', '2026-11-11'],
    ['Thanksgiving Day', '2026-11-26'],
    ['Christmas Day', '2026-12-25'],
    ['Juneteenth, a Saturday, observed on Friday', '2027-06-18'],
    ['Independence Day, a Sunday, observed on Monday', '2027-07-05'],
    ['New Year of 2028, a Saturday, observed in the year before', '2027-12-31'],
    ['New Year of 2023, a Sunday, observed on Monday', '2023-01-02'],
  ])('%s is no business day', (_name, day) => {
    expect(federal.isBusinessDay(date(day))).toBe(false)
  })

  test('has eleven holidays in 2026, all on weekdays', () => {
    const days = Array.from({ length: 365 }, (_, index) => date('2026-01-01').add({ days: index }))
    expect(days.filter((day) => !isWeekend(day) && !federal.isBusinessDay(day))).toHaveLength(11)
  })

  test('a Juneteenth before it was a holiday is a business day', () => {
    expect(federal.isBusinessDay(date('2020-06-19'))).toBe(true)
  })
})

test('a tenant without holidays works on Christmas', () => {
  expect(createCalendar({ base: 'none', extra: [] }).isBusinessDay(date('2026-12-25'))).toBe(true)
})

test('extra days of a tenant are no business days, and change the name of the calendar', () => {
  const closed = createCalendar({ base: 'us-federal', extra: ['2026-11-27'] })
  expect(addBusinessDays(closed, date('2026-11-25'), 1).toString()).toBe('2026-11-30')
  expect(addBusinessDays(federal, date('2026-11-25'), 1).toString()).toBe('2026-11-27')
  expect(federal.version).toBe('us-federal')
  expect(closed.version).toMatch(/^us-federal\+[0-9a-f]{8}$/)
  expect(createCalendar({ base: 'us-federal', extra: ['2026-11-30'] }).version).not.toBe(closed.version)
})

test('a calendar that never opens is refused instead of counted forever', () => {
  const extra = Array.from({ length: 800 }, (_, days) => date('2026-01-01').add({ days }).toString())
  expect(() => addBusinessDays(createCalendar({ base: 'none', extra }), date('2026-01-01'), 1)).toThrow(
    /holidays\.extra/,
  )
})

describe('counting business days', () => {
  test('lands on a business day at least as many calendar days later, and passes exactly as many business days', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 15 }), (from, businessDays) => {
        const due = addBusinessDays(federal, from, businessDays)
        const distance = from.until(due).days
        const passed = Array.from({ length: distance }, (_, index) => from.add({ days: index + 1 }))
        expect(federal.isBusinessDay(due)).toBe(true)
        expect(distance).toBeGreaterThanOrEqual(businessDays)
        expect(passed.filter(federal.isBusinessDay)).toHaveLength(businessDays)
      }),
    )
  })

  test('never gives a later discharge an earlier due date', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 10 }), (from, businessDays) => {
        const today = addBusinessDays(federal, from, businessDays)
        const tomorrow = addBusinessDays(federal, from.add({ days: 1 }), businessDays)
        expect(Temporal.PlainDate.compare(today, tomorrow)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('rolling a date that is no business day', () => {
  test.each([
    ['none', '2026-07-03'],
    ['next-bd', '2026-07-06'],
    ['previous-bd', '2026-07-02'],
  ] as const)('%s', (mode, expected) => {
    expect(roll(federal, date('2026-07-03'), mode).toString()).toBe(expected)
  })

  test.each(['next-bd', 'previous-bd'] as const)('%s leaves business days alone and lands on one', (mode) => {
    fc.assert(
      fc.property(anyDate, (day) => {
        const rolled = roll(federal, day, mode)
        expect(federal.isBusinessDay(rolled)).toBe(true)
        if (federal.isBusinessDay(day)) expect(rolled.equals(day)).toBe(true)
      }),
    )
  })
})
