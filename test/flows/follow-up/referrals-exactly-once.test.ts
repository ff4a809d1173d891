import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { type Bus, badly, reliably } from '../bus.ts'
import type { SimulatedTenant } from '../simulated-tenant.ts'
import { atCapacity, consent, organization, referral, request, service, tenantWith } from './referral-scene.ts'

const STATUSES = [
  'draft',
  'requested',
  'accepted',
  'in-progress',
  'on-hold',
  'completed',
  'failed',
  'cancelled',
] as const

/** What people, agencies and patients do about a referral, in any order. */
type Happening =
  | { kind: 'ask'; id: string; status: (typeof STATUSES)[number] | 'rejected' | 'deleted' }
  | { kind: 'part'; id: string; status: (typeof STATUSES)[number] | 'rejected' }
  | { kind: 'step'; nth: number; status: 'completed' | 'cancelled' | 'deleted' }
  | { kind: 'consent'; status: 'active' | 'inactive' }
  | { kind: 'request'; status: 'active' | 'completed' | 'revoked' }
  | { kind: 'time'; hours: number }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('ask' as const),
    id: fc.constantFrom('ask', 'other'),
    status: fc.constantFrom(...STATUSES, 'rejected' as const, 'rejected' as const, 'deleted' as const),
  }),
  fc.record({
    kind: fc.constant('part' as const),
    id: fc.constantFrom('bank', 'delivery'),
    status: fc.constantFrom(...STATUSES, 'rejected' as const),
  }),
  fc.record({
    kind: fc.constant('step' as const),
    nth: fc.nat(6),
    status: fc.constantFrom('completed' as const, 'cancelled' as const, 'deleted' as const),
  }),
  fc.record({ kind: fc.constant('consent' as const), status: fc.constantFrom('active' as const, 'inactive' as const) }),
  fc.record({
    kind: fc.constant('request' as const),
    status: fc.constantFrom('active' as const, 'completed' as const, 'revoked' as const),
  }),
  fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 120 }) }),
)

const isThere = async (tenant: SimulatedTenant, type: string, id: string): Promise<boolean> => {
  const version = await tenant.careloop.store.read(type, id)
  return version !== undefined && !version.deleted
}

const happen = async (tenant: SimulatedTenant, each: Happening): Promise<void> => {
  if (each.kind === 'ask' && each.status === 'deleted') {
    if (await isThere(tenant, 'Task', each.id)) await tenant.delete(`Task/${each.id}`)
  } else if (each.kind === 'ask')
    await tenant.put(referral({ id: each.id, status: each.status as 'draft', statusReason: atCapacity }))
  if (each.kind === 'part')
    await tenant.put(
      referral({
        id: each.id,
        status: each.status,
        focus: { reference: 'ServiceRequest/order' },
        partOf: [{ reference: 'Task/ask' }],
      }),
    )
  if (each.kind === 'consent') await tenant.put(consent({ status: each.status }))
  if (each.kind === 'request') await tenant.put(request({ status: each.status }))
  if (each.kind !== 'step') return
  const steps = await tenant.all<Resource>('Task', 'based-on=ServiceRequest/food')
  const step = steps.sort((a, b) => (a.id! < b.id! ? -1 : 1))[each.nth % Math.max(steps.length, 1)]
  if (!step) return
  if (each.status === 'deleted') await tenant.delete(`Task/${step.id}`)
  else await tenant.change(`Task/${step.id}`, { status: each.status })
}

const run = async (happenings: readonly Happening[], bus: Bus): Promise<SimulatedTenant> => {
  const order = request({ id: 'order', intent: 'filler-order', basedOn: [{ reference: 'ServiceRequest/food' }] })
  const tenant = await tenantWith([organization('pantry', true), service('kitchen'), request(), order])
  const deliverAll = bus(tenant)
  await tenant.settle(deliverAll)
  for (const each of happenings) {
    if (each.kind === 'time') {
      tenant.now = new Date(Date.parse(tenant.now) + each.hours * 3_600_000).toISOString()
      await tenant.tick(deliverAll)
    } else await happen(tenant, each)
    await tenant.settle(deliverAll)
  }
  return tenant
}

/** Everything there is, versions and Provenances included. */
const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
  const types = ['CareTeam', 'Provenance', 'ServiceRequest', 'Task']
  const resources = (await Promise.all(types.map((type) => tenant.all<Resource>(type)))).flat()
  return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
}

const course = fc.array(happening, { minLength: 1, maxLength: 9 })

test('doubled, reordered and replayed events, crashes and races change nothing of the outcome', async () => {
  await fc.assert(
    fc.asyncProperty(course, fc.nat(), async (happenings, seed) => {
      const clean = await run(happenings, reliably)
      const rough = await run(happenings, badly(seed))
      expect(await contents(rough)).toEqual(await contents(clean))
    }),
    { numRuns: 60 },
  )
})

test('nobody is asked twice, and no outside party without consent, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(course, fc.nat(), async (happenings, seed) => {
      const tenant = await run(happenings, badly(seed))
      const tasks = (await tenant.all<Resource>('Task', 'code=fulfill')) as unknown as ReturnType<typeof referral>[]
      expect(tasks.filter(({ owner }) => owner?.reference === 'HealthcareService/kitchen').length).toBeLessThan(2)
      const consents = (await tenant.all<Resource>('Consent')) as unknown as ReturnType<typeof consent>[]
      if (!consents.some(({ status }) => status === 'active'))
        for (const { owner, status } of tasks)
          if (owner?.reference === 'Organization/pantry')
            expect(['requested', 'received', 'accepted', 'in-progress']).not.toContain(status)
    }),
    { numRuns: 40 },
  )
})

test('a replay of the whole archive changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(course, async (happenings) => {
      const tenant = await run(happenings, reliably)
      const before = await contents(tenant)
      for (const event of [...tenant.archive]) await tenant.deliver(event)
      await tenant.settle()
      expect(await contents(tenant)).toEqual(before)
    }),
    { numRuns: 40 },
  )
})
