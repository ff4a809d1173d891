import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CarePlan, Task } from 'fhir/r4'
import { type Crash, type DeliveredEvent, disposition, highRisk, SimulatedTenant, stay } from './simulated-tenant.ts'

/** What can happen in a hospital and in a care team, in any order. */
type Step =
  | { kind: 'stay'; writes: { end?: string; where: string }[] }
  | { kind: 'risk'; id: string; code: string }
  | { kind: 'task'; nth: number; change: (typeof TASK_CHANGES)[number] }
  | { kind: 'plan'; change: 'delete' | 'revoke' }
  | { kind: 'time'; hours: number }

const ENDS = [
  undefined,
  '2026-11-20T14:00:00-06:00',
  '2026-11-19T20:30:00-06:00',
  '2026-11-21T09:00:00-06:00',
  '2026-11-20',
]
const TASK_CHANGES = ['complete', 'attempt', 'postpone', 'bring forward', 'delete'] as const

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('stay' as const),
    writes: fc.array(fc.record({ end: fc.constantFrom(...ENDS), where: fc.constantFrom('home', 'snf', 'oth') }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({
    kind: fc.constant('risk' as const),
    id: fc.constantFrom('a', 'b'),
    code: fc.constantFrom('high', 'low'),
  }),
  fc.record({ kind: fc.constant('task' as const), nth: fc.nat(5), change: fc.constantFrom(...TASK_CHANGES) }),
  fc.record({ kind: fc.constant('plan' as const), change: fc.constantFrom('delete' as const, 'revoke' as const) }),
  fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 120 }) }),
)

const CHANGED: Record<Exclude<(typeof TASK_CHANGES)[number], 'delete'>, Partial<Task>> = {
  complete: { status: 'completed' },
  attempt: { businessStatus: { coding: [{ code: 'attempt-1' }] } },
  postpone: { restriction: { period: { end: '2026-12-10T23:59:59-06:00' } } },
  'bring forward': { restriction: { period: { end: '2026-11-20T23:59:59-06:00' } } },
}

const changeTask = async (tenant: SimulatedTenant, nth: number, change: (typeof TASK_CHANGES)[number]) => {
  const tasks = (await tenant.all<Task>('Task')).sort((a, b) => (a.id! < b.id! ? -1 : 1))
  const task = tasks[nth % Math.max(tasks.length, 1)]
  if (!task) return
  const reference = `Task/${task.id}`
  await (change === 'delete' ? tenant.delete(reference) : tenant.change<Task>(reference, CHANGED[change]))
}

const changePlan = async (tenant: SimulatedTenant, change: 'delete' | 'revoke') => {
  const [plan] = await tenant.all<CarePlan>('CarePlan')
  if (!plan) return
  const reference = `CarePlan/${plan.id}`
  await (change === 'delete' ? tenant.delete(reference) : tenant.change<CarePlan>(reference, { status: 'revoked' }))
}

type Bus = (tenant: SimulatedTenant) => Parameters<SimulatedTenant['settle']>[0]

const run = async (steps: readonly Step[], bus: Bus): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant('2026-11-20T12:00:00.000Z')
  const deliverAll = bus(tenant)
  for (const happening of steps) {
    if (happening.kind === 'stay')
      for (const { end, where } of happening.writes) await tenant.put(stay(end, disposition(where)))
    if (happening.kind === 'risk') await tenant.put(highRisk(happening.id, tenant.now, happening.code))
    if (happening.kind === 'task') await changeTask(tenant, happening.nth, happening.change)
    if (happening.kind === 'plan') await changePlan(tenant, happening.change)
    if (happening.kind === 'time') {
      tenant.now = new Date(Date.parse(tenant.now) + happening.hours * 3_600_000).toISOString()
      await tenant.tick(deliverAll)
    }
    await tenant.settle(deliverAll)
  }
  return tenant
}

/** Everything there is, versions and Provenances included. */
const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
  const types = ['CarePlan', 'CareTeam', 'Encounter', 'Provenance', 'RiskAssessment', 'Task']
  const resources = (await Promise.all(types.map((type) => tenant.all(type)))).flat()
  return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
}

const reliably: Bus = () => undefined

/** A bus that doubles, reorders and brings back what is long done, to functions that die at any moment and run at the same time. */
const badly =
  (seed: number): Bus =>
  (tenant) => {
    let state = seed
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return (state >> 8) % below
    }
    const shuffled = <Value>(values: readonly Value[]): Value[] =>
      values
        .map((value) => [random(1_000), value] as const)
        .sort(([a], [b]) => a - b)
        .map(([, value]) => value)
    const CRASHES: (Crash | undefined)[] = ['before', 'after', undefined]

    return async (events: readonly DeliveredEvent[]) => {
      const old = shuffled(tenant.archive).slice(0, random(4))
      const deliveries = shuffled([...events, ...events, ...old])
      for (const event of deliveries) {
        tenant.table.crash = CRASHES[random(CRASHES.length)]
        await tenant.deliver(event).catch(() => undefined)
        tenant.table.crash = undefined
      }
      // What failed is delivered again, in the end to functions that live; two of them at once.
      for (const event of shuffled(deliveries)) await Promise.all([tenant.deliver(event), tenant.deliver(event)])
    }
  }

test('doubled, reordered and replayed events, crashes and races change nothing of the outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(), async (steps, seed) => {
      const clean = await run(steps, reliably)
      const rough = await run(steps, badly(seed))
      expect(await contents(rough)).toEqual(await contents(clean))
    }),
    { numRuns: 150 },
  )
})

test('a replay of the whole archive, at any later time, changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(400), async (steps, days) => {
      const tenant = await run(steps, reliably)
      await tenant.advanceTo(new Date(Date.parse(tenant.now) + days * 86_400_000).toISOString())
      const before = await contents(tenant)
      const events = tenant.archive.length
      for (const event of [...tenant.archive]) await tenant.deliver(event)
      expect(await contents(tenant)).toEqual(before)
      expect(tenant.archive).toHaveLength(events)
    }),
    { numRuns: 100 },
  )
})
