import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PlanDefinitionAction, Timing } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { occurrences } from '../../../../lib/follow-up/recurrence/occurrences.ts'
import { scheduleFrom, stepRecurrenceOf } from '../../../../lib/follow-up/recurrence/step-recurrence.ts'
import { checkPathway } from '../../../../lib/pathways/check-pathway.ts'
import { anchorAt } from '../../../../lib/pathways/window.ts'
import { AFTER_ANCHOR, call, FLOATING, WEEKLY, weeklyCalls } from '../../../flows/follow-up/recurring-pathway.ts'

const BASE = 'https://careloop.dev/fhir/StructureDefinition'
const CHICAGO = 'America/Chicago'
const { repeat: weekly } = WEEKLY

const problemsOf = (steps: readonly PlanDefinitionAction[], days?: number): string[] =>
  checkPathway(weeklyCalls(steps, days)).map(({ text }) => text)
const repeating = (repeat: object): Timing => ({ repeat: { ...weekly, ...repeat } }) as Timing

describe('what a definition may ask for', () => {
  test.each<[string, Timing]>([
    ['weekly, after the anchor', WEEKLY],
    ['floating', { extension: [FLOATING], repeat: weekly }],
    ['a number of times', repeating({ count: 3 })],
    ['for a time', repeating({ boundsDuration: { value: 2, code: 'wk' } })],
    ['for a range of time', repeating({ boundsRange: { high: { value: 14, code: 'd' } } })],
    ['with a window', repeating({ periodMax: 2 })],
    ['days of the week', repeating({ frequency: 2, dayOfWeek: ['mon', 'thu'] })],
    ['times of day', { repeat: { period: 1, periodUnit: 'd', timeOfDay: ['09:00:00', '17:00:00'] } }],
    ['every 12 hours', { repeat: { period: 12, periodUnit: 'h' } }],
    ['every month', { repeat: { period: 1, periodUnit: 'mo' } }],
  ])('%s', (_name, timing) => {
    expect(problemsOf([call(timing)])).toEqual([])
  })

  test.each<[string, PlanDefinitionAction, string]>([
    ['events', call({ event: ['2026-11-23'], repeat: weekly }), 'action call, timingTiming: "event"'],
    ['a code', call({ code: { text: 'QW' }, repeat: weekly }), 'timingTiming: "code"'],
    ['no repeat', call({}), 'needs a repeat'],
    ['bounds by date', call(repeating({ boundsPeriod: { start: '2026-11-23' } })), 'repeat: "boundsPeriod"'],
    ['bounds in hours', call(repeating({ boundsDuration: { value: 9, code: 'h' } })), 'bounds must be whole'],
    ['meals', call(repeating({ when: ['CM'] })), 'repeat: "when"'],
    ['a duration', call(repeating({ duration: 1, durationUnit: 'h' })), 'repeat: "duration"'],
    ['a vague frequency', call(repeating({ frequencyMax: 3 })), 'repeat: "frequencyMax"'],
    ['a vague count', call(repeating({ count: 2, countMax: 3 })), 'repeat: "countMax"'],
    ['no period', call({ repeat: { frequency: 1 } }), 'period and periodUnit are needed'],
    ['seconds', call(repeating({ periodUnit: 's' })), 'no work for people'],
    ['half a week', call(repeating({ period: 0.5 })), 'must be whole'],
    ['a day that is none', call(repeating({ dayOfWeek: ['someday'] })), 'dayOfWeek must be among'],
    ['a time that is none', call(repeating({ timeOfDay: ['25:00:00'] })), 'timeOfDay must be times'],
    ['hours on Mondays', call(repeating({ periodUnit: 'h', dayOfWeek: ['mon'] })), 'need a periodUnit'],
    ['once a week on two days', call(repeating({ dayOfWeek: ['mon', 'tue'] })), 'as many as its days'],
    [
      'two calls a minute',
      call({ repeat: { frequency: 2, period: 1, periodUnit: 'min' } }),
      'more than 400 occurrences',
    ],
    [
      'another anchor',
      call({ extension: [{ ...FLOATING, valueCode: 'adrift' }], repeat: weekly }),
      'fixed or floating',
    ],
    [
      'another extension',
      call({ extension: [{ url: `${BASE}/business-days`, valuePositiveInt: 2 }], repeat: weekly }),
      '/business-days is not carried out',
    ],
    ['both timings', call(WEEKLY, { timingDuration: { value: 3, code: 'd' } }), 'not both'],
    [
      'a compliance window',
      call(WEEKLY, {
        extension: [{ url: `${BASE}/compliance-window`, valueDuration: { value: 7, code: 'd' } }],
      }),
      'no compliance-window',
    ],
    [
      'a step that is due before another',
      call(WEEKLY, { relatedAction: [{ actionId: 'call', relationship: 'before-end' }] }),
      'cannot be before-end',
    ],
  ])('not %s', (_name, action, problem) => {
    const [text, ...others] = problemsOf([action])
    expect(others).toEqual([])
    expect(text).toContain(problem)
    expect(text).toContain('action call')
  })

  test('not what has no occurrence while the plan runs', () => {
    expect(problemsOf([call({ extension: [AFTER_ANCHOR], repeat: weekly })], 6)[0]).toContain('has no occurrence')
    expect(problemsOf([call({ extension: [AFTER_ANCHOR], repeat: weekly })], 7)).toEqual([])
  })

  test('not a step after the end of one that never ends, nor one of alternatives', () => {
    const after = {
      id: 'after',
      title: 'After it',
      code: [{ text: 'after' }],
      relatedAction: [{ actionId: 'call', relationship: 'after-end' }],
    } as PlanDefinitionAction
    expect(problemsOf([call(WEEKLY), after])[0]).toContain('after-end of an action that recurs')
    const choice = { id: 'choice', selectionBehavior: 'exactly-one', action: [call(WEEKLY)] } as PlanDefinitionAction
    expect(problemsOf([choice])[0]).toContain('alternatives cannot recur')
  })
})

const daysOf = (timing: Timing, anchor: string, last: string): string[] =>
  [
    ...occurrences(
      scheduleFrom(stepRecurrenceOf('action call', timing), anchorAt(anchor, CHICAGO)!, Temporal.PlainDate.from(last)),
    ),
  ].map(({ sequence, start }) => `${sequence} ${start.slice(0, 10)}`)

describe('the schedule', () => {
  test('leaves out what falls on the anchor, and counts on from 1', () => {
    const until = '2026-12-20'
    expect(daysOf({ repeat: weekly }, '2026-11-20', '2026-12-05')).toEqual([
      '1 2026-11-20',
      '2 2026-11-27',
      '3 2026-12-04',
    ])
    expect(daysOf(WEEKLY, '2026-11-20', '2026-12-05')).toEqual(['1 2026-11-27', '2 2026-12-04'])
    const twice = { ...WEEKLY, repeat: { ...weekly!, count: 2 } }
    expect(daysOf(twice, '2026-11-20', until)).toEqual(['1 2026-11-27', '2 2026-12-04'])
    const bounded = { ...WEEKLY, repeat: { ...weekly!, boundsDuration: { value: 14, code: 'd' } } }
    expect(daysOf(bounded, '2026-11-20', until)).toEqual(['1 2026-11-27', '2 2026-12-04'])
    const days = { extension: [AFTER_ANCHOR], repeat: { period: 1, periodUnit: 'wk', dayOfWeek: ['fri'] } } as Timing
    expect(daysOf(days, '2026-11-20', '2026-12-05')).toEqual(['1 2026-11-27', '2 2026-12-04'])
    expect(daysOf(days, '2026-11-19', '2026-11-28')).toEqual(['1 2026-11-20', '2 2026-11-27'])
  })

  test('has the same days with the anchor as without, but for the anchor; none after the last', () => {
    const unit = fc.constantFrom('d' as const, 'wk' as const, 'mo' as const)
    fc.assert(
      fc.property(
        unit,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1_500),
        fc.nat(200),
        (periodUnit, period, from, length) => {
          const anchor = Temporal.PlainDate.from('2026-11-20').add({ days: from })
          const last = anchor.add({ days: length }).toString()
          const timing = { repeat: { period, periodUnit } }
          const all = daysOf(timing, anchor.toString(), last).map((text) => text.slice(-10))
          const after = daysOf({ ...timing, extension: [AFTER_ANCHOR] }, anchor.toString(), last)
          expect(after.map((text) => text.slice(-10))).toEqual(all.slice(1))
          expect(after.map((text) => Number(text.split(' ')[0]))).toEqual(after.map((_, n) => n + 1))
          expect(all.every((day) => day <= last)).toBe(true)
        },
      ),
    )
  })
})
