import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Observation, Task } from 'fhir/r4'
import { openTaskStatuses } from '../../../lib/resources/task-clocks.ts'
import { type Bus, badly, reliably } from '../bus.ts'
import type { SimulatedTenant } from '../simulated-tenant.ts'
import { LOINC, PHQ9, phq9, response, tenantWithPatient, YES } from './screening-scene.ts'

/** What can happen between a patient, a clinic and an EHR, in any order. */
type Step =
  | { kind: 'answers'; id: string; total: number; item9: boolean; missing: boolean; status: string; sent: boolean }
  | { kind: 'triage'; item: string; status: string }
  | { kind: 'theirs'; total: number; status: string }
  | { kind: 'task'; nth: number; change: (typeof CHANGES)[number] }
  | { kind: 'observation'; nth: number }
  | { kind: 'time'; hours: number }

const CHANGES = ['begin', 'complete', 'note', 'delete'] as const
const STATUSES = ['completed', 'completed', 'amended', 'entered-in-error', 'in-progress', 'deleted']

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answers' as const),
      id: fc.constantFrom('a', 'b'),
      total: fc.constantFrom(0, 4, 9, 10, 20, 24),
      item9: fc.boolean(),
      missing: fc.boolean(),
      status: fc.constantFrom(...STATUSES),
      sent: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant('triage' as const),
    item: fc.constantFrom('93246-7', '93250-9'),
    status: fc.constantFrom(...STATUSES),
  }),
  fc.record({
    kind: fc.constant('theirs' as const),
    total: fc.constantFrom(4, 9, 12),
    status: fc.constantFrom('final', 'amended', 'entered-in-error'),
  }),
  fc.record({ kind: fc.constant('task' as const), nth: fc.nat(4), change: fc.constantFrom(...CHANGES) }),
  fc.record({ kind: fc.constant('observation' as const), nth: fc.nat(12) }),
  fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 200 }) }),
)

const TASK_CHANGES: Record<Exclude<(typeof CHANGES)[number], 'delete'>, Partial<Task>> = {
  begin: { status: 'in-progress' },
  complete: { status: 'completed' },
  note: { note: [{ text: 'called' }] },
}

const write = async (tenant: SimulatedTenant, resource: { resourceType: string; id?: string }, status: string) => {
  if (status !== 'deleted') return tenant.put({ ...resource, status })
  const there = await tenant.careloop.store.read(resource.resourceType, resource.id!)
  if (there && !there.deleted) await tenant.delete(`${resource.resourceType}/${resource.id}`)
}

const perform = async (tenant: SimulatedTenant, step: Step): Promise<void> => {
  switch (step.kind) {
    case 'answers': {
      const given = phq9(step.total, {
        ...(step.item9 && { '44260-8': 'LA6569-3' }),
        ...(step.sent && { '44261-6': { valueInteger: step.total } }),
      })
      const { [PHQ9[3]!]: _, ...fewer } = given
      return write(tenant, response('phq-9', step.missing ? fewer : given, { id: step.id }), step.status)
    }
    case 'triage':
      return write(tenant, response('c-ssrs-screener', { [step.item]: YES }, { id: 'triage' }), step.status)
    case 'theirs':
      return tenant.put({
        resourceType: 'Observation',
        id: 'theirs',
        status: step.status,
        subject: { reference: 'Patient/amelia' },
        code: { coding: [{ system: LOINC, code: '44261-6' }] },
        effectiveDateTime: '2026-11-20',
        derivedFrom: [{ reference: 'QuestionnaireResponse/a' }],
        valueQuantity: { value: step.total },
      })
    case 'task': {
      const tasks = (await tenant.all<Task>('Task')).sort((a, b) => (a.id! < b.id! ? -1 : 1))
      const task = tasks[step.nth % Math.max(tasks.length, 1)]
      if (!task) return
      const reference = `Task/${task.id}`
      return step.change === 'delete' ? tenant.delete(reference) : tenant.change(reference, TASK_CHANGES[step.change])
    }
    case 'observation': {
      const all = (await tenant.all<Observation>('Observation')).sort((a, b) => (a.id! < b.id! ? -1 : 1))
      const observation = all[step.nth % Math.max(all.length, 1)]
      if (observation) await tenant.change(`Observation/${observation.id}`, { status: 'entered-in-error' })
      return
    }
    case 'time':
      tenant.now = new Date(Date.parse(tenant.now) + step.hours * 3_600_000).toISOString()
  }
}

const run = async (steps: readonly Step[], bus: Bus): Promise<SimulatedTenant> => {
  const tenant = await tenantWithPatient()
  const deliverAll = bus(tenant)
  for (const each of steps) {
    await perform(tenant, each)
    if (each.kind === 'time') await tenant.tick(deliverAll)
    await tenant.settle(deliverAll)
  }
  return tenant
}

/** Everything there is, versions and Provenances included. */
const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
  const types = ['CareTeam', 'Flag', 'Observation', 'Provenance', 'QuestionnaireResponse', 'ServiceRequest', 'Task']
  const resources = (await Promise.all(types.map((type) => tenant.all(type)))).flat()
  return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
}

const steps = fc.array(step, { minLength: 1, maxLength: 7 })

test('doubled, reordered and replayed events, crashes and races change nothing of the outcome', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (happened, seed) => {
      expect(await contents(await run(happened, badly(seed)))).toEqual(await contents(await run(happened, reliably)))
    }),
    { numRuns: 30 },
  )
})

test('a replay of the whole archive changes nothing, and of each row one Task is open at most', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (happened) => {
      const tenant = await run(happened, reliably)
      const before = await contents(tenant)
      for (const event of [...tenant.archive]) await tenant.deliver(event)
      expect(await contents(tenant)).toEqual(before)
      const open = (await tenant.all<Task>('Task')).filter(({ status }) => openTaskStatuses.includes(status))
      const rows = open.flatMap(({ instantiatesUri }) => instantiatesUri ?? [])
      expect(new Set(rows).size).toBe(rows.length)
    }),
    { numRuns: 30 },
  )
})
