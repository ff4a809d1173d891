import { describe, expect, test } from '@jest/globals'
import type { Bundle, Encounter, MessageHeader } from 'fhir/r4'
import type { VisitNotification } from '../../../lib/messages/notification.ts'
import { readFhirMessage } from '../../../lib/messages/read-fhir-message.ts'
import { example } from '../../fhir-profiles/examples.ts'

const RECEIVED = '2026-12-01T00:00:00.000Z'
const HOSPITAL = 'urn:uuid:6a1f5c0e-2b7c-4e7d-9f0a-0d3c5b7e1a04'

const message = (name: 'admit' | 'discharge', change: (bundle: Bundle) => void = () => undefined): Bundle => {
  const bundle = example(`notification-${name}`) as unknown as Bundle
  change(bundle)
  return bundle
}
const headerOf = (bundle: Bundle) => bundle.entry![0]!.resource as MessageHeader
const encounterOf = (bundle: Bundle) => bundle.entry![1]!.resource as Encounter
const read = (bundle: Bundle) => readFhirMessage(bundle, RECEIVED) as VisitNotification

const refusal = (bundle: Bundle): unknown => {
  try {
    readFhirMessage(bundle, RECEIVED)
  } catch (error) {
    const { status, problems } = error as { status: number; problems: { expression?: string }[] }
    return [status, problems[0]?.expression]
  }
  return undefined
}

describe('a notification', () => {
  test('of an admission says what the Encounter does', () => {
    const notification = read(message('admit'))
    expect(notification).toMatchObject({
      kind: 'visit',
      source: 'https://example-hospital.org/adt',
      messageId: '0d6b7a51-3f0f-4b5f-8d53-8f7f3f1f0001',
      at: '2026-11-16T15:52:10.000Z',
      status: 'in-progress',
      visit: { system: 'https://example-hospital.org/visits', value: 'V-2026-1120' },
      patient: [{ system: 'https://example-hospital.org/mrn', value: 'MRN-4711' }],
    })
    expect(notification.facts).toEqual({
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      type: [{ text: 'Hospital stay' }],
      location: [{ location: { reference: 'urn:uuid:6a1f5c0e-2b7c-4e7d-9f0a-0d3c5b7e1a03' } }],
      serviceProvider: { reference: HOSPITAL },
      'period.start': '2026-11-16T09:40:00-06:00',
    })
  })

  test.each<[Encounter['status'], string | undefined]>([
    ['in-progress', 'finished'],
    ['finished', 'finished'],
    ['unknown', 'finished'],
    ['entered-in-error', 'entered-in-error'],
  ])('of a discharge means that it ended, whatever the Encounter (%s) says', (status, expected) => {
    const bundle = message('discharge', (each) => {
      encounterOf(each).status = status
    })
    expect(read(bundle).status).toBe(expected)
  })

  test('of a stay that goes on has no end yet', () => {
    const planned = message('admit', (bundle) => {
      encounterOf(bundle).period!.end = '2026-11-18'
    })
    expect(read(planned).facts).not.toHaveProperty(['period.end'])
    expect(read(message('discharge')).facts).toHaveProperty(['period.end'], '2026-11-20T14:00:00-06:00')
  })

  test('was recorded when the Encounter changed, else when it was sent, else now', () => {
    const without = (change: (bundle: Bundle) => void) => read(message('admit', change)).at
    expect(without((bundle) => delete encounterOf(bundle).meta)).toBe('2026-11-16T15:52:10.000Z')
    const nothing = (bundle: Bundle) => {
      delete encounterOf(bundle).meta
      delete bundle.timestamp
    }
    expect(without(nothing)).toBe(RECEIVED)
  })

  test('may have RESTful URLs and relative references', () => {
    const bundle = message('admit')
    const text = JSON.stringify(bundle)
      .replaceAll(/urn:uuid:6a1f5c0e[\w-]+2"/g, 'https://ehr.example/fhir/Patient/patient"')
      .replaceAll(/urn:uuid:6a1f5c0e[\w-]+1"/g, 'https://ehr.example/fhir/Encounter/visit"')
    const restful = JSON.parse(text) as Bundle
    encounterOf(restful).subject = { reference: 'Patient/patient' }
    encounterOf(restful).account = [{ reference: 'Account/7' }]
    const notification = read(restful)
    expect(notification.patient[0]?.value).toBe('MRN-4711')
    expect(notification.facts.account).toEqual([{ reference: 'https://ehr.example/fhir/Account/7' }])
  })

  test('of anything else than an admission, discharge or transfer says nothing', () => {
    const other = message('admit', (bundle) => {
      headerOf(bundle).eventCoding!.code = 'notification-care-team-change'
    })
    expect(readFhirMessage(other, RECEIVED)).toMatchObject({
      kind: 'other',
      trigger: { code: 'notification-care-team-change' },
    })
    const foreign = message('admit', (bundle) => {
      const header = headerOf(bundle)
      delete header.eventCoding
      header.eventUri = 'https://example.org/event'
    })
    expect(readFhirMessage(foreign, RECEIVED)).toMatchObject({
      kind: 'other',
      trigger: { system: 'https://example.org/event' },
    })
  })
})

describe('refused is', () => {
  test.each<[string, (bundle: Bundle) => void, number, string]>([
    ['a Bundle of another type', (b) => Object.assign(b, { type: 'collection' }), 400, 'Bundle.type'],
    ['one without a MessageHeader in front', (b) => b.entry!.reverse(), 400, 'Bundle.entry[0].resource'],
    ['an empty one', (b) => delete b.entry, 400, 'Bundle.entry[0].resource'],
    [
      'a header without source',
      (b) => Object.assign(headerOf(b), { source: undefined }),
      422,
      'MessageHeader.source.endpoint',
    ],
    ['a header without focus', (b) => delete headerOf(b).focus, 422, 'MessageHeader.focus'],
    ['a focus that is not there', (b) => b.entry!.splice(1, 1), 422, 'MessageHeader.focus'],
    ['an Encounter of nobody', (b) => delete encounterOf(b).subject, 422, 'Encounter.subject'],
    [
      'a patient without identifier',
      (b) => Object.assign(b.entry![2]!.resource!, { identifier: [] }),
      422,
      'Encounter.subject',
    ],
    ['a reference that leads nowhere', (b) => b.entry!.splice(3, 1), 422, 'Encounter.location[0].location.reference'],
    [
      'a modifier extension',
      (b) => Object.assign(encounterOf(b), { modifierExtension: [{ url: 'u' }] }),
      422,
      'Encounter.modifierExtension',
    ],
  ])('%s', (_what, change, status, place) => {
    expect(refusal(message('discharge', change))).toEqual([status, place])
  })

  test('a header that has no id at all', () => {
    const bundle = message('admit', (each) => {
      delete headerOf(each).id
    })
    expect(read(bundle).messageId).toBe('0d6b7a51-3f0f-4b5f-8d53-8f7f3f1f0001')
    bundle.entry![0]!.fullUrl = 'https://ehr.example/fhir/MessageHeader/1'
    expect(refusal(bundle)).toEqual([422, 'MessageHeader.id'])
  })
})
