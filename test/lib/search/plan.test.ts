import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { matches } from '../../../lib/search/match.ts'
import { openFlagOf, orderKey } from '../../../lib/search/order.ts'
import { type Plan, planSearch } from '../../../lib/search/plan.ts'
import { zoneOf } from '../../../lib/search/zone.ts'
import { rowSortKey } from '../../../lib/store/keys.ts'
import { declarations, resource } from './sample-declarations.ts'
import { parse, TIME_ZONE } from './sample-search.ts'

const zone = zoneOf(TIME_ZONE)
const planOf = (type: string, query: string): Plan => planSearch(parse(type, query), declarations.get(type)!, zone)

/** The streams in one line each: partition, prefix, bounds. */
const lines = ({ streams }: Plan): string[] =>
  streams.map(({ pk, prefix, from, to }) =>
    [pk, prefix, ...(from || to ? [`${from ?? ''}..${to ?? ''}`] : [])].filter(Boolean).join(' '),
  )

describe('the cheapest driver', () => {
  test.each([
    ['Task', 'status=ready&identifier=urn:a|5&patient=1', 'identifier', ['Task?identifier=5']],
    ['Task', 'identifier=5,6', 'identifier', ['Task?identifier=5', 'Task?identifier=6']],
    ['Task', 'identifier:of-type=a|b|5', 'identifier', ['Task?identifier=5']],
    ['Task', 'owner=Practitioner/1&patient=2', 'patient', ['Patient/2? Task/']],
    ['Task', 'patient=Patient/2', 'patient', ['Patient/2? Task/']],
    ['Task', 'subject=Patient/2', 'subject', ['Patient/2? Task/']],
    ['Task', 'subject=Group/2', 'subject', ['Task?subject=Group/2']],
    ['Task', 'focus=Patient/2', 'focus', ['Patient/2? Task/']],
    ['Task', 'focus=CarePlan/2', 'focus', ['Task?focus=CarePlan/2']],
    ['Task', 'owner=Patient/2', 'owner', ['Task?owner=Patient/2']],
    [
      'Task',
      'owner=Practitioner/1,Organization/2',
      'owner',
      ['Task?owner=Practitioner/1', 'Task?owner=Organization/2'],
    ],
    [
      'Task',
      'requester=7',
      'requester',
      ['Task?requester=Practitioner/7', 'Task?requester=Organization/7', 'Task?requester=Patient/7'],
    ],
    ['Task', 'requester:Organization=7', 'requester', ['Task?requester=Organization/7']],
    ['Task', 'requester=http://other.example.org/fhir/Practitioner/7', 'requester', ['Task?requester=Practitioner/7']],
    ['Task', 'requester=7&based-on=CarePlan/1', 'based-on', ['Task?based-on=CarePlan/1']],
    ['Task', 'instantiates-canonical=http://a/x|2&based-on=CarePlan/1', 'based-on', ['Task?based-on=CarePlan/1']],
    [
      'Task',
      'instantiates-canonical=http://a/x|2',
      'instantiates-canonical',
      ['Task?instantiates-canonical=http://a/x'],
    ],
    ['Task', 'instantiates-uri=urn:x', 'instantiates-uri', ['Task?instantiates-uri=urn:x']],
    [
      'Observation',
      'subject=2',
      'subject',
      [
        'Patient/2? Observation/',
        'Observation?subject=Group/2',
        'Observation?subject=Device/2',
        'Observation?subject=Location/2',
      ],
    ],
    [
      'Patient',
      'general-practitioner=Practitioner/1',
      'general-practitioner',
      ['Patient?general-practitioner=Practitioner/1'],
    ],
    // within one list the open ones come first
    ['Task', 'patient=2&status=ready,requested', 'patient', ['Patient/2? Task/0']],
    ['Task', 'patient=2&status=completed,failed', 'patient', ['Patient/2? Task/1']],
    ['Task', 'patient=2&status=ready,failed', 'patient', ['Patient/2? Task/']],
    ['Task', 'patient=2&status:not=ready', 'patient', ['Patient/2? Task/']],
    ['Task', 'patient=2&status:not=ready,requested,in-progress', 'patient', ['Patient/2? Task/1']],
    ['Task', 'owner=Practitioner/1&status=ready&_sort=due-date', 'owner', ['Task?owner=Practitioner/1 0']],
    [
      'Task',
      'owner=Practitioner/1&_sort=due-date',
      'owner',
      ['Task?owner=Practitioner/1 0', 'Task?owner=Practitioner/1 1'],
    ],
    // bounds on the order
    [
      'Task',
      'patient=2&status=ready&due-date=lt2026-11-25',
      'patient',
      ['Patient/2? Task/0 ..2026-11-25T05:59:59.999Z'],
    ],
    [
      'Task',
      'patient=2&status=ready&due-date=2026-11-25',
      'patient',
      ['Patient/2? Task/0 2026-11-25T06:00:00.000Z..2026-11-26T05:59:59.999Z'],
    ],
    // a due date of a whole year or month begins where the year or month does
    [
      'Task',
      'patient=2&status=ready&due-date=ge2026-11-25',
      'patient',
      [
        'Patient/2? Task/0 2026-01-01T06:00:00.000Z..2026-01-01T06:00:00.000Z',
        'Patient/2? Task/0 2026-11-01T05:00:00.000Z..2026-11-01T05:00:00.000Z',
        'Patient/2? Task/0 2026-11-25T06:00:00.000Z..',
      ],
    ],
    ['Task', 'patient=2&status=ready&due-date:missing=true', 'patient', ['Patient/2? Task/0 ~..']],
    // a period may have begun long before
    [
      'Observation',
      'patient=2&date=ge2026-11-25&date=le2026-11-30',
      'patient',
      ['Patient/2? Observation/ ..2026-12-01T05:59:59.999Z'],
    ],
  ])('%s?%s: %s', (type, query, driver, expected) => {
    const plan = planOf(type, query)
    expect(plan.driver).toBe(driver)
    expect(lines(plan)).toEqual(expected)
  })

  test('ids are read directly', () => {
    const plan = planOf('Task', 'patient=1&_id=b,a,b')
    expect(plan.direct).toEqual([
      { type: 'Task', id: 'b' },
      { type: 'Task', id: 'a' },
    ])
    expect(plan.streams).toEqual([])
  })

  test.each([
    ['status=ready', ['Task?! 0']],
    ['status=ready&_sort=due-date', ['Task?! 0']],
    ['_sort=due-date', ['Task?! 0', 'Task?! 1']],
    ['due-date=le2026-11-24', ['Task?! 0 ..2026-11-25T05:59:59.999Z', 'Task?! 1 ..2026-11-25T05:59:59.999Z']],
    ['due-date:missing=true&code=x', ['Task?! 0 ~..', 'Task?! 1 ~..']],
  ])('%s walks the listing of the tenant: %s', (query, expected) => {
    const plan = planOf('Task', query)
    expect(plan.driver).toBe('listing')
    expect(lines(plan)).toEqual(expected)
  })

  test.each([
    ['Task', ''],
    ['Task', 'code=x'],
    ['Task', 'owner:missing=true'],
    ['Task', 'focus=123'],
    ['Task', 'identifier=urn:mrn|'],
    ['Task', 'subject:identifier=5'],
    ['Task', 'instantiates-uri:below=http://a'],
    ['Task', '_profile=http://a'],
    ['Task', 'status=ready&_sort=_lastUpdated'],
    ['Goal', 'target-date=le2026'],
  ])('%s?%s walks the log', (type, query) => {
    const plan = planOf(type, query)
    expect(plan.driver).toBe('log')
    expect(plan.streams.every(({ log }) => log)).toBe(true)
  })

  test('the log is bounded by _lastUpdated and newest first', () => {
    const plan = planOf('Goal', '_lastUpdated=ge2026-11-25&_lastUpdated=lt2026-11-26T00:00:00Z')
    expect(plan).toMatchObject({ driver: 'log', descending: true, sorted: true })
    expect(plan.streams[0]).toMatchObject({ from: '2026-11-25T06:00:00.000Z', to: '2026-11-25T23:59:59.999Z' })
  })
})

describe('whether the walk is in the order asked for', () => {
  test.each([
    ['Task', 'patient=1', true, false],
    ['Task', 'patient=1&_sort=due-date', true, false],
    ['Task', 'patient=1&_sort=-due-date', true, true],
    ['Task', 'patient=1&_sort=-due-date,-_id', true, true],
    ['Task', 'patient=1&_sort=-due-date,_id', false, true],
    ['Task', 'patient=1&_sort=due-date,status', false, false],
    ['Task', 'patient=1&_sort=status', false, false],
    ['Task', '_sort=-_lastUpdated', true, true],
    ['Task', '_sort=_lastUpdated', true, false],
    ['Task', 'patient=1&_sort=_lastUpdated', false, false],
    ['Patient', 'identifier=1&_sort=_id', true, false],
    ['Goal', 'patient=1&_sort=target-date', true, false],
    // by the latest of several dates, which is not the order of the list reversed
    ['Goal', 'patient=1&_sort=-target-date', false, true],
    ['Observation', 'patient=1&_sort=-date', true, true],
  ])('%s?%s', (type, query, sorted, descending) => {
    expect(planOf(type, query)).toMatchObject({ sorted, descending })
  })
})

describe('bounds', () => {
  const date = fc.constantFrom(
    ...['2025', '2026', '2026-01', '2026-11', '2026-11-01', '2026-11-24', '2026-11-25', '2027-01-01', '2026-01-01'],
    ...[
      '2026-11-25T00:00:00Z',
      '2026-11-25T06:00:00Z',
      '2026-11-24T23:59:59-06:00',
      '2026-11-01T05:00:00Z',
      '2026-11-25T10:00:00.500Z',
    ],
  )
  const prefix = fc.constantFrom('', 'eq', 'ne', 'lt', 'gt', 'le', 'ge', 'sa', 'eb', 'ap')
  const value = fc.tuple(prefix, date).map((parts) => parts.join(''))
  const criterion = fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => `due-date=${values.join(',')}`)
  const status = fc.constantFrom('ready', 'requested', 'completed', 'failed')
  const statusCriterion = fc.oneof(
    fc.array(status, { minLength: 1, maxLength: 2 }).map((codes) => `status=${codes.join(',')}`),
    fc.array(status, { minLength: 1, maxLength: 4 }).map((codes) => `status:not=${codes.join(',')}`),
    fc.constant('due-date:missing=true'),
  )

  test('no part of a list that may hold a match is left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(criterion, statusCriterion), { minLength: 1, maxLength: 3 }),
        fc.option(date, { nil: undefined }),
        status,
        (criteria, due, code) => {
          const query = ['patient=1', ...criteria].join('&')
          const search = parse('Task', query)
          const subject = resource('Task', {
            id: 'a',
            status: code,
            for: { reference: 'Patient/1' },
            ...(due && { restriction: { period: { end: due } } }),
          })
          if (!search.clauses.every((clause) => matches(clause, subject, { zone }))) return
          const declaration = declarations.get('Task')!
          const order = openFlagOf(declaration, subject) + orderKey(declaration, subject, zone)
          const row = rowSortKey('Task/', order, 'a', 1)
          const covering = planOf('Task', query).streams.filter(
            ({ prefix: start, from = '', to = '' }) =>
              row.startsWith(start) && row >= start + from && row <= `${start}${to}\uffff`,
          )
          // One and no more: what two streams give would be read twice.
          expect(covering).toHaveLength(1)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
