import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CarePlan, Task } from 'fhir/r4'
import { deterministicId } from '../../../lib/ids.ts'
import { isOpen } from '../../../lib/pathways/due.ts'
import { type Bus, badly, reliably } from '../bus.ts'
import { tenantWith } from '../pathways.ts'
import { type SimulatedTenant, stay } from '../simulated-tenant.ts'
import { AFTER_ANCHOR, call, FLOATING, weeklyCalls } from './recurring-pathway.ts'

const ENDS = [undefined, '2026-11-20T14:00:00-06:00', '2026-11-18T20:30:00-06:00', '2026-11-22']
const STATUSES = ['completed', 'cancelled', 'in-progress'] as const

const act = fc.oneof(
  fc.record({ kind: fc.constant('stay' as const), end: fc.constantFrom(...ENDS) }),
  fc.record({ kind: fc.constant('time' as const), days: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('time' as const), days: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('task' as const), nth: fc.nat(6), status: fc.constantFrom(...STATUSES) }),
  fc.record({ kind: fc.constant('delete' as const), nth: fc.nat(6) }),
  fc.record({
    kind: fc.constant('talk' as const),
    id: fc.constantFrom('a', 'b'),
    day: fc.integer({ min: 21, max: 30 }),
    status: fc.constantFrom('completed', 'completed', 'entered-in-error'),
  }),
  fc.record({ kind: fc.constant('death' as const), deceased: fc.boolean() }),
  fc.record({ kind: fc.constant('plan' as const), status: fc.constantFrom('on-hold' as const, 'active' as const) }),
)
type Act = (typeof act)['generate'] extends (...parts: never[]) => { value: infer Value } ? Value : never

const DAY_MS = 86_400_000

/** Every third day, whatever people do; and so long after the last one was closed. */
const definition = weeklyCalls(
  [
    call({ extension: [AFTER_ANCHOR], repeat: { frequency: 1, period: 3, periodUnit: 'd' } }),
    call(
      { extension: [FLOATING], repeat: { frequency: 1, period: 4, periodUnit: 'd' } },
      { id: 'visit', title: 'Visit', code: [{ text: 'visit' }] },
    ),
  ],
  20,
)

const tasksOf = async (tenant: SimulatedTenant): Promise<Task[]> =>
  (await tenant.all<Task>('Task')).filter(({ instantiatesCanonical }) => instantiatesCanonical)

const perform = async (tenant: SimulatedTenant, happening: Act): Promise<void> => {
  if (happening.kind === 'stay') await tenant.put(stay(happening.end))
  if (happening.kind === 'death')
    await tenant.put({ resourceType: 'Patient', id: 'amelia', deceasedBoolean: happening.deceased })
  if (happening.kind === 'talk') {
    const { id, status, day } = happening
    const sent = `2026-11-${day}T10:00:00-06:00`
    await tenant.put({ resourceType: 'Communication', id, status, subject: { reference: 'Patient/amelia' }, sent })
  }
  if (happening.kind === 'plan') {
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    if (plan && ['active', 'on-hold'].includes(plan.status))
      await tenant.change<CarePlan>(`CarePlan/${plan.id}`, { status: happening.status })
  }
  if (happening.kind === 'task' || happening.kind === 'delete') {
    const tasks = (await tasksOf(tenant)).sort((a, b) => (a.id! < b.id! ? -1 : 1))
    const task = tasks[happening.nth % Math.max(tasks.length, 1)]
    if (!task) return
    if (happening.kind === 'delete') await tenant.delete(`Task/${task.id}`)
    // Lifecycles let nobody open again what is closed.
    else if (isOpen(task))
      await tenant.change<Task>(`Task/${task.id}`, { status: happening.status, lastModified: tenant.now })
  }
}

const run = async (acts: readonly Act[], bus: Bus): Promise<SimulatedTenant> => {
  const tenant = await tenantWith([definition], '2026-11-20T21:00:00.000Z')
  const deliverAll = bus(tenant)
  await tenant.put(stay('2026-11-20T14:00:00-06:00'))
  await tenant.settle(deliverAll)
  for (const happening of acts) {
    if (happening.kind === 'time') {
      tenant.now = new Date(Date.parse(tenant.now) + happening.days * DAY_MS).toISOString()
      await tenant.tick(deliverAll)
    } else await perform(tenant, happening)
    await tenant.settle(deliverAll)
  }
  return tenant
}

const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
  const types = ['CarePlan', 'CareTeam', 'Provenance', 'Task']
  const resources = (await Promise.all(types.map((type) => tenant.all(type)))).flat()
  return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
}

const acts = fc.array(act, { minLength: 1, maxLength: 9 }) as fc.Arbitrary<Act[]>
const RUNS = 40

test('doubled, reordered and replayed events, crashes and races change nothing of what recurs', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.nat(), async (happenings, seed) => {
      const clean = await run(happenings, reliably)
      const rough = await run(happenings, badly(seed))
      expect(await contents(rough)).toEqual(await contents(clean))
    }),
    { numRuns: RUNS },
  )
}, 120_000)

test('a replay of the whole archive, at any later time, changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.nat(60), async (happenings, days) => {
      const tenant = await run(happenings, reliably)
      await tenant.advanceTo(new Date(Date.parse(tenant.now) + days * DAY_MS).toISOString())
      const before = await contents(tenant)
      for (const event of [...tenant.archive]) await tenant.deliver(event)
      expect(await contents(tenant)).toEqual(before)
    }),
    { numRuns: RUNS },
  )
}, 120_000)

const RECURRENCE = 'https://careloop.dev/fhir/StructureDefinition/recurrence'

test('whatever happens, each occurrence is there once, by its number, in order and in the time of the plan', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (happenings) => {
      const tenant = await run(happenings, reliably)
      const seen = new Set<string>()
      for (const { id, extension, restriction } of await tasksOf(tenant)) {
        const parts = extension!.find(({ url }) => url === RECURRENCE)!.extension!
        const series = parts.find(({ url }) => url === 'series')!.valueString!
        const sequence = parts.find(({ url }) => url === 'sequence')!.valuePositiveInt!
        expect(id).toBe(deterministicId('Encounter/stay', definition.url!, `${series} ${sequence}`))
        expect(seen.has(`${series} ${sequence}`)).toBe(false)
        seen.add(`${series} ${sequence}`)
        expect(restriction!.period!.start! < '2026-12-14').toBe(true)
      }
      const visits = (await tasksOf(tenant)).filter(({ code }) => code?.text === 'visit')
      expect(visits.filter(isOpen).length).toBeLessThanOrEqual(1)
    }),
    { numRuns: RUNS },
  )
}, 120_000)
