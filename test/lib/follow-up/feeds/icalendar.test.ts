import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type CalendarEntry, iCalendarOf } from '../../../../lib/follow-up/feeds/icalendar.ts'
import { refOf } from '../../../../lib/follow-up/feeds/notification.ts'
import { parseICalendar } from './content-lines.ts'

const entry: CalendarEntry = {
  to: 'Practitioner/nora',
  kind: 'task',
  ref: refOf('call'),
  due: '2026-11-24T22:00:00.000Z',
  deepLink: `https://care.example.org/tasks/${'0f8c2f4e-93d1-4c0b-9a53-3c3d1c7a0c11'}?a=${'long'.repeat(20)}`,
  uid: 'c0ffee00-93d1-5c0b-9a53-3c3d1c7a0c11',
  version: 3,
  updated: '2026-11-23T15:00:00.000Z',
  state: 'begun',
  priority: 'urgent',
}
const CHICAGO = 'America/Chicago'

describe('a calendar', () => {
  test('shows each piece of work as an event and as a to-do, without saying what it is', () => {
    const calendar = parseICalendar(iCalendarOf([entry], CHICAGO))
    expect(calendar.name).toBe('VCALENDAR')
    expect(calendar.properties).toMatchObject({
      VERSION: '2.0',
      PRODID: expect.stringContaining('Careloop'),
      METHOD: 'PUBLISH',
    })
    const [event, todo] = calendar.components
    const common = {
      SEQUENCE: '2',
      DTSTAMP: '20261123T150000Z',
      'LAST-MODIFIED': '20261123T150000Z',
      SUMMARY: `Task ${entry.ref}\\, due 16:00`,
      PRIORITY: '3',
      URL: entry.deepLink,
    }
    expect(event).toMatchObject({
      name: 'VEVENT',
      properties: {
        ...common,
        UID: `${entry.uid}-event`,
        DTSTART: '20261124T213000Z',
        DTEND: '20261124T220000Z',
        STATUS: 'CONFIRMED',
        TRANSP: 'TRANSPARENT',
      },
    })
    expect(todo).toEqual({
      name: 'VTODO',
      components: [],
      properties: { ...common, UID: `${entry.uid}-todo`, DUE: '20261124T220000Z', STATUS: 'IN-PROCESS' },
    })
  })

  test('says what was only asked for', () => {
    const [event, todo] = parseICalendar(iCalendarOf([{ ...entry, state: 'asked' }], CHICAGO)).components
    expect(event!.properties.STATUS).toBe('TENTATIVE')
    expect(todo!.properties.STATUS).toBe('NEEDS-ACTION')
  })

  test('of nothing is a calendar', () => {
    expect(parseICalendar(iCalendarOf([], CHICAGO)).components).toEqual([])
  })

  test('of the same work is the same text, well formed and well folded whatever there is', () => {
    const instants = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString())
    const entries = fc.array(
      fc.record({
        to: fc.constant('Practitioner/nora' as const),
        kind: fc.constant('task' as const),
        ref: fc.string().map(refOf),
        due: instants,
        deepLink: fc.webUrl(),
        uid: fc.uuid(),
        version: fc.integer({ min: 1, max: 10_000 }),
        updated: instants,
        state: fc.constantFrom('asked' as const, 'accepted' as const, 'begun' as const),
        priority: fc.constantFrom('routine' as const, 'urgent' as const, 'asap' as const, 'stat' as const),
      }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(entries, (all) => {
        const text = iCalendarOf(all, CHICAGO)
        expect(iCalendarOf(all, CHICAGO)).toBe(text)
        const { components } = parseICalendar(text)
        expect(components).toHaveLength(2 * all.length)
        expect(components.filter(({ name }) => name === 'VTODO').map(({ properties }) => properties.URL)).toEqual(
          all.map(({ deepLink }) => deepLink),
        )
      }),
      { numRuns: 50 },
    )
  })
})
