import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { declarations, resource } from './sample-declarations.ts'
import { TIME_ZONE } from './sample-search.ts'

const indexing = createIndexing({ declarations, timeZone: TIME_ZONE })

const rows = (subject: Resource): string[] =>
  indexing(subject.resourceType)
    .postings(subject)
    .map(({ pk, prefix, order }) => `${pk} ${prefix}${order}`)
    .sort()

describe('the lists a resource stands in', () => {
  test('a Task', () => {
    const plain = '2026-11-25T05:59:59.000Z'
    const order = `0${plain}`
    const subject = resource('Task', {
      id: 't1',
      status: 'ready',
      for: { reference: 'Patient/p1' },
      focus: { reference: 'ServiceRequest/s1' },
      owner: { reference: 'Practitioner/d1' },
      requester: { reference: 'Practitioner/d1' },
      basedOn: [{ reference: 'CarePlan/c1' }, { reference: 'CarePlan/c1' }, { reference: 'CarePlan/c2/_history/3' }],
      identifier: [{ system: 'urn:mrn', value: '5' }, { system: 'urn:other', value: '5' }, { system: 'urn:no-value' }],
      instantiatesCanonical: 'http://acme.org/AD/x|1.1',
      instantiatesUri: 'urn:x',
      code: { text: 'not listed' },
      restriction: { period: { end: '2026-11-24T23:59:59-06:00' } },
    })
    expect(rows(subject)).toEqual(
      [
        `Patient/p1? Task/${order}`,
        `Task?focus=ServiceRequest/s1 ${plain}`,
        `Task?owner=Practitioner/d1 ${order}`,
        `Task?requester=Practitioner/d1 ${plain}`,
        `Task?based-on=CarePlan/c1 ${plain}`,
        `Task?based-on=CarePlan/c2 ${plain}`,
        `Task?identifier=5 ${plain}`,
        `Task?instantiates-canonical=http://acme.org/AD/x ${plain}`,
        `Task?instantiates-uri=urn:x ${plain}`,
        `Task?! ${order}`,
      ].sort(),
    )
  })

  test('a patient who is not the subject but puts it into the compartment; one who does neither', () => {
    const subject = resource('Task', { id: 't', focus: { reference: 'Patient/f' }, owner: { reference: 'Patient/o' } })
    expect(rows(subject)).toContain('Patient/f? Task/1~')
    expect(rows(subject)).toContain('Task?owner=Patient/o 1~')
  })

  test("another server's patient opens no compartment", () => {
    const subject = resource('Task', { id: 't', for: { reference: 'https://other.example.org/fhir/Patient/p1' } })
    expect(rows(subject)).toEqual(['Task?! 1~', 'Task?patient=Patient/p1 1~', 'Task?subject=Patient/p1 ~'].sort())
  })

  test('a subject that is no patient is listed by `subject` alone', () => {
    const subject = resource('Observation', { id: 'o', subject: { reference: 'Group/g' } })
    expect(rows(subject)).toEqual(['Observation?subject=Group/g ~'])
  })

  test('what leads nowhere is in no list', () => {
    const subject = resource('Patient', {
      id: 'p',
      generalPractitioner: [{ reference: '#contained' }, { display: 'Dr. Who' }, { identifier: { value: '1' } }],
    })
    expect(rows(subject)).toEqual([])
  })

  test('a type without an order', () => {
    const subject = resource('Patient', { id: 'p', identifier: [{ value: '7' }] })
    expect(rows(subject)).toEqual(['Patient?identifier=7 '])
  })

  test('is the same each time', () => {
    const subject = resource('Task', { id: 't', status: 'ready', for: { reference: 'Patient/p1' } })
    expect(rows(subject)).toEqual(rows(structuredClone(subject)))
  })

  test('a type that is not declared is a mistake', () => {
    expect(() => indexing('Account')).toThrow(/Account is not declared/)
  })
})

describe('the order of a list', () => {
  const orderOf = (content: Resource) => indexing(content.resourceType).postings({ id: 'x', ...content })[0]?.order
  test.each([
    ['Task', { status: 'ready', restriction: { period: { end: '2026-11-24' } } }, '02026-11-24T06:00:00.000Z'],
    [
      'Task',
      { status: 'completed', restriction: { period: { end: '2026-11-24T10:00:00Z' } } },
      '12026-11-24T10:00:00.000Z',
    ],
    ['Task', { status: 'ready' }, '0~'],
    ['Task', {}, '1~'],
    [
      'Goal',
      { subject: { reference: 'Patient/1' }, target: [{ dueDate: '2027-05-01' }, { dueDate: '2026' }] },
      '2026-01-01T06:00:00.000Z',
    ],
    ['Observation', { subject: { reference: 'Patient/1' }, effectivePeriod: { end: '2026' } }, '-'],
    [
      'Observation',
      { subject: { reference: 'Patient/1' }, effectiveTiming: { event: ['2026-02', '2026-01-31'] } },
      '2026-01-31T06:00:00.000Z',
    ],
    [
      'Observation',
      { subject: { reference: 'Patient/1' }, effectiveDateTime: '9999-12-31T23:59:59-11:00' },
      '9999-12-31T23:59:59.999Z',
    ],
  ])('%s %j', (type, content, order) => {
    expect(orderOf(resource(type, content))).toBe(order)
  })
})

describe('wakeAt', () => {
  const instants = ['2026-12-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', '2026-11-15T00:00:00.000Z']
  const subject = resource('Task', { wakes: instants })
  test.each([
    [undefined, instants[1]],
    ['2026-11-01T00:00:00.000Z', instants[2]],
    ['2026-11-20T00:00:00.000Z', instants[0]],
    ['2026-12-01T00:00:00.000Z', undefined],
  ])('after %s it is %s', (woken, expected) => {
    expect(indexing('Task').wakeAt(subject, woken)).toBe(expected)
  })

  test('a type without clocks never wakes', () => {
    expect(indexing('Goal').wakeAt(resource('Goal', {}), undefined)).toBeUndefined()
  })
})
