import { expect, test } from '@jest/globals'
import type { CarePlan, OperationOutcome, Parameters, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../../support/api.ts'
import { tenantWith } from '../pathways.ts'
import { type SimulatedTenant, stay } from '../simulated-tenant.ts'
import { call, FLOATING, WEEKLY, weeklyCalls } from './recurring-pathway.ts'

const NOON = 'T18:00:00.000Z'

/** Amelia's stay has ended, and nothing has followed from it yet. */
const scene = async (definition = weeklyCalls()): Promise<{ tenant: SimulatedTenant; api: TestApi }> => {
  const tenant = await tenantWith([definition], '2026-11-20T21:00:00.000Z')
  await tenant.put({ resourceType: 'Patient', id: 'amelia' })
  await tenant.put(stay('2026-11-20T14:00:00-06:00'))
  const api = testApi({ table: tenant.table, tenant: tenant.careloop.tenant, clock: { now: () => tenant.now } })
  return { tenant, api }
}

const asked = (values: Record<string, string>): Parameters => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, valueString]) => ({ name, valueString })),
})
const OF_STAY = asked({ subject: 'Patient/amelia', encounter: 'Encounter/stay' })
const bare = ({ meta: _meta, focus: _focus, ...task }: Task): unknown => task

test('$apply shows the first occurrence as the engine makes it, and $apply-and-save makes what the engine goes on with', async () => {
  const shown = await scene()
  const preview = (await shown.api.post<CarePlan>('/PlanDefinition/weekly-calls/$apply', OF_STAY)).body
  await shown.tenant.settle()
  const made = await shown.tenant.all<Task>('Task')
  const contained = preview.contained!.filter((each): each is Task => each.resourceType === 'Task')
  expect(contained.map(bare)).toEqual(made.map(bare))

  const { tenant, api } = await scene()
  const saved = (await api.post<CarePlan>('/PlanDefinition/weekly-calls/$apply-and-save', OF_STAY)).body
  const [plan] = await shown.tenant.all<CarePlan>('CarePlan')
  expect([saved.id, saved.extension]).toEqual([plan!.id, plan!.extension])
  await tenant.advanceTo(`2026-12-04${NOON}`)
  expect(await tenant.all('Task', 'based-on:missing=true&status=ready&priority=routine')).toHaveLength(2)
})

test('without an encounter $apply says that nobody goes on with what recurs', async () => {
  const { api } = await scene()
  const { body } = await api.post<CarePlan>('/PlanDefinition/weekly-calls/$apply', asked({ subject: 'Patient/amelia' }))
  const outcome = body.contained!.find((each): each is OperationOutcome => each.resourceType === 'OperationOutcome')
  expect(outcome!.issue.map(({ diagnostics }) => diagnostics)).toEqual([
    'The action call recurs. A plan without an encounter is not gone on with: create its later occurrences by hand, or have them recur as an activity of a plan.',
  ])
})

test('$explain tells which occurrence a Task is and how it recurs', async () => {
  const { tenant, api } = await scene(weeklyCalls([call({ ...WEEKLY, extension: [FLOATING] })]))
  await tenant.settle()
  const [first] = await tenant.all<Task>('Task')
  await tenant.change<Task>(`Task/${first!.id}`, { status: 'completed', lastModified: tenant.now })
  await tenant.settle()
  const [second] = await tenant.all<Task>('Task', 'status=ready')
  const { body } = await api.get<Parameters>(`/Task/${second!.id}/$explain`)
  const part = (name: string) => body.parameter!.find((each) => each.name === name)
  const rule = part('rule')!.part!
  expect(rule.find(({ name }) => name === 'step')!.part).toContainEqual({ name: 'id', valueId: 'call' })
  expect(rule.find(({ name }) => name === 'recurrence')!.part).toEqual([
    { name: 'sequence', valuePositiveInt: 2 },
    { name: 'timing', valueTiming: { repeat: WEEKLY.repeat } },
    { name: 'anchor', valueCode: 'floating' },
  ])
  // The discharge is not what the second is counted from.
  expect(part('window')!.part!.map(({ name }) => name)).not.toContain('anchor')
  expect(part('text')!.valueString).toContain(
    'It recurs every week, each time counted from the close of the former one; this is number 2.',
  )
})

test('a definition whose timing cannot be carried out is refused, naming the element', async () => {
  const { tenant, api } = await scene()
  const before = tenant.table.records.length
  const unfit = weeklyCalls([call({ repeat: { ...WEEKLY.repeat, when: ['PCM'] } })])
  const { status, body } = await api.put<OperationOutcome>('/PlanDefinition/weekly-calls', unfit)
  expect(status).toBe(422)
  expect(JSON.stringify(body.issue)).toContain('action call, timingTiming.repeat: \\"when\\" is not carried out here')
  expect(tenant.table.records).toHaveLength(before)
})

test('a report of transitions has a line for each occurrence', async () => {
  const { tenant, api } = await scene()
  await tenant.settle()
  await tenant.advanceTo(`2026-12-04${NOON}`)
  const { text } = await api.get('/$transition-report?period=2026-11&programme=weekly-calls&_format=csv')
  const own = (await tenant.all<Task>('Task')).filter(({ code }) => code?.text === 'call')
  expect(own).toHaveLength(2)
  const lines = text.split('\n').filter((line) => line.includes(',call,'))
  expect(lines).toHaveLength(2)
  for (const { id } of own) expect(lines.some((line) => line.includes(`Task/${id}`))).toBe(true)
})
