import { describe, expect, test } from '@jest/globals'
import type { AuditEvent } from 'fhir/r4'
import { auditEventsOf } from '../../../../lib/security/audit/audit-event.ts'
import type { Happening } from '../../../../lib/security/audit/happening.ts'

const happening = (others: Partial<Happening>): Happening => ({
  at: '2026-11-23T15:04:05.678Z',
  kind: { rest: 'read' },
  status: 200,
  requester: {},
  server: 'https://api.test/fhir',
  requestId: 'request-1',
  things: [],
  patients: [],
  queries: [],
  ...others,
})

const only = (others: Partial<Happening>): AuditEvent => {
  const [event, ...more] = auditEventsOf(happening(others))
  expect(more).toEqual([])
  return event!
}

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM'
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit'

test('a read, whole, as IHE BALP PatientRead has it', () => {
  const caller = { reference: 'Practitioner/nora', clientId: 'desk', roles: ['care-manager'] }
  const event = only({
    requester: { caller, address: '203.0.113.7', software: 'desk/2.1' },
    things: [{ reference: 'Task/t1/_history/3' }],
    patients: ['Patient/p1'],
    purposes: ['TREAT'],
  })
  expect(event).toEqual({
    resourceType: 'AuditEvent',
    meta: { profile: [`${BALP}.PatientRead`] },
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read' }],
    action: 'R',
    recorded: '2026-11-23T15:04:05.678Z',
    outcome: '0',
    agent: [
      {
        type: { coding: [{ system: DICOM, code: '110152' }] },
        who: { identifier: { value: 'desk' }, display: 'desk/2.1' },
        requestor: false,
        network: { address: '203.0.113.7', type: '2' },
      },
      {
        type: { coding: [{ system: DICOM, code: '110153' }] },
        who: { identifier: { system: 'https://careloop.dev/fhir/NamingSystem/software', value: 'careloop' } },
        requestor: false,
        network: { address: 'https://api.test/fhir', type: '5' },
      },
      {
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
        who: { reference: 'Practitioner/nora' },
        requestor: true,
        role: [{ coding: [{ code: 'care-manager' }] }],
        purposeOfUse: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] }],
      },
    ],
    source: {
      observer: { identifier: { system: 'https://careloop.dev/fhir/NamingSystem/software', value: 'careloop' } },
      type: [{ system: 'http://terminology.hl7.org/CodeSystem/security-source-type', code: '4' }],
    },
    entity: [
      {
        what: { identifier: { value: 'request-1' } },
        type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
      },
      {
        what: { reference: 'Patient/p1' },
        type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '1' },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1' },
      },
      {
        what: { reference: 'Task/t1/_history/3' },
        type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '2' },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '4' },
      },
    ],
  })
})

describe('the pattern of each interaction', () => {
  const rows: [interaction: string, action: string, client: string, server: string, profile: string | undefined][] = [
    ['create', 'C', '110153', '110152', 'Create'],
    ['read', 'R', '110152', '110153', 'Read'],
    ['vread', 'R', '110152', '110153', 'Read'],
    ['update', 'U', '110153', '110152', 'Update'],
    ['patch', 'U', '110153', '110152', 'Update'],
    ['delete', 'D', '110150', 'custodian', 'Delete'],
    ['search-type', 'E', '110153', '110152', 'Query'],
    ['search-system', 'E', '110153', '110152', 'Query'],
    ['history-instance', 'R', '110152', '110153', undefined],
    ['transaction', 'E', '110153', '110152', undefined],
    ['$everything', 'E', '110153', '110152', undefined],
  ]
  test.each(rows)('%s', (rest, action, client, server, name) => {
    const event = only({ kind: { rest } })
    expect([event.action, ...event.agent.slice(0, 2).map(({ type }) => type?.coding?.[0]?.code)]).toEqual([
      action,
      client,
      server,
    ])
    expect(event.meta?.profile).toEqual(name && [`${BALP}.${name}`])
    const ofPatient = only({ kind: { rest }, patients: ['Patient/p1'] })
    expect(ofPatient.meta?.profile).toEqual(name && [`${BALP}.Patient${name}`])
    // The profile for a patient is for one.
    const ofTwo = only({ kind: { rest }, patients: ['Patient/p1', 'Patient/p2'] })
    expect(ofTwo.meta?.profile).toEqual(name && [`${BALP}.${name}`])
  })
})

test.each([
  [200, false, '0'],
  [304, false, '0'],
  [404, false, '4'],
  [404, true, '8'],
  [403, true, '8'],
  [412, false, '4'],
  [500, false, '8'],
])('HTTP %d, denied: %s, is outcome %s', (status, denied, outcome) => {
  const event = only({ status, denied })
  expect([event.outcome, event.outcomeDesc, event.meta]).toEqual([
    outcome,
    outcome === '0' ? undefined : `HTTP ${status}`,
    outcome === '0' ? { profile: [`${BALP}.Read`] } : undefined,
  ])
})

test('what is shown to somebody outside is an export and a disclosure, with whom and why', () => {
  const event = only({
    kind: { disclosed: 'referral-page' },
    recipient: 'Organization/pantry',
    patients: ['Patient/p1'],
    purposes: ['COC'],
  })
  expect(event.type).toEqual({ system: DICOM, code: '110106' })
  expect(event.subtype?.map(({ code }) => code)).toEqual(['disclose', 'referral-page'])
  expect(event.purposeOfEvent?.[0]?.coding?.[0]?.code).toBe('COC')
  expect(event.agent[2]?.who?.reference).toBe('Organization/pantry')
  expect(event.meta?.profile).toEqual([`${BALP}.PrivacyDisclosure.Source`])
})

test('breaking the glass is a subtype and a purpose', () => {
  const event = only({ breakGlass: '' })
  expect(event.subtype?.map(({ code }) => code)).toEqual(['read', '110127'])
  expect(event.purposeOfEvent?.[0]?.coding?.[0]?.code).toBe('BTG')
})

test('a query is in base64 and nowhere else', () => {
  const event = only({ kind: { rest: 'search-type' }, queries: ['GET Patient?name=Quist'] })
  expect(Buffer.from(event.entity![1]!.query!, 'base64').toString()).toBe('GET Patient?name=Quist')
  expect(JSON.stringify(event)).not.toContain('Quist')
})

test('what touched very many is several events of one request that lose nothing', () => {
  const things = Array.from({ length: 401 }, (_, n) => ({ reference: `Task/t${n}/_history/1` }))
  const events = auditEventsOf(happening({ kind: { rest: 'transaction' }, things }))
  expect(events).toHaveLength(3)
  for (const { entity } of events) expect(entity?.[0]?.what?.identifier?.value).toBe('request-1')
  const named = events.flatMap(({ entity = [] }) => entity.flatMap(({ what }) => what?.reference ?? []))
  expect(named).toEqual(things.map(({ reference }) => reference))
})
