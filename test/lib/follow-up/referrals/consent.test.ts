import { describe, expect, test } from '@jest/globals'
import type { Consent } from 'fhir/r4'
import { permissionOf, permits } from '../../../../lib/follow-up/referrals/consent.ts'
import { consent } from '../../../flows/follow-up/referral-scene.ts'

const NOW = '2026-11-20T16:00:00.000Z'
const PARTIES = ['HealthcareService/meals', 'Organization/pantry']
const actor = (reference: string) => ({
  role: { coding: [{ code: 'IRCP' }] },
  reference: { reference },
})
const holds = (others: Partial<Consent>): boolean => permits(consent(others), PARTIES, NOW, 'America/Chicago')

describe('a Consent permits', () => {
  test.each<[string, Partial<Consent>]>([
    ['its organization', {}],
    [
      'an actor of a provision that permits',
      { organization: [], provision: { type: 'permit', actor: [actor(PARTIES[0]!)] } },
    ],
    [
      'whom an inner provision permits, though all others are denied',
      { organization: [], provision: { type: 'deny', provision: [{ type: 'permit', actor: [actor(PARTIES[1]!)] }] } },
    ],
    ['until the end of its last day', { provision: { period: { end: '2026-11-20' } } }],
    ['from its first day', { provision: { period: { start: '2026-11-20' } } }],
  ])('%s', (_what, others) => expect(holds(others)).toBe(true))
})

describe('a Consent does not permit', () => {
  test.each<[string, Partial<Consent>]>([
    ['what is not active', { status: 'proposed' }],
    ['what is about something else', { category: [{ coding: [{ code: '59284-0' }] }] }],
    ['others', { organization: [{ reference: 'Organization/church' }] }],
    ['nobody in particular', { organization: [] }],
    ['whom it denies', { provision: { type: 'permit', provision: [{ type: 'deny', actor: [actor(PARTIES[1]!)] }] } }],
    ['anybody, when it denies', { provision: { type: 'deny' } }],
    ['after its last day', { provision: { period: { end: '2026-11-19' } } }],
    ['before its first day', { provision: { period: { start: '2026-11-21' } } }],
  ])('%s', (_what, others) => expect(holds(others)).toBe(false))
})

describe('several Consents', () => {
  const permission = (...consents: Consent[]) => permissionOf(consents, PARTIES, NOW, 'America/Chicago')

  test('one that permits is enough; one that denies goes before', () => {
    const other = consent({ id: 'other', organization: [{ reference: 'Organization/church' }] })
    expect(permission(other, consent())).toEqual({ consent: consent() })
    const denial = consent({ id: 'no', provision: { type: 'deny', actor: [actor(PARTIES[1]!)] } })
    expect(permission(consent(), denial)).toBe('withdrawn')
  })

  test('none: missing; one that is not active any more: withdrawn', () => {
    expect(permission()).toBe('missing')
    expect(permission(consent({ status: 'inactive' }))).toBe('withdrawn')
  })
})
