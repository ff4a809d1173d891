import { describe, expect, test } from '@jest/globals'
import type { Consent, ConsentProvision } from 'fhir/r4'
import { sensitivitiesOf } from '../../../../lib/security/consent/labels.ts'
import { type Asking, isPermitted } from '../../../../lib/security/consent/permission.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'

const label = (code: string) => ({ system: code.length === 1 ? CONFIDENTIALITY : ACT_CODE, code })
const labelled = (...codes: string[]) => sensitivitiesOf({ meta: { security: codes.map(label) } })
const purpose = (code: string) => ({ system: ACT_REASON, code })
const nora = { role: {}, reference: { reference: 'Practitioner/nora' } }

const asking = (more: Partial<Asking> = {}): Asking => ({
  parties: ['Practitioner/nora', 'ehr'],
  purposes: [],
  now: '2026-01-05T12:00:00.000Z',
  timeZone: 'America/Chicago',
  ...more,
})

const consent = (provision: ConsentProvision | undefined, more: Partial<Consent> = {}): Consent => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [],
  ...(provision && { provision }),
  ...more,
})

const PERMIT: ConsentProvision = { type: 'permit', securityLabel: [label('42CFRPart2')], purpose: [purpose('TREAT')] }
const part2 = labelled('42CFRPart2')
const allows = (consents: Consent[], of = part2, as = asking()) => isPermitted(consents, of, as)

describe('one consent to treatment, payment or operations', () => {
  test('permits what is labelled 42CFRPart2 to whoever asks', () => {
    expect(allows([consent(PERMIT)])).toBe(true)
    expect(allows([consent(PERMIT)], part2, asking({ parties: [] }))).toBe(true)
    expect(allows([])).toBe(false)
  })

  test('and what is labelled as about substance use beside it', () => {
    expect(allows([consent(PERMIT)], labelled('42CFRPart2', 'ETH', 'SUD', 'R'))).toBe(true)
    expect(allows([consent(PERMIT)], labelled('42CFRPart2', 'HIV'))).toBe(false)
  })

  test('has to name the label and a purpose', () => {
    const { securityLabel: _label, ...anything } = PERMIT
    const { purpose: _purpose, ...forNothing } = PERMIT
    expect(allows([consent(anything)])).toBe(false)
    expect(allows([consent(forNothing)])).toBe(false)
  })

  test('is for the purposes that it names: not for a court', () => {
    expect(allows([consent(PERMIT)], part2, asking({ purposes: ['TREAT'] }))).toBe(true)
    expect(allows([consent(PERMIT)], part2, asking({ purposes: ['HLEGAL'] }))).toBe(false)
  })

  test('is not enough for an outside party, which has to be named', () => {
    const named = { ...PERMIT, actor: [nora] }
    expect(allows([consent(PERMIT)], part2, asking({ outside: true }))).toBe(false)
    expect(allows([consent(named)], part2, asking({ outside: true }))).toBe(true)
  })

  test('is in force, active, and about privacy', () => {
    expect(allows([consent({ ...PERMIT, period: { end: '2026-01-04' } })])).toBe(false)
    // The last day counts where the tenant is.
    expect(allows([consent({ ...PERMIT, period: { end: '2026-01-05' } })])).toBe(true)
    expect(allows([consent({ ...PERMIT, period: { start: '2026-01-06' } })])).toBe(false)
    for (const status of ['draft', 'proposed', 'rejected', 'inactive', 'entered-in-error'] as const)
      expect(allows([consent(PERMIT, { status })])).toBe(false)
    expect(allows([consent(PERMIT, { scope: { text: 'research' } })])).toBe(false)
  })
})

test.each(['PSY', 'HIV', 'SDV', 'V'])('%s takes a consent that names who asks', (code) => {
  const provision: ConsentProvision = { ...PERMIT, securityLabel: [label(code)] }
  expect(allows([consent(provision)], labelled(code))).toBe(false)
  expect(allows([consent({ ...provision, actor: [nora] })], labelled(code))).toBe(true)
  expect(allows([consent({ ...provision, actor: [nora] })], labelled(code), asking({ parties: ['ehr'] }))).toBe(false)
  const client = { role: {}, reference: { identifier: { value: 'ehr' } } }
  expect(allows([consent({ ...provision, actor: [client] })], labelled(code))).toBe(true)
})

describe('what denies goes before', () => {
  test('in another consent', () => {
    const deny = consent({ ...PERMIT, type: 'deny' })
    expect(allows([consent(PERMIT), deny])).toBe(false)
    expect(allows([deny, consent(PERMIT)])).toBe(false)
    expect(allows([consent(PERMIT), { ...deny, status: 'inactive' }])).toBe(true)
  })

  test('of everything, where nothing narrows it', () => {
    expect(allows([consent(PERMIT), consent({ type: 'deny' })])).toBe(false)
  })

  test('but not of what it does not speak of', () => {
    expect(allows([consent(PERMIT), consent({ type: 'deny', securityLabel: [label('HIV')] })])).toBe(true)
    const other = { role: {}, reference: { reference: 'Practitioner/other' } }
    expect(allows([consent(PERMIT), consent({ type: 'deny', actor: [other] })])).toBe(true)
  })
})

describe('provisions inside provisions', () => {
  test('are exceptions', () => {
    expect(allows([consent({ type: 'deny', provision: [PERMIT] })])).toBe(true)
    expect(allows([consent({ ...PERMIT, provision: [{ type: 'deny', actor: [nora] }] })])).toBe(false)
    expect(
      allows(
        [consent({ ...PERMIT, provision: [{ type: 'deny', actor: [nora] }] })],
        part2,
        asking({ parties: ['ehr'] }),
      ),
    ).toBe(true)
  })

  test('need not say again what is said around them', () => {
    const { securityLabel, ...inner } = PERMIT
    expect(allows([consent({ securityLabel, provision: [inner] })])).toBe(true)
  })

  test('are in force only where what is around them is', () => {
    expect(allows([consent({ period: { end: '2025-01-01' }, provision: [PERMIT] })])).toBe(false)
  })
})
