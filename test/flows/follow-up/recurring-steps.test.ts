import { expect, test } from '@jest/globals'
import type { CarePlan, PlanDefinitionAction, Provenance, Task } from 'fhir/r4'
import { deterministicId } from '../../../lib/ids.ts'
import { tenantWith } from '../pathways.ts'
import { type SimulatedTenant, stay } from '../simulated-tenant.ts'
import { AFTER_ANCHOR, call, FLOATING, rolling, WEEKLY, weeklyCalls } from './recurring-pathway.ts'

const DISCHARGED = '2026-11-20T14:00:00-06:00'
const NOON = 'T18:00:00.000Z'

const discharged = async (
  steps: readonly PlanDefinitionAction[],
  { days = 30, end = DISCHARGED, now = '2026-11-20T21:00:00.000Z' } = {},
): Promise<SimulatedTenant> => {
  const tenant = await tenantWith([weeklyCalls(steps, days)], now)
  await tenant.put({ resourceType: 'Patient', id: 'amelia', generalPractitioner: [{ reference: 'Practitioner/nora' }] })
  await tenant.put(stay(end))
  await tenant.settle()
  return tenant
}

const RECURRENCE = 'https://careloop.dev/fhir/StructureDefinition/recurrence'
const sequenceOf = ({ extension }: Task) =>
  extension?.find(({ url }) => url === RECURRENCE)?.extension?.find(({ url }) => url === 'sequence')?.valuePositiveInt
const occurrences = async (tenant: SimulatedTenant, code = 'call') =>
  (await tenant.all<Task>('Task'))
    .filter((task) => task.code?.text === code && sequenceOf(task))
    .sort((a, b) => sequenceOf(a)! - sequenceOf(b)!)
const brief = async (tenant: SimulatedTenant, code?: string) =>
  (await occurrences(tenant, code)).map((task) => [
    sequenceOf(task),
    task.status,
    task.restriction!.period!.end!.slice(0, 10),
  ])
const taskOf = async (tenant: SimulatedTenant, sequence: number) =>
  (await occurrences(tenant)).find((task) => sequenceOf(task) === sequence)!
const change = async (tenant: SimulatedTenant, sequence: number, others: Partial<Task>) => {
  await tenant.change<Task>(`Task/${(await taskOf(tenant, sequence)).id}`, { lastModified: tenant.now, ...others })
  await tenant.settle()
}
const complete = (tenant: SimulatedTenant, sequence: number) => change(tenant, sequence, { status: 'completed' })
const planOf = async (tenant: SimulatedTenant) => (await tenant.all<CarePlan>('CarePlan'))[0]!
const talk = async (tenant: SimulatedTenant, id: string, sent: string, status = 'completed') => {
  await tenant.put({ resourceType: 'Communication', id, status, subject: { reference: 'Patient/amelia' }, sent })
  await tenant.settle()
}

test('a step that recurs is one Task at a time, in the plan, by the version of its definition', async () => {
  const tenant = await discharged([
    call(WEEKLY, { priority: 'urgent', participant: [{ type: 'practitioner', role: { text: 'nurse' } }] }),
  ])
  const [task, ...others] = await occurrences(tenant)
  const plan = await planOf(tenant)
  expect(others).toEqual([])
  expect(task).toMatchObject({
    id: deterministicId('Encounter/stay', weeklyCalls().url!, 'call 1'),
    status: 'ready',
    description: 'Call the patient',
    priority: 'urgent',
    performerType: [{ text: 'nurse' }],
    instantiatesCanonical: 'https://example.org/PlanDefinition/weekly-calls|1',
    instantiatesUri: 'PlanDefinition/weekly-calls/_history/1',
    focus: { reference: `CarePlan/${plan.id}` },
    encounter: { reference: 'Encounter/stay' },
    owner: { reference: 'Practitioner/nora' },
    identifier: [{ value: `${plan.id}|call|1` }],
    restriction: { period: { start: '2026-11-27T00:00:00-06:00', end: '2026-11-27T23:59:59-06:00' } },
  })
  expect(task!.extension!.map(({ url }) => url.split('/').at(-1))).toEqual(['recurrence', 'task-clock'])

  await tenant.advanceTo(`2026-11-27${NOON}`)
  await complete(tenant, 1)
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-27'],
    [2, 'ready', '2026-12-04'],
  ])
  expect((await planOf(tenant)).activity!.map(({ reference }) => reference!.reference)).toEqual(
    (await occurrences(tenant)).map(({ id }) => `Task/${id}`),
  )
  const records = await tenant.all<Provenance>('Provenance', `target=Task/${(await taskOf(tenant, 2)).id}`)
  expect(
    records.map(({ policy, reason }) => [policy, reason?.flatMap(({ coding }) => coding!.map((c) => c.code))]),
  ).toEqual([[['https://example.org/PlanDefinition/weekly-calls|1'], ['recurrence']]])
})

test('what is still open does not keep the next one from being made when its time has come; after 30 days no more', async () => {
  const tenant = await discharged([call(WEEKLY)])
  for (const day of ['2026-12-03', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-25', '2027-01-08'])
    await tenant.advanceTo(`${day}${NOON}`)
  expect(await brief(tenant)).toEqual([
    [1, 'ready', '2026-11-27'],
    [2, 'ready', '2026-12-04'],
    [3, 'ready', '2026-12-11'],
    [4, 'ready', '2026-12-18'],
  ])
  expect((await planOf(tenant)).status).toBe('active')
  for (const sequence of [1, 2, 3, 4]) await complete(tenant, sequence)
  expect((await planOf(tenant)).status).toBe('completed')
  expect(await brief(tenant)).toHaveLength(4)
})

test('a client that leaves out what the plan waits for does not stop what recurs in it', async () => {
  const tenant = await discharged([call(WEEKLY)])
  const { extension, id } = await planOf(tenant)
  await tenant.change<CarePlan>(`CarePlan/${id}`, { extension: undefined })
  await tenant.settle()
  expect(extension).toHaveLength(1)
  expect((await planOf(tenant)).extension).toEqual(extension)
  await tenant.advanceTo(`2026-12-04${NOON}`)
  expect(await brief(tenant)).toHaveLength(2)
})

test('after an outage one Task catches up, and says what was left out', async () => {
  const tenant = await discharged([call(WEEKLY)])
  await complete(tenant, 1)
  await complete(tenant, 2)
  tenant.now = `2026-12-19${NOON}`
  await tenant.tick()
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-27'],
    [2, 'completed', '2026-12-04'],
    [4, 'ready', '2026-12-18'],
  ])
  expect((await taskOf(tenant, 4)).note).toMatchObject([{ text: 'Occurrence 3 was left out.' }])
})

test('a discharge that is heard of late asks for the latest only', async () => {
  const tenant = await discharged([call(WEEKLY)], { now: '2026-12-12T18:00:00.000Z' })
  expect(await brief(tenant)).toEqual([[3, 'ready', '2026-12-11']])
  expect((await taskOf(tenant, 3)).note).toMatchObject([{ text: 'Occurrences 1 to 2 were left out.' }])
})

test('floating: the next is counted from the close of the former one, and there is never more than one', async () => {
  const tenant = await discharged([call({ ...WEEKLY, extension: [AFTER_ANCHOR, FLOATING] })])
  await tenant.advanceTo(`2026-12-06${NOON}`)
  expect(await brief(tenant)).toEqual([[1, 'ready', '2026-11-27']])
  await complete(tenant, 1)
  expect((await brief(tenant))[1]).toEqual([2, 'ready', '2026-12-13'])
  // What was closed by mistake is not done: the next one has to wait.
  await change(tenant, 1, { status: 'in-progress' })
  await talk(tenant, 'another', '2026-12-06T10:00:00-06:00', 'in-progress')
  expect((await brief(tenant))[1]).toEqual([2, 'cancelled', '2026-12-13'])
  await tenant.advanceTo(`2026-12-08${NOON}`)
  await complete(tenant, 1)
  expect((await brief(tenant))[1]).toEqual([2, 'ready', '2026-12-15'])
  await tenant.advanceTo(`2026-12-15${NOON}`)
  await complete(tenant, 2)
  await tenant.advanceTo(`2027-01-15${NOON}`)
  expect(await brief(tenant)).toHaveLength(2)
})

test('floating by months: made when it is near', async () => {
  const monthly = { extension: [FLOATING], repeat: { period: 1, periodUnit: 'mo' as const } }
  const tenant = await discharged([call(monthly)], { days: 180 })
  await complete(tenant, 1)
  expect(await brief(tenant)).toHaveLength(1)
  await tenant.advanceTo(`2026-12-05${NOON}`)
  expect(await brief(tenant)).toHaveLength(1)
  await tenant.advanceTo(`2026-12-06${NOON}`)
  expect((await brief(tenant))[1]).toEqual([2, 'ready', '2026-12-20'])
})

test('evidence closes an occurrence, one piece one occurrence, and the next follows', async () => {
  const tenant = await discharged([call(WEEKLY)])
  await talk(tenant, 'too-early', '2026-11-25T10:00:00-06:00')
  expect(await brief(tenant)).toEqual([[1, 'ready', '2026-11-27']])
  await tenant.advanceTo(`2026-12-04${NOON}`)
  await talk(tenant, 'second', '2026-12-04T10:00:00-06:00')
  expect(await brief(tenant)).toEqual([
    [1, 'ready', '2026-11-27'],
    [2, 'completed', '2026-12-04'],
    [3, 'ready', '2026-12-11'],
  ])
  await talk(tenant, 'late', '2026-12-01T10:00:00-06:00')
  expect((await brief(tenant))[0]).toEqual([1, 'completed', '2026-11-27'])
  // The third came only because the second was done: with its evidence it goes, until its time has come.
  await talk(tenant, 'second', '2026-12-04T10:00:00-06:00', 'entered-in-error')
  expect((await brief(tenant)).slice(1)).toEqual([
    [2, 'ready', '2026-12-04'],
    [3, 'cancelled', '2026-12-11'],
  ])
  await tenant.advanceTo(`2026-12-11${NOON}`)
  expect((await brief(tenant))[2]).toEqual([3, 'ready', '2026-12-11'])
})

test('a discharge that is taken back, or a patient who died, takes what is open along, and nothing more is made', async () => {
  const tenant = await discharged([call(WEEKLY)])
  await complete(tenant, 1)
  await tenant.put(stay())
  await tenant.settle()
  await tenant.advanceTo(`2026-12-11${NOON}`)
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-27'],
    [2, 'cancelled', '2026-12-04'],
  ])
  expect((await taskOf(tenant, 2)).statusReason!.coding).toMatchObject([{ code: 'discharge-undone' }])

  await tenant.put(stay(DISCHARGED))
  await tenant.settle()
  await tenant.put({ resourceType: 'Patient', id: 'amelia', deceasedBoolean: true })
  await tenant.settle()
  await tenant.advanceTo(`2026-12-18${NOON}`)
  const after = await occurrences(tenant)
  expect(after.map((task) => [sequenceOf(task), task.status, task.statusReason?.coding?.[0]?.code])).toEqual([
    [1, 'completed', undefined],
    [2, 'cancelled', 'deceased'],
    [3, 'cancelled', 'deceased'],
  ])
})

test('a condition of the step that holds no longer withdraws what is open, and asks for it again when it does', async () => {
  const condition = [
    {
      kind: 'applicability' as const,
      expression: {
        language: 'text/fhirpath' as const,
        expression: "%encounter.hospitalization.dischargeDisposition.coding.where(code = 'snf').empty()",
      },
    },
  ]
  const tenant = await discharged([call(WEEKLY, { condition })])
  const snf = { hospitalization: { dischargeDisposition: { coding: [{ code: 'snf' }] } } }
  await tenant.put(stay(DISCHARGED, snf))
  await tenant.settle()
  await tenant.advanceTo(`2026-12-04${NOON}`)
  expect(await brief(tenant)).toEqual([[1, 'cancelled', '2026-11-27']])
  await tenant.put(stay(DISCHARGED))
  await tenant.settle()
  expect(await brief(tenant)).toEqual([
    [1, 'ready', '2026-11-27'],
    [2, 'ready', '2026-12-04'],
  ])
})

test('nothing recurs while the plan is on hold, and what fell into it is not owed', async () => {
  const tenant = await discharged([call(WEEKLY)])
  await complete(tenant, 1)
  await complete(tenant, 2)
  const { id } = await planOf(tenant)
  await tenant.change<CarePlan>(`CarePlan/${id}`, { status: 'on-hold' })
  await tenant.settle()
  await tenant.advanceTo(`2026-12-13${NOON}`)
  expect(await brief(tenant)).toHaveLength(2)
  await tenant.change<CarePlan>(`CarePlan/${id}`, { status: 'active' })
  await tenant.settle()
  expect((await brief(tenant)).slice(2)).toEqual([[4, 'ready', '2026-12-18']])
})

test('a discharge date that is corrected moves what is open, with the same ids', async () => {
  const tenant = await discharged([call(WEEKLY)])
  const before = await taskOf(tenant, 1)
  await tenant.put(stay('2026-11-18T14:00:00-06:00'))
  await tenant.settle()
  const after = await taskOf(tenant, 1)
  expect([after.id, after.restriction!.period!.end]).toEqual([before.id, '2026-11-25T23:59:59-06:00'])
})

test('by months from the end of one; through a change of clocks; on business days', async () => {
  const monthly = { repeat: { period: 1, periodUnit: 'mo' as const } }
  const tenant = await discharged([call(monthly)], {
    days: 120,
    end: '2027-01-31T10:00:00-06:00',
    now: '2027-01-31T20:00:00.000Z',
  })
  for (const day of ['2027-02-28', '2027-03-31', '2027-04-30']) await tenant.advanceTo(`${day}${NOON}`)
  expect((await occurrences(tenant)).map(({ restriction }) => restriction!.period!.end)).toEqual([
    '2027-01-31T23:59:59-06:00',
    '2027-02-28T23:59:59-06:00',
    '2027-03-31T23:59:59-05:00',
    '2027-04-30T23:59:59-05:00',
  ])

  const ten = { repeat: { period: 1, periodUnit: 'd' as const, timeOfDay: ['09:00:00'] } }
  const daily = await discharged([call(ten)], {
    days: 3,
    end: '2027-03-13T08:00:00-06:00',
    now: '2027-03-13T14:30:00.000Z',
  })
  for (const day of ['2027-03-14', '2027-03-15', '2027-03-16']) await daily.advanceTo(`${day}${NOON}`)
  expect((await occurrences(daily)).map(({ restriction }) => restriction!.period!.start)).toEqual([
    '2027-03-13T09:00:00-06:00',
    '2027-03-14T09:00:00-05:00',
    '2027-03-15T09:00:00-05:00',
    '2027-03-16T09:00:00-05:00',
  ])

  const onFriday = await discharged([call({ ...WEEKLY, extension: [AFTER_ANCHOR, rolling('next-bd')] })], {
    end: '2026-11-19T14:00:00-06:00',
  })
  // The 26th is Thanksgiving; what follows is counted from the discharge all the same.
  await onFriday.advanceTo(`2026-12-03${NOON}`)
  expect(await brief(onFriday)).toEqual([
    [1, 'ready', '2026-11-27'],
    [2, 'ready', '2026-12-03'],
  ])
})

test('a step that recurs after another is counted from its end', async () => {
  const first = {
    id: 'visit',
    title: 'Visit the patient',
    code: [{ text: 'visit' }],
    timingDuration: { value: 3, code: 'd' },
  } as PlanDefinitionAction
  const tenant = await discharged([
    first,
    call(WEEKLY, { extension: [], relatedAction: [{ actionId: 'visit', relationship: 'after-end' }] }),
  ])
  expect(await brief(tenant)).toEqual([])
  const [visit] = await tenant.all<Task>('Task')
  tenant.now = '2026-11-22T18:00:00.000Z'
  await tenant.change<Task>(`Task/${visit!.id}`, { status: 'completed', lastModified: tenant.now })
  await tenant.settle()
  expect(await brief(tenant)).toEqual([[1, 'ready', '2026-11-29']])
})

test('each occurrence has the ladder of the step, and pauses where it can pause', async () => {
  const pausable = { url: 'https://careloop.dev/fhir/StructureDefinition/pausable', valueBoolean: true }
  const escalation = {
    url: 'https://careloop.dev/fhir/StructureDefinition/escalation',
    extension: [{ url: 'step', valueCode: 'overdue' }],
  }
  const tenant = await discharged([call(WEEKLY, { extension: [pausable, escalation] })])
  await complete(tenant, 1)
  const rungs = (await taskOf(tenant, 2)).extension!.find(({ url }) => url.endsWith('/task-clock'))!.extension!
  expect(rungs.filter(({ url }) => url === 'rung').map(({ extension }) => extension![0]!.valueCode)).toEqual([
    'overdue',
  ])
  await tenant.advanceTo(`2026-12-04${NOON}`)
  await tenant.put(stay(DISCHARGED, { status: 'onleave' }))
  await tenant.settle()
  expect((await taskOf(tenant, 2)).status).toBe('on-hold')
})
