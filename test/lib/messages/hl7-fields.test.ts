import { describe, expect, test } from '@jest/globals'
import { dateTimeOf } from '../../../lib/messages/hl7-fields.ts'

describe('an HL7 v2 timestamp', () => {
  test.each([
    ['2026', '2026'],
    ['202611', '2026-11'],
    ['20261120', '2026-11-20'],
    ['2026112014', '2026-11-20T14:00:00-06:00'],
    ['202611201405', '2026-11-20T14:05:00-06:00'],
    ['20261120140530', '2026-11-20T14:05:30-06:00'],
    ['20261120140530.25', '2026-11-20T14:05:30.25-06:00'],
    ['20261120140530-0500', '2026-11-20T14:05:30-05:00'],
    ['20261120140530+0000', '2026-11-20T14:05:30+00:00'],
    // Once in summer time, once in winter time.
    ['20260720140530', '2026-07-20T14:05:30-05:00'],
    // There is no such hour: clocks go forward.
    ['20260308023000', '2026-03-08T03:30:00-05:00'],
  ])('%s is %s', (text, expected) => {
    expect(dateTimeOf(text, 'America/Chicago')).toBe(expected)
  })

  test.each([
    '',
    'today',
    '202',
    '20261320',
    '20260230',
    '2026112025',
    '20261120140561',
    '2026-11-20',
    '20261120140530-06',
  ])('%j is none', (text) => {
    expect(dateTimeOf(text, 'America/Chicago')).toBeUndefined()
  })
})
