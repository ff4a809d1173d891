import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CarePlan, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { deterministicId } from '../../lib/ids.ts'
import { createCalendar } from '../../lib/pathways/calendar.ts'
import { isOpen } from '../../lib/pathways/due.ts'
import { type Bus, badly, reliably } from './bus.ts'
import { tenantWith, transitionOfCare, watch, withEverything } from './pathways.ts'
import { disposition, highRisk, type SimulatedTenant, stay } from './simulated-tenant.ts'

/** What can happen in a hospital and in a care team, in any order. */
type Step =
  | { kind: 'stay'; writes: StayWrite[] }
  | { kind: 'contact'; id: string; at: string; outcome: string; status: string }
  | { kind: 'death'; deceased: boolean }
  | { kind: 'risk'; id: string; code: string }
  | { kind: 'task'; nth: number; change: (typeof TASK_CHANGES)[number] }
  | { kind: 'plan'; change: 'delete' | 'revoke' }
  | { kind: 'time'; hours: number }

/** A stay is admitted, discharged, corrected, taken back, cancelled, deleted; `again` is a later stay of the same patient. */
interface StayWrite {
  id: 'stay' | 'again'
  end?: string
  where: string
  status?: string
}

const ENDS = [
  undefined,
  '2026-11-20T14:00:00-06:00',
  '2026-11-19T20:30:00-06:00',
  '2026-11-21T09:00:00-06:00',
  '2026-11-20',
]
const TASK_CHANGES = ['complete', 'open again', 'accept', 'attempt', 'postpone', 'bring forward', 'delete'] as const

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('stay' as const),
    writes: fc.array(
      fc.record({
        id: fc.constantFrom('stay' as const, 'stay' as const, 'again' as const),
        end: fc.constantFrom(...ENDS),
        where: fc.constantFrom('home', 'snf', 'oth'),
        status: fc.constantFrom(undefined, undefined, undefined, 'onleave', 'cancelled', 'deleted'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('contact' as const),
    id: fc.constantFrom('c1', 'c2', 'c3'),
    at: fc.constantFrom('2026-11-20T16:00:00-06:00', '2026-11-21T10:00:00-06:00', '2026-11-23'),
    outcome: fc.constantFrom('reached', 'no-answer', 'no-answer'),
    status: fc.constantFrom('completed', 'completed', 'entered-in-error'),
  }),
  fc.record({ kind: fc.constant('death' as const), deceased: fc.boolean() }),
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
  'open again': { status: 'in-progress' },
  accept: { status: 'accepted' },
  attempt: { businessStatus: { coding: [{ code: 'attempt-1' }] } },
  postpone: { restriction: { period: { end: '2026-12-10T23:59:59-06:00' } } },
  'bring forward': { restriction: { period: { end: '2026-11-20T23:59:59-06:00' } } },
}

const changeTask = async (tenant: SimulatedTenant, nth: number, change: (typeof TASK_CHANGES)[number]) => {
  const tasks = (await tenant.all<Task>('Task')).sort((a, b) => (a.id! < b.id! ? -1 : 1))
  const task = tasks[nth % Math.max(tasks.length, 1)]
  // Lifecycles let nobody accept what is closed.
  if (!task || (change === 'accept' && !isOpen(task)) || (change === 'open again' && task.status !== 'completed'))
    return
  const reference = `Task/${task.id}`
  await (change === 'delete' ? tenant.delete(reference) : tenant.change<Task>(reference, CHANGED[change]))
}

const changePlan = async (tenant: SimulatedTenant, change: 'delete' | 'revoke') => {
  const [plan] = await tenant.all<CarePlan>('CarePlan')
  if (!plan) return
  const reference = `CarePlan/${plan.id}`
  await (change === 'delete' ? tenant.delete(reference) : tenant.change<CarePlan>(reference, { status: 'revoked' }))
}

const writeStay = async (tenant: SimulatedTenant, { id, end, where, status }: StayWrite) => {
  if (status === 'deleted') {
    const there = await tenant.careloop.store.read('Encounter', id)
    if (there && !there.deleted) await tenant.delete(`Encounter/${id}`)
    return
  }
  const again = id === 'again' && { period: { start: '2026-11-24T08:00:00-06:00', ...(end && { end: '2026-11-27' }) } }
  await tenant.put(stay(end, { ...disposition(where), id, ...(status && { status }), ...again }))
}

const contact = ({ id, at, outcome, status }: Step & { kind: 'contact' }): object => ({
  resourceType: 'Communication',
  id,
  status,
  subject: { reference: 'Patient/amelia' },
  sent: at,
  payload: [{ contentString: outcome }],
})

/** So few that the time of a plan ends while things still happen. */
const WATCHED_DAYS = 6

const run = async (steps: readonly Step[], bus: Bus): Promise<SimulatedTenant> => {
  const tenant = await tenantWith(
    [transitionOfCare, withEverything, watch(true, WATCHED_DAYS)],
    '2026-11-20T12:00:00.000Z',
  )
  const deliverAll = bus(tenant)
  for (const happening of steps) {
    if (happening.kind === 'stay') for (const write of happening.writes) await writeStay(tenant, write)
    if (happening.kind === 'contact') await tenant.put(contact(happening))
    if (happening.kind === 'death')
      await tenant.put({ resourceType: 'Patient', id: 'amelia', deceasedBoolean: happening.deceased })
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

/** More of them take longer than the suite can wait for; `fc.assert` takes other histories each time. */
const RUNS = 250

/** Everything there is, versions and Provenances included. */
const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
  const types = ['CarePlan', 'CareTeam', 'Encounter', 'Provenance', 'RiskAssessment', 'Task']
  const resources = (await Promise.all(types.map((type) => tenant.all(type)))).flat()
  return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
}

test('doubled, reordered and replayed events, crashes and races change nothing of the outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(), async (steps, seed) => {
      const clean = await run(steps, reliably)
      const rough = await run(steps, badly(seed))
      expect(await contents(rough)).toEqual(await contents(clean))
    }),
    { numRuns: RUNS },
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
    { numRuns: RUNS },
  )
})

test('whatever happens, a Task keeps the id of its Encounter and step, and business days are business days', async () => {
  const calendar = createCalendar({ base: 'us-federal', extra: [] })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const tenant = await run(steps, reliably)
      for (const { id, code, encounter, instantiatesCanonical, restriction } of await tenant.all<Task>('Task')) {
        const name = code?.coding?.[0]?.code ?? code?.text
        if (!instantiatesCanonical || !name) continue
        const [url] = instantiatesCanonical.split('|')
        expect(id).toBe(deterministicId(encounter!.reference!, url!, name))
        const counted = restriction?.period?.extension?.find(({ url }) => url.endsWith('/counted-due'))?.valueDateTime
        if (!counted || !['contact', 'tcm-interactive-contact'].includes(name)) continue
        expect(calendar.isBusinessDay(Temporal.PlainDate.from(counted.slice(0, 10)))).toBe(true)
      }
    }),
    { numRuns: RUNS },
  )
})
