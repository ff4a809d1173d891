/** A discharge and what is due when: 2 business days (local date, instant), 7, 14, 29 and 30 calendar days after. */
export interface DateVector {
  why: string
  discharge: string
  timeZone: string
  contact: string
  contactInstant: string
  days7: string
  days14: string
  days29: string
  days30: string
}

const vector = (
  why: string,
  discharge: string,
  timeZone: string,
  contact: string,
  contactInstant: string,
  [days7, days14, days29, days30]: [string, string, string, string],
): DateVector => ({ why, discharge, timeZone, contact, contactInstant, days7, days14, days29, days30 })

export const dateVectors: readonly DateVector[] = [
  vector('a Friday', '2026-11-20T14:00:00-06:00', 'America/Chicago', '2026-11-24', '2026-11-25T05:59:59.000Z', [
    '2026-11-27',
    '2026-12-04',
    '2026-12-19',
    '2026-12-20',
  ]),
  vector(
    'a Thursday evening, Friday in UTC',
    '2026-11-19T20:30:00-06:00',
    'America/Chicago',
    '2026-11-23',
    '2026-11-24T05:59:59.000Z',
    ['2026-11-26', '2026-12-03', '2026-12-18', '2026-12-19'],
  ),
  vector(
    'the Wednesday before Thanksgiving',
    '2026-11-25T16:00:00-05:00',
    'America/New_York',
    '2026-11-30',
    '2026-12-01T04:59:59.000Z',
    ['2026-12-02', '2026-12-09', '2026-12-24', '2026-12-25'],
  ),
  vector(
    'before an Independence Day observed on Friday',
    '2026-07-02T11:00:00-06:00',
    'America/Denver',
    '2026-07-07',
    '2026-07-08T05:59:59.000Z',
    ['2026-07-09', '2026-07-16', '2026-07-31', '2026-08-01'],
  ),
  vector(
    'the night before daylight saving ends',
    '2026-10-31T23:30:00-04:00',
    'America/New_York',
    '2026-11-03',
    '2026-11-04T04:59:59.000Z',
    ['2026-11-07', '2026-11-14', '2026-11-29', '2026-11-30'],
  ),
  vector(
    'Christmas Eve',
    '2026-12-24T09:00:00-08:00',
    'America/Los_Angeles',
    '2026-12-29',
    '2026-12-30T07:59:59.000Z',
    ['2026-12-31', '2027-01-07', '2027-01-22', '2027-01-23'],
  ),
  vector(
    'before a New Year observed on 31 December',
    '2027-12-30T15:00:00-05:00',
    'America/New_York',
    '2028-01-04',
    '2028-01-05T04:59:59.000Z',
    ['2028-01-06', '2028-01-13', '2028-01-28', '2028-01-29'],
  ),
]
