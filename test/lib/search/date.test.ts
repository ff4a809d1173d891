import { describe, expect, test } from '@jest/globals'
import { dateRange, dateRangeOf, matchesDate, parseWantedDate } from '../../../lib/search/date.ts'
import { zoneOf } from '../../../lib/search/zone.ts'

const chicago = zoneOf('America/Chicago')
const utc = zoneOf('UTC')
const NOW = Date.parse('2026-11-25T12:00:00Z')

const asText = (range: { low: number; high: number } | undefined) =>
  range && [
    Number.isFinite(range.low) ? new Date(range.low).toISOString() : '-',
    Number.isFinite(range.high) ? new Date(range.high).toISOString() : '-',
  ]

describe('the range of a date', () => {
  test.each([
    ['2013', '2013-01-01T06:00:00.000Z', '2014-01-01T05:59:59.999Z'],
    ['2013-03', '2013-03-01T06:00:00.000Z', '2013-04-01T04:59:59.999Z'],
    ['2013-12', '2013-12-01T06:00:00.000Z', '2014-01-01T05:59:59.999Z'],
    ['2013-01-14', '2013-01-14T06:00:00.000Z', '2013-01-15T05:59:59.999Z'],
    // 23 and 25 hours long
    ['2026-03-08', '2026-03-08T06:00:00.000Z', '2026-03-09T04:59:59.999Z'],
    ['2026-11-01', '2026-11-01T05:00:00.000Z', '2026-11-02T05:59:59.999Z'],
    ['2013-01-14T10:00', '2013-01-14T16:00:00.000Z', '2013-01-14T16:00:59.999Z'],
    ['2013-01-14T10:00:30', '2013-01-14T16:00:30.000Z', '2013-01-14T16:00:30.999Z'],
    ['2013-01-14T10:00Z', '2013-01-14T10:00:00.000Z', '2013-01-14T10:00:59.999Z'],
    ['2013-01-14T10:00:30-05:00', '2013-01-14T15:00:30.000Z', '2013-01-14T15:00:30.999Z'],
    ['2013-01-14T10:00:30.5Z', '2013-01-14T10:00:30.500Z', '2013-01-14T10:00:30.599Z'],
    ['2013-01-14T10:00:30.123Z', '2013-01-14T10:00:30.123Z', '2013-01-14T10:00:30.123Z'],
    ['2013-01-14T10:00:30.123456Z', '2013-01-14T10:00:30.123Z', '2013-01-14T10:00:30.123Z'],
    ['2024-02-29', '2024-02-29T06:00:00.000Z', '2024-03-01T05:59:59.999Z'],
    ['0099-05-01T00:00:00Z', '0099-05-01T00:00:00.000Z', '0099-05-01T00:00:00.999Z'],
  ])('%s in Chicago', (text, low, high) => {
    expect(asText(dateRange(text, chicago))).toEqual([low, high])
  })

  test('a date is the day of the zone', () => {
    expect(asText(dateRange('2013-01-14', utc))).toEqual(['2013-01-14T00:00:00.000Z', '2013-01-14T23:59:59.999Z'])
  })

  test.each([
    '',
    '13',
    '2013-1',
    '2013-13',
    '2013-02-30',
    '2023-02-29',
    '2013-04-31',
    '2013-01-14T10',
    '0000',
    'today',
    '2013-01-14T25:00Z',
    '2013-01-14 10:00',
  ])('%s is none', (text) => {
    expect(dateRange(text, chicago)).toBeUndefined()
  })

  test('the last year has an end', () => {
    expect(dateRange('9999', utc)?.high).toBe(Infinity)
    expect(dateRange('9999-12', utc)?.high).toBe(Infinity)
  })
})

describe('the range of an element', () => {
  test.each([
    ['Period', { start: '2013-01-14', end: '2013-01-16' }, '2013-01-14T00:00:00.000Z', '2013-01-16T23:59:59.999Z'],
    ['Period', { start: '2013-01-14' }, '2013-01-14T00:00:00.000Z', '-'],
    ['Period', { end: '2013-01' }, '-', '2013-01-31T23:59:59.999Z'],
    ['Timing', { event: ['2013-03-24', '2013-01-31'] }, '2013-01-31T00:00:00.000Z', '2013-03-24T23:59:59.999Z'],
    ['Timing', { repeat: { boundsPeriod: { start: '2013-01-31' } } }, '2013-01-31T00:00:00.000Z', '-'],
  ])('%s %j', (datatype, element, low, high) => {
    expect(asText(dateRangeOf(element, datatype, utc))).toEqual([low, high])
  })

  test.each([
    ['Period', {}],
    ['Timing', { code: { text: 'daily' } }],
    ['Timing', { repeat: { frequency: 2 } }],
    ['dateTime', 5],
  ])('%s %j says no date', (datatype, element) => {
    expect(dateRangeOf(element, datatype, utc)).toBeUndefined()
  })
})

const matching = (wanted: string, value: string | object): boolean => {
  const range = dateRangeOf(value, typeof value === 'string' ? 'dateTime' : 'Period', utc)
  return matchesDate(parseWantedDate(wanted, utc, NOW)!, range!)
}

describe('https://hl7.org/fhir/R4/search.html#date', () => {
  const since = (start: string) => ({ start })
  const until = (end: string) => ({ end })
  test.each<[string, string | object, boolean]>([
    ['eq2013-01-14', '2013-01-14T00:00Z', true],
    ['eq2013-01-14', '2013-01-14T10:00Z', true],
    ['eq2013-01-14', '2013-01-15T00:00Z', false],
    ['2013-01-14', '2013-01-14', true],
    ['2013-01-14', '2013-01', false],
    ['2013-01', '2013-01-14', true],
    ['ne2013-01-14', '2013-01-15T00:00Z', true],
    ['ne2013-01-14', '2013-01-14T00:00Z', false],
    ['ne2013-01-14', '2013-01-14T10:00Z', false],
    ['lt2013-01-14T10:00Z', '2013-01-14', true],
    ['lt2013-01-14', '2013-01-14', false],
    ['gt2013-01-14T10:00Z', '2013-01-14', true],
    ['gt2013-01-14', '2013-01-14T10:00Z', false],
    ['ge2013-03-14', since('2013-01-21'), true],
    ['le2013-03-14', since('2013-01-21'), true],
    ['sa2013-03-14', since('2013-03-15'), true],
    ['sa2013-03-14', since('2013-01-21'), false],
    ['sa2013-03-14', until('2013-01-21'), false],
    ['eb2013-03-14', since('2013-03-15'), false],
    ['eb2013-03-14', since('2013-01-21'), false],
    ['eb2013-03-14', until('2013-01-21'), true],
    ['ap2013-03-14', '2013-03-14', true],
    ['ap2013-03-14', '2013-01-21', true],
    ['ap2013-03-14', '2016-06-15', false],
    // a period that ends, or begins, on the day
    ['ge2013-03-14', { start: '2013-03-01', end: '2013-03-14' }, true],
    ['gt2013-03-14', { start: '2013-03-01', end: '2013-03-14' }, false],
    ['le2013-03-14', { start: '2013-03-14', end: '2013-03-20' }, true],
    ['lt2013-03-14', { start: '2013-03-14', end: '2013-03-20' }, false],
    ['2013-03', { start: '2013-03-14', end: '2013-04-01' }, false],
    ['2013-03', { start: '2013-03-14', end: '2013-03-31' }, true],
  ])('%s and %j', (wanted, value, expected) => {
    expect(matching(wanted, value)).toBe(expected)
  })

  test('an offset whose plus sign arrived as a space', () => {
    expect(matching('2013-01-14T10:00:00 02:00', '2013-01-14T08:00:00Z')).toBe(true)
  })

  test.each(['xx2013', 'ge', 'eq2013-99', 'ge 2013'])('%s is not understood', (text) => {
    expect(parseWantedDate(text, utc, NOW)).toBeUndefined()
  })
})
