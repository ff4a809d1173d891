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

  test.each(['IMP', 'ACUTE', 'NONAC'])(
    'a stay of class %s that has ended was an admission and is a discharge',
    (code) => {
      expect(kinds(undefined, item(1, encounter({ class: { code } })))).toEqual(['admission', 'discharge'])
    },
  )

  test.each(['AMB', 'HH', 'VR', 'SS', 'PRENC'])('a visit of class %s is a fact', (code) => {
    expect(changeToEvents(undefined, item(1, encounter({ class: { code } })), tenant)).toMatchObject([
      { name: 'fact-recorded', detail: { type: 'Encounter', patient: 'Patient/p1' } },
    ])
  })

  test('a code of another class system is not ours to understand', () => {
    const other = encounter({ class: { system: 'urn:other', code: 'IMP' } })
    expect(names(undefined, item(1, other))).toEqual(['fact-recorded'])
  })

  const planned = encounter({ status: 'planned', period: {} })
  const onLeave = encounter({ status: 'onleave', period: {} })
  const emergency = (others: object = {}) => encounter({ class: { code: 'EMER' }, ...others })
  const atEmergency = emergency({ status: 'in-progress', period: {} })
  const observed = encounter({ class: { code: 'OBSENC' }, status: 'in-progress', period: {} })

  // Table 2.1 A of the care rules, with what the previous version said.
  test.each([
    ['an admission', planned, admitted, ['encounter-admitted admission']],
    ['an admission first heard of', undefined, admitted, ['encounter-admitted admission']],
    ['an emergency visit that becomes a stay', atEmergency, admitted, ['encounter-admitted admission']],
    ['an observation that becomes a stay', observed, admitted, ['encounter-admitted admission']],
    ['an observation', undefined, observed, ['fact-recorded undefined']],
    [
      'an observation that ends',
      observed,
      encounter({ class: { code: 'OBSENC' } }),
      ['encounter-discharged discharge'],
    ],
    ['an emergency visit', undefined, atEmergency, ['ed-visit-started start']],
    ['an emergency visit that ends', atEmergency, emergency(), ['ed-visit-ended end']],
    ['a discharge', admitted, encounter(), ['encounter-discharged discharge']],
    [
      'a discharge whose status lags behind',
      admitted,
      encounter({ status: 'in-progress' }),
      ['encounter-discharged discharge'],
    ],
    ['a discharge taken back', encounter(), admitted, ['encounter-changed undone']],
    ['the end of an emergency visit taken back', emergency(), atEmergency, ['encounter-changed undone']],
    ['an admission taken back', admitted, planned, ['encounter-changed undone']],
    ['a cancellation', admitted, encounter({ status: 'cancelled' }), ['encounter-changed cancelled']],
    ['an entry in error', encounter(), encounter({ status: 'entered-in-error' }), ['encounter-changed cancelled']],
    ['leave', admitted, onLeave, ['encounter-changed left']],
    ['a return from leave', onLeave, admitted, ['encounter-changed returned']],
    ['any other change', admitted, { ...admitted, reasonCode: [{ text: 'x' }] }, ['encounter-changed updated']],
    ['a change of a planned stay', planned, { ...planned, reasonCode: [] }, ['fact-recorded undefined']],
  ])('%s', (_name, before, after, expected) => {
    const events = changeToEvents(before && item(1, before), item(2, after), tenant)
    expect(events.map(({ name, detail }) => `${name} ${'kind' in detail ? detail.kind : undefined}`)).toEqual(expected)
  })

  test.each([
    ['another end', { period: { end: '2026-11-19T10:00:00-06:00' } }],
    ['a disposition', { hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }],
    ['a start', { period: { start: '2026-11-01', end: '2026-11-20T14:00:00-06:00' } }],
  ])('%s, once discharged, is a correction', (_name, change) => {
    expect(kinds(item(2, encounter()), item(3, encounter(change)))).toEqual(['correction'])
  })

  test('another patient is a correction of both phases', () => {
    const other = encounter({ subject: { reference: 'Patient/p2' } })
    expect(kinds(item(2, encounter()), item(3, other))).toEqual(['correction', 'correction'])
  })

  test.each([
    ['a reason', { reasonCode: [{ text: 'x' }] }],
    ['the status, when the end was known', { status: 'in-progress' }],
  ])('%s is not', (_name, change) => {
    expect(kinds(item(2, encounter()), item(3, encounter(change)))).toEqual(['updated'])
  })

  test('an undone discharge that is done again is a discharge', () => {
    expect(kinds(item(3, admitted), item(4, encounter()))).toEqual(['discharge'])
  })

  test('an expected end is none; the day it comes and is recorded it is', () => {
    const expected = encounter({ status: 'in-progress', period: { end: '2026-11-21T10:00:00-06:00' } })
    expect(kinds(item(1, admitted), item(2, expected))).toEqual(['updated'])
    const recorded = { updated: '2026-11-21T15:00:00.000Z' }
    expect(kinds(item(2, expected), item(3, { ...expected, priority: {} }, recorded))).toEqual(['discharge'])
  })

  test('a deletion is a cancellation, a resurrection is like a creation', () => {
    expect(changeToEvents(item(1, encounter()), tombstone(2, 'Encounter/e1'), tenant)).toMatchObject([
      { name: 'encounter-changed', detail: { kind: 'cancelled', version: 2, patient: 'Patient/p1' } },
    ])
    expect(kinds(tombstone(2, 'Encounter/e1'), item(3, encounter()))).toEqual(['admission', 'discharge'])
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
    expect(names(item(1, task(), woken), item(2, { ...moved, status: 'cancelled' }, woken))).toEqual(['task-closed'])
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
    const events = names(from ? item(1, observation(from)) : undefined, item(2, observation(to)))
    expect(events.filter((name) => name === 'observation-recorded')).toHaveLength(count)
    expect(events.at(-1)).toBe('fact-recorded')
  })
})

describe('an Observation that was final', () => {
  const observation = (status: string) => ({ resourceType: 'Observation', id: 'o1', status })

  test.each([
    ['final', 'entered-in-error', ['observation-changed']],
    ['corrected', 'cancelled', ['observation-changed']],
    ['final', 'final', ['observation-changed']],
    ['final', 'corrected', ['observation-recorded']],
    ['preliminary', 'cancelled', []],
  ])('%s -> %s', (from, to, expected) => {
    expect(names(item(1, observation(from)), item(2, observation(to)))).toEqual(expected)
  })
})

describe('Goal', () => {
  const goal = (others: object = {}) => ({ resourceType: 'Goal', id: 'g', lifecycleStatus: 'active', ...others })

  test('news is what it is evaluated by', () => {
    expect(names(undefined, item(1, goal()))).toEqual(['goal-changed'])
    expect(names(item(1, goal()), item(2, goal({ target: [{ dueDate: '2026-12-01' }] })))).toEqual(['goal-changed'])
    expect(names(item(1, goal()), item(2, goal({ lifecycleStatus: 'on-hold' })))).toEqual(['goal-changed'])
    expect(names(item(1, goal()), item(2, goal({ outcomeReference: [{ reference: 'Observation/o' }] })))).toEqual([])
  })
})

describe('Patient', () => {
  const patient = (others: object = {}) => ({ resourceType: 'Patient', id: 'p1', ...others })

  test.each([
    [undefined, patient(), 'updated'],
    [patient(), patient({ deceasedBoolean: true }), 'deceased'],
    [patient({ deceasedBoolean: true }), patient({ deceasedDateTime: '2026' }), 'updated'],
    [patient(), patient({ deceasedDateTime: '2026-11-20' }), 'deceased'],
    [patient(), patient({ link: [{ type: 'replaced-by', other: { reference: 'Patient/p2' } }] }), 'merged'],
    [patient({ deceasedBoolean: true }), patient(), 'updated'],
  ])('%j -> %j is %s', (before, after, kind) => {
    expect(changeToEvents(before && item(1, before), item(2, after), tenant)).toMatchObject([
      { name: 'patient-changed', detail: { kind, patient: 'Patient/p1' } },
    ])
  })
})

describe('facts', () => {
  const communication = {
    resourceType: 'Communication',
    id: 'c1',
    status: 'completed',
    subject: { reference: 'Patient/p1' },
  }

  test('each write and deletion of one about a patient', () => {
    const events = [
      ...changeToEvents(undefined, item(1, communication), tenant),
      ...changeToEvents(item(1, communication), tombstone(2, 'Communication/c1'), tenant),
    ]
    expect(events).toHaveLength(2)
    for (const event of events)
      expect(event).toMatchObject({ name: 'fact-recorded', detail: { type: 'Communication', patient: 'Patient/p1' } })
  })

  test.each([
    ['Coverage', { beneficiary: { reference: 'Patient/p1' } }],
    ['EpisodeOfCare', { patient: { reference: 'Patient/p1' } }],
    ['Appointment', { participant: [{ actor: { reference: 'Location/l' } }, { actor: { reference: 'Patient/p1' } }] }],
  ])('%s says whom it is about', (resourceType, elements) => {
    expect(changeToEvents(undefined, item(1, { resourceType, id: 'x', ...elements }), tenant)).toMatchObject([
      { detail: { patient: 'Patient/p1' } },
    ])
  })

  test('one about nobody is none', () => {
    expect(names(undefined, item(1, { resourceType: 'List', id: 'l' }))).toEqual([])
  })

  test('of a plan only that it was put on hold or taken up again', () => {
    const plan = (status: string) => ({
      resourceType: 'CarePlan',
      id: 'c',
      status,
      subject: { reference: 'Patient/p1' },
    })
    const facts = (...images: Parameters<typeof names>) => names(...images).filter((name) => name === 'fact-recorded')
    expect(facts(undefined, item(1, plan('active')))).toEqual([])
    expect(facts(item(1, plan('active')), item(2, plan('on-hold')))).toEqual(['fact-recorded'])
    expect(facts(item(2, plan('on-hold')), item(3, plan('active')))).toEqual(['fact-recorded'])
    expect(facts(item(3, plan('active')), item(4, plan('revoked')))).toEqual([])
  })

  test('of a plan that people work by another way', () => {
    const plan = (others: object) => ({ resourceType: 'CarePlan', id: 'c', status: 'active', ...others })
    const task = { reference: { reference: 'Task/t' } }
    const detail = { detail: { status: 'scheduled' } }
    expect(names(undefined, item(1, plan({})))).toEqual(['care-plan-changed'])
    expect(names(item(1, plan({})), item(2, plan({ activity: [detail] })))).toEqual(['care-plan-changed'])
    expect(
      names(item(1, plan({ activity: [detail] })), item(2, plan({ activity: [detail, task], title: 'x' }))),
    ).toEqual([])
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
