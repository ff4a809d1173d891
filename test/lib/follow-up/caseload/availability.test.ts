import { expect, test } from '@jest/globals'
import { unavailable } from '../../../../lib/follow-up/caseload/availability.ts'

/** A Monday, 09:00 in Chicago. */
const NOW = '2026-11-23T15:00:00.000Z'
const CHICAGO = 'America/Chicago'
const away = (start?: string, end?: string) => ({
  notAvailable: [{ description: 'away', during: { ...(start && { start }), ...(end && { end }) } }],
})
const office = {
  daysOfWeek: ['mon' as const, 'tue' as const],
  availableStartTime: '08:00:00',
  availableEndTime: '12:00:00',
}

test.each([
  ['nothing said', {}, undefined, undefined],
  ['inactive', { active: false }, undefined, 'inactive'],
  ['a role that has ended', { period: { end: '2026-11-22' } }, undefined, 'inactive'],
  ['a role that begins tomorrow', { period: { start: '2026-11-24' } }, undefined, 'inactive'],
  ['away today', away('2026-11-23', '2026-11-23'), undefined, 'absent'],
  ['away until yesterday', away('2026-11-01', '2026-11-22'), undefined, undefined],
  ['away from tomorrow, due tomorrow', away('2026-11-24', '2026-11-25'), '2026-11-24T23:00:00.000Z', 'absent-when-due'],
  ['away from tomorrow, due today', away('2026-11-24', '2026-11-25'), '2026-11-23T23:00:00.000Z', undefined],
  ['away since, no end', away('2026-11-01'), undefined, 'absent'],
  ['an absence without dates', { notAvailable: [{ description: 'on leave some time' }] }, undefined, undefined],
  ['works mornings, due tonight', { availableTime: [office] }, '2026-11-24T03:00:00.000Z', undefined],
  [
    'starts at ten, due at half past nine',
    { availableTime: [{ ...office, availableStartTime: '10:00:00' }] },
    '2026-11-23T15:30:00.000Z',
    'no-working-hours',
  ],
  [
    'works on Fridays, due on Wednesday',
    { availableTime: [{ daysOfWeek: ['fri' as const], allDay: true }] },
    '2026-11-25T23:00:00.000Z',
    'no-working-hours',
  ],
  [
    'works on Fridays, due on Friday',
    { availableTime: [{ daysOfWeek: ['fri' as const], allDay: true }] },
    '2026-11-27T23:00:00.000Z',
    undefined,
  ],
  [
    'works on Fridays, overdue already',
    { availableTime: [{ daysOfWeek: ['fri' as const], allDay: true }] },
    '2026-11-20T23:00:00.000Z',
    undefined,
  ],
] as const)('%s', (_name, role, due, expected) => {
  expect(unavailable(role as never, NOW, due, CHICAGO)).toBe(expected)
})
