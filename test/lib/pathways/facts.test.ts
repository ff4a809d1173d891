import { describe, expect, test } from '@jest/globals'
import type { Resource } from '../../../lib/fhir.ts'
import { createFacts, ledToStay, receivedAt, saidSince, spansOfStatus } from '../../../lib/pathways/facts.ts'
import type { Input } from '../../../lib/pathways/pathway.ts'
import { anchorAt } from '../../../lib/pathways/window.ts'
import { SimulatedTenant } from '../../flows/simulated-tenant.ts'

const TIME_ZONE = 'America/Chicago'
const NOW = '2026-11-20T12:00:00.000Z'
const subject = { reference: 'Patient/amelia' }
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

const encounter = (id: string, code: string, start: string, end?: string, others: object = {}): object => ({
  resourceType: 'Encounter',
  id,
  status: end ? 'finished' : 'in-progress',
  class: { system: ACT_CODE, code },
  subject,
  period: { start, ...(end && { end }) },
  ...others,
})

const tenantWith = async (...resources: object[]): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(NOW)
  for (const resource of resources) await tenant.put(resource)
  return tenant
}
const factsOf = ({ careloop }: SimulatedTenant) => createFacts(careloop, subject.reference)
const idsOf = (resources: readonly Resource[]) => resources.map(({ id }) => id).sort()

describe('an input', () => {
  const stays: Input = { name: 'stays', type: 'Encounter', codes: [] }
  const anchor = anchorAt('2026-11-20T14:00:00-06:00', TIME_ZONE)!
  const world = () =>
    tenantWith(
      encounter('now', 'IMP', '2026-11-18T08:00:00-06:00'),
      encounter('before', 'IMP', '2026-10-01T08:00:00-06:00', '2026-10-03T08:00:00-06:00'),
      encounter('visit', 'AMB', '2026-11-19T08:00:00-06:00'),
      encounter('of-another', 'IMP', '2026-11-18T08:00:00-06:00', undefined, { subject: { reference: 'Patient/b' } }),
    )

  test('is what is there of the patient', async () => {
    expect(idsOf(await factsOf(await world()).input(stays, anchor))).toEqual(['before', 'now', 'visit'])
  })

  test('is narrowed by codes, with or without their system', async () => {
    const facts = factsOf(await world())
    const of = async (...values: string[]) =>
      idsOf(await facts.input({ ...stays, codes: [{ name: 'class', values }] }, anchor))
    expect(await of(`${ACT_CODE}|IMP`)).toEqual(['before', 'now'])
    expect(await of('AMB')).toEqual(['visit'])
    expect(await of('AMB', 'IMP')).toEqual(['before', 'now', 'visit'])
  })

  test('is narrowed to so long before the anchor', async () => {
    const since = {
      parameter: 'date',
      before: { unit: 'calendar-day', days: 30, countAnchorDay: true, rollForward: 'none' },
    } as const
    expect(idsOf(await factsOf(await world()).input({ ...stays, since }, anchor))).toEqual(['now', 'visit'])
  })

  test('is read once, and is the same for all who ask', async () => {
    const tenant = await world()
    const facts = factsOf(tenant)
    const first = await facts.input(stays, anchor)
    await tenant.put(encounter('new', 'IMP', '2026-11-19T08:00:00-06:00'))
    expect(await facts.input(stays, anchor)).toBe(first)
    expect(await factsOf(tenant).all('Encounter')).toHaveLength(4)
  })

  test('is empty where nobody is known', async () => {
    const { careloop } = await world()
    expect(await createFacts(careloop, undefined).input(stays, anchor)).toEqual([])
  })
})

describe('an emergency visit', () => {
  const visit = encounter('visit', 'EMER', '2026-11-19T22:00:00-06:00', '2026-11-20T01:00:00-06:00')
  const led = async (...others: object[]) => {
    const tenant = await tenantWith(visit, ...others)
    return ledToStay(factsOf(tenant), await tenant.read('Encounter/visit'), TIME_ZONE)
  }

  test.each([
    ['that began the day it began', encounter('stay', 'IMP', '2026-11-19T08:00:00-06:00'), true],
    ['that began the day after it ended', encounter('stay', 'IMP', '2026-11-21T23:00:00-06:00'), true],
    ['that began two days after', encounter('stay', 'IMP', '2026-11-22T00:00:00-06:00'), false],
    ['that began the day before', encounter('stay', 'IMP', '2026-11-18T23:59:00-06:00'), false],
    ['for observation', encounter('stay', 'OBSENC', '2026-11-20T08:00:00-06:00'), false],
    [
      'that was cancelled',
      encounter('stay', 'IMP', '2026-11-20T08:00:00-06:00', undefined, { status: 'cancelled' }),
      false,
    ],
  ])('and a stay %s', async (_which, stay, expected) => {
    expect(await led(stay)).toBe(expected)
  })

  test('alone led to none', async () => {
    expect(await led()).toBe(false)
  })
})

describe('an Encounter', () => {
  const receipt = (id: string, received: string, others: object = {}): object => ({
    resourceType: 'Communication',
    id,
    status: 'completed',
    category: [{ coding: [{ code: 'notification-receipt' }] }],
    subject,
    encounter: { reference: 'Encounter/stay' },
    received,
    ...others,
  })
  const heard = async (...receipts: object[]) => {
    const tenant = await tenantWith(encounter('stay', 'IMP', '2026-11-18T08:00:00-06:00'), ...receipts)
    tenant.now = '2026-11-22T12:00:00.000Z'
    await tenant.change('Encounter/stay', { status: 'onleave' })
    return receivedAt(tenant.careloop, factsOf(tenant), (await tenant.careloop.store.read('Encounter', 'stay'))!)
  }

  test('is heard of when its first version is stored', async () => {
    expect(await heard()).toBe(NOW)
  })

  test('or when a notification of it was received before', async () => {
    expect(await heard(receipt('a', '2026-11-20T05:30:00-06:00'), receipt('b', '2026-11-20T05:00:00-06:00'))).toBe(
      '2026-11-20T05:00:00-06:00',
    )
  })

  test.each([
    ['later', receipt('a', '2026-11-21T05:00:00-06:00')],
    ['in error', receipt('a', '2026-11-19T05:00:00-06:00', { status: 'entered-in-error' })],
    ['of another', receipt('a', '2026-11-19T05:00:00-06:00', { encounter: { reference: 'Encounter/other' } })],
    ['that is none', receipt('a', '2026-11-19T05:00:00-06:00', { category: [] })],
  ])('but not by a receipt %s', async (_which, other) => {
    expect(await heard(other)).toBe(NOW)
  })
})

describe('what versions say', () => {
  /** Each an hour after the one before. */
  const versions = async (...statuses: string[]) => {
    const tenant = new SimulatedTenant(NOW)
    for (const [n, status] of statuses.entries()) {
      tenant.now = `2026-11-20T${12 + n}:00:00.000Z`
      await tenant.put({ resourceType: 'Encounter', id: 'stay', status })
    }
    const version = (await tenant.careloop.store.read('Encounter', 'stay'))!
    return { careloop: tenant.careloop, version }
  }
  const isFinished = ({ status }: Resource): boolean => status === 'finished'

  test('they have said since the first of those that say so without interruption', async () => {
    const { careloop, version } = await versions('finished', 'in-progress', 'finished', 'finished')
    expect(await saidSince(careloop, version, isFinished)).toBe('2026-11-20T14:00:00.000Z')
  })

  test('the spans of a status, of which the last may go on', async () => {
    const { careloop, version } = await versions('in-progress', 'onleave', 'onleave', 'in-progress', 'onleave')
    expect(await spansOfStatus(careloop, version, 'onleave')).toEqual([
      { from: '2026-11-20T13:00:00.000Z', until: '2026-11-20T15:00:00.000Z' },
      { from: '2026-11-20T16:00:00.000Z' },
    ])
  })
})
