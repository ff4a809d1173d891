import { describe, expect, test } from '@jest/globals'
import type { AuditEvent } from 'fhir/r4'
import { auditEventsOf } from '../../../../lib/security/audit/audit-event.ts'
import { disclosureIn } from '../../../../lib/security/audit/disclosure.ts'
import type { Happening } from '../../../../lib/security/audit/happening.ts'

const eventOf = (others: Partial<Happening>): AuditEvent => ({
  ...auditEventsOf({
    at: '2026-11-23T15:04:05.678Z',
    kind: { rest: 'read' },
    status: 200,
    requester: { caller: { reference: 'Practitioner/nora', clientId: 'desk' } },
    server: 'https://api.test/fhir',
    requestId: 'request-1',
    things: [{ reference: 'Task/t1/_history/3' }],
    patients: ['Patient/p1'],
    queries: [],
    ...others,
  })[0]!,
  id: 'e1',
})

const shown = { kind: { disclosed: 'referral-page' }, recipient: 'Organization/pantry', purposes: ['COC'] }

describe('counts', () => {
  test('what was shown to somebody outside, whatever for', () => {
    expect(disclosureIn(eventOf(shown))).toEqual({
      date: '2026-11-23T15:04:05.678Z',
      recipient: 'Organization/pantry',
      clientId: 'desk',
      description: 'Task (referral-page)',
      purposes: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'COC' }],
      event: 'e1',
    })
  })

  test('a read for a purpose that is not exempt, and any by a client that is outside', () => {
    expect(disclosureIn(eventOf({ purposes: ['HRESCH'] }))?.recipient).toBe('Practitioner/nora')
    expect(disclosureIn(eventOf({ purposes: ['TREAT'] }), { outsideClients: ['desk'] })).toBeDefined()
    expect(disclosureIn(eventOf({ purposes: ['TREAT'] }), { exemptPurposes: [] })).toBeDefined()
  })

  test('a search, by the type that was searched', () => {
    const search = { kind: { rest: 'search-type' }, things: [], queries: ['GET Observation?patient=p1'] }
    expect(disclosureIn(eventOf({ ...search, purposes: ['PUBHLTH'] }))?.description).toBe('Observation (search-type)')
  })
})

describe('does not count', () => {
  test.each<[string, Partial<Happening>]>([
    ['what was denied', { ...shown, status: 410, denied: true }],
    ['a read for treatment', { purposes: ['TREAT'] }],
    ['a read for a purpose nobody has stated', {}],
    ['a read that one exempt purpose covers', { purposes: ['HRESCH', 'TREAT'] }],
    ['what was written', { kind: { rest: 'update' }, purposes: ['HRESCH'] }],
    ['a notification that names nobody', { kind: { transmitted: 'notification-sent' } }],
  ])('%s', (_, others) => {
    expect(disclosureIn(eventOf(others))).toBeUndefined()
  })
})
