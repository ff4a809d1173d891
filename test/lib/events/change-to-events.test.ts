import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { changeToEvents } from '../../../lib/events/change-to-events.ts'
import type { Instant, Resource } from '../../../lib/fhir.ts'
import type { Item } from '../../../lib/store/table.ts'
import { bodyAttributes, bodyOf } from '../../../lib/store/version.ts'
import { defaultSettings } from '../../../lib/tenant.ts'

const tenant = { ...defaultSettings, id: 'acme', timeZone: 'America/Chicago' }
const AT = '2026-11-20T21:00:00.000Z'

const item = (v: number, resource: object, others: Partial<Item> = {}): Item => {
  const { resourceType, id } = resource as Resource
  const body = bodyAttributes(bodyOf(resource as Resource), 100)
  return { pk: `${resourceType}/${id}`, sk: 'current', v, updated: AT, method: 'PUT', ...body, ...others }
}
const tombstone = (v: number, reference: string): Item => ({
  pk: reference,
  sk: 'current',
  v,
  updated: AT,
  method: 'DELETE',
  deleted: true,
})

const encounter = (others: object = {}) => ({
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP', display: 'inpatient' },
  subject: { reference: 'Patient/p1', display: 'Amelia Brandt' },
  period: { end: '2026-11-20T14:00:00-06:00' },
  ...others,
})
const admitted = encounter({ status: 'in-progress', period: {} })

const task = (others: object = {}) => ({
  resourceType: 'Task',
  id: 't1',
  status: 'ready',
  intent: 'order',
  for: { reference: 'Patient/p1' },
  restriction: { period: { end: '2026-11-19T23:59:59-06:00' } },
  ...others,
})
const DUE = '2026-11-20T05:59:59.000Z'
const AFTER = '2026-11-20T06:00:00.000Z'
const LATER = '2026-11-20T06:01:00.000Z'

const names = (before: Item | undefined, after: Item | undefined) =>
  changeToEvents(before, after, tenant).map(({ name }) => name)
const kinds = (before: Item | undefined, after: Item | undefined) =>
  changeToEvents(before, after, tenant).map(({ detail }) => ('kind' in detail ? detail.kind : undefined))

describe('Encounter', () => {
  test('the whole of an event', () => {
    expect(changeToEvents(item(1, admitted), item(2, encounter()), tenant)).toEqual([
      {
        name: 'encounter-discharged',
        detail: {
          tenant: 'acme',
          reference: 'Encounter/e1',
          version: 2,
          at: AT,
          patient: 'Patient/p1',
          kind: 'discharge',
          status: 'finished',
          class: 'IMP',
        },
      },
    ])
  })

  test.each(['IMP', 'ACUTE', 'NONAC', 'OBSENC'])('a stay of class %s that ends is a discharge', (code) => {
    expect(kinds(undefined, item(1, encounter({ class: { code } })))).toEqual(['discharge'])
  })

  test.each(['AMB', 'EMER', 'HH', 'VR', 'SS', 'PRENC'])('a visit of class %s is not', (code) => {
    expect(names(undefined, item(1, encounter({ class: { code } })))).toEqual([])
  })

  test('a code of another class system is not ours to understand', () => {
    expect(names(undefined, item(1, encounter({ class: { system: 'urn:other', code: 'IMP' } })))).toEqual([])
  })

  test.each([
    ['another end', { period: { end: '2026-11-19T10:00:00-06:00' } }],
    ['another class of stay', { class: { code: 'OBSENC' } }],
    ['a disposition', { hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }],
    ['another patient', { subject: { reference: 'Patient/p2' } }],
  ])('%s, once discharged, is a correction', (_name, change) => {
    expect(kinds(item(2, encounter()), item(3, encounter(change)))).toEqual(['correction'])
  })

  test.each([
    ['a reason', { reasonCode: [{ text: 'x' }] }],
    ['a start', { period: { start: '2026-11-01', end: '2026-11-20T14:00:00-06:00' } }],
    ['the status, when the end was known', { status: 'in-progress' }],
  ])('%s is not', (_name, change) => {
    expect(names(item(2, encounter()), item(3, encounter(change)))).toEqual([])
  })

  test('an undone discharge that is done again is a discharge', () => {
    expect(kinds(item(3, admitted), item(4, encounter()))).toEqual(['discharge'])
  })

  test('an expected end is none; the day it comes and is recorded it is', () => {
    const expected = encounter({ status: 'in-progress', period: { end: '2026-11-21T10:00:00-06:00' } })
    expect(names(item(1, admitted), item(2, expected))).toEqual([])
    const recorded = { updated: '2026-11-21T15:00:00.000Z' }
    expect(kinds(item(2, expected), item(3, { ...expected, priority: {} }, recorded))).toEqual(['discharge'])
  })

  test('a deletion is no event, a resurrection is like a creation', () => {
    expect(names(item(1, encounter()), tombstone(2, 'Encounter/e1'))).toEqual([])
    expect(kinds(tombstone(2, 'Encounter/e1'), item(3, encounter()))).toEqual(['discharge'])
  })
})

describe('Task', () => {
  test('completed, whether it was known before or not', () => {
    const completed = task({ status: 'completed' })
    expect(changeToEvents(item(1, task()), item(2, completed), tenant)).toMatchObject([
      { name: 'task-completed', detail: { from: 'ready', version: 2, patient: 'Patient/p1' } },
    ])
    expect(names(undefined, item(1, completed))).toEqual(['task-completed'])
    expect(names(item(2, completed), item(3, { ...completed, note: [{ text: 'x' }] }))).toEqual([])
  })

  test('overdue when the clock has passed its due date', () => {
    expect(changeToEvents(item(1, task()), item(1, task(), { woken: AFTER }), tenant)).toMatchObject([
      { name: 'task-overdue', detail: { at: AFTER, due: DUE, version: 1, status: 'ready' } },
    ])
  })

  test('overdue only once for a due date', () => {
    expect(names(item(1, task(), { woken: AFTER }), item(1, task(), { woken: LATER }))).toEqual([])
  })

  test('not overdue when the clock struck for something before it', () => {
    expect(names(item(1, task()), item(1, task(), { woken: '2026-11-19T12:00:00.000Z' }))).toEqual([])
  })

  test('not overdue when done', () => {
    const done = task({ status: 'completed' })
    expect(names(item(1, done), item(1, done, { woken: AFTER }))).toEqual([])
  })

  test('overdue at once when its due date is moved to before the clock last struck', () => {
    const moved = task({ restriction: { period: { end: '2026-11-18T23:59:59-06:00' } } })
    const woken = { woken: AFTER }
    expect(names(item(1, task(), woken), item(2, moved, woken))).toEqual(['task-overdue'])
    expect(names(item(2, moved, woken), item(3, { ...moved, priority: 'urgent' }, woken))).toEqual([])
    expect(names(item(1, task(), woken), item(2, { ...moved, status: 'cancelled' }, woken))).toEqual([])
  })

  test('a change of a Task whose clock has yet to strike leaves it to the clock', () => {
    const late = task({ restriction: { period: { end: '2026-11-01' } } })
    expect(names(undefined, item(1, late))).toEqual([])
  })
})

describe('Observation', () => {
  const observation = (status: string) => ({
    resourceType: 'Observation',
    id: 'o1',
    status,
    subject: { reference: 'Patient/p1' },
  })

  test.each([
    [undefined, 'final', 1],
    ['preliminary', 'final', 1],
    ['final', 'amended', 1],
    ['amended', 'amended', 1],
    ['final', 'final', 0],
    [undefined, 'registered', 0],
    ['final', 'entered-in-error', 0],
  ])('%s -> %s', (from, to, count) => {
    expect(names(from ? item(1, observation(from)) : undefined, item(2, observation(to)))).toHaveLength(count)
  })
})

describe('what gives no event', () => {
  test('a type without rules', () => {
    expect(names(undefined, item(1, { resourceType: 'Goal', id: 'g1' }))).toEqual([])
  })

  test('an item that is gone', () => {
    expect(names(item(1, task()), undefined)).toEqual([])
  })

  test('a write that moves neither version nor clock', () => {
    const intent = { intent: 'tx1' }
    expect(names(item(1, task()), item(1, task(), intent))).toEqual([])
    expect(names(item(1, task(), { woken: AFTER, ...intent }), item(1, task(), { woken: AFTER }))).toEqual([])
  })
})

test('whatever a client writes, an event holds only codes, references and instants, and fits the bus ten times', () => {
  const text = fc.oneof(fc.string({ maxLength: 3_000, unit: 'binary' }), fc.constant('Amelia Brandt, 7 Elm St'))
  const anything = fc.record({ status: text, code: text, subject: text })
  const clock: Instant = AFTER
  fc.assert(
    fc.property(anything, anything, (was, now) => {
      const resources = ({ status, code, subject }: typeof was) => [
        encounter({ status, class: { code: 'IMP', display: code }, subject: { reference: subject } }),
        task({ status, for: { reference: subject, display: code } }),
        task({ status: 'completed', for: { reference: subject, display: code }, description: code }),
      ]
      resources(was).forEach((before, index) => {
        const after = resources(now)[index]!
        const events = [
          ...changeToEvents(item(1, before), item(2, after), tenant),
          ...changeToEvents(item(1, after), item(1, after, { woken: clock }), tenant),
        ]
        for (const event of events) {
          const json = JSON.stringify(event)
          expect(json).toMatch(/^[\x20-\x7e]*$/)
          expect(json).not.toContain('Amelia')
          expect(json.length).toBeLessThan(1_024)
        }
      })
    }),
  )
})
