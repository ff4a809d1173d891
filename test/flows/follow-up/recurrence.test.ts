import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CarePlan, CarePlanActivityDetail, Goal, Task } from 'fhir/r4'
import { badly, reliably } from '../bus.ts'
import { SimulatedTenant } from '../simulated-tenant.ts'

const BASE = 'https://careloop.dev/fhir'
const NOON = 'T18:00:00.000Z'

const activity = (others: Partial<CarePlanActivityDetail> = {}) => ({
  id: 'call',
  detail: {
    status: 'scheduled' as const,
    description: 'Weekly check-in',
    scheduledTiming: { repeat: { frequency: 1, period: 1, periodUnit: 'wk' as const } },
    ...others,
  },
})

const plan = (others: Partial<CarePlan> = {}): CarePlan => ({
  resourceType: 'CarePlan',
  id: 'plan',
  identifier: [{ system: 'urn:plans', value: 'p1' }],
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/amelia' },
  period: { start: '2026-11-23' },
  activity: [activity()],
  ...others,
})

const tenantWith = async (...resources: object[]): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(`2026-11-23${NOON}`)
  await tenant.put({ resourceType: 'Patient', id: 'amelia', generalPractitioner: [{ reference: 'Practitioner/nora' }] })
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
  return tenant
}

const RECURRENCE = `${BASE}/StructureDefinition/recurrence`
const sequenceOf = ({ extension }: Task) =>
  extension?.find(({ url }) => url === RECURRENCE)?.extension?.find(({ url }) => url === 'sequence')?.valuePositiveInt
const allTasks = (tenant: SimulatedTenant) => tenant.all<Task>('Task', 'based-on=CarePlan/plan&_sort=due-date')
const occurrences = async (tenant: SimulatedTenant) => (await allTasks(tenant)).filter((task) => sequenceOf(task))
const brief = async (tenant: SimulatedTenant) =>
  (await occurrences(tenant)).map((task) => [
    sequenceOf(task),
    task.status,
    task.restriction!.period!.end!.slice(0, 10),
  ])
const reviews = async (tenant: SimulatedTenant) => (await allTasks(tenant)).filter((task) => !sequenceOf(task))
const close = async (tenant: SimulatedTenant, sequence: number, others: Partial<Task> = {}) => {
  const task = (await occurrences(tenant)).find((each) => sequenceOf(each) === sequence)!
  await tenant.change<Task>(`Task/${task.id}`, { status: 'completed', lastModified: tenant.now, ...others })
  await tenant.settle()
}

test('one Task at a time: the next when the former is closed, or when its time has come', async () => {
  const tenant = await tenantWith(plan())
  const [task] = await occurrences(tenant)
  expect(task).toMatchObject({
    status: 'ready',
    description: 'Weekly check-in',
    basedOn: [{ reference: 'CarePlan/plan' }],
    groupIdentifier: { value: 'p1' },
    for: { reference: 'Patient/amelia' },
    owner: { reference: 'Practitioner/nora' },
    restriction: { period: { start: '2026-11-23T00:00:00-06:00', end: '2026-11-23T23:59:59-06:00' } },
  })
  await close(tenant, 1)
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-23'],
    [2, 'ready', '2026-11-30'],
  ])
  await tenant.advanceTo(`2026-12-06${NOON}`)
  expect(await brief(tenant)).toHaveLength(2)
  await tenant.advanceTo(`2026-12-07${NOON}`)
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-23'],
    [2, 'ready', '2026-11-30'],
    [3, 'ready', '2026-12-07'],
  ])
  const { activity: after, meta } = await tenant.read<CarePlan>('CarePlan/plan')
  expect([after, meta!.versionId]).toEqual([plan().activity, '1'])
})

test('after an outage one Task catches up, and says what was left out', async () => {
  const tenant = await tenantWith(plan())
  await close(tenant, 1)
  await close(tenant, 2)
  tenant.now = `2027-01-06${NOON}`
  await tenant.tick()
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-23'],
    [2, 'completed', '2026-11-30'],
    [3, 'ready', '2026-12-07'],
    [7, 'ready', '2027-01-04'],
  ])
  const [last] = (await occurrences(tenant)).slice(-1)
  expect(last!.note).toMatchObject([{ text: 'Occurrences 4 to 6 were left out.' }])
})

test('an occurrence further off than two weeks waits until it is near', async () => {
  const monthly = activity({ scheduledTiming: { repeat: { period: 1, periodUnit: 'mo' } } })
  const tenant = await tenantWith(plan({ period: { start: '2027-01-31' }, activity: [monthly] }))
  expect(await brief(tenant)).toEqual([])
  await tenant.advanceTo(`2027-01-16${NOON}`)
  expect(await brief(tenant)).toEqual([])
  await tenant.advanceTo(`2027-01-17${NOON}`)
  await close(tenant, 1)
  expect(await brief(tenant)).toEqual([[1, 'completed', '2027-01-31']])
  await tenant.advanceTo(`2027-02-14${NOON}`)
  await close(tenant, 2)
  await tenant.advanceTo(`2027-03-17${NOON}`)
  expect((await brief(tenant)).slice(1)).toEqual([
    [2, 'completed', '2027-02-28'],
    [3, 'ready', '2027-03-31'],
  ])
})

test('floating: the next is counted from the close of the former one', async () => {
  const floating = activity({
    extension: [{ url: `${BASE}/StructureDefinition/recurrence-anchor`, valueCode: 'floating' }],
  })
  const tenant = await tenantWith(plan({ activity: [floating] }))
  await tenant.advanceTo(`2026-12-03${NOON}`)
  expect(await brief(tenant)).toEqual([[1, 'ready', '2026-11-23']])
  await close(tenant, 1)
  expect(await brief(tenant)).toEqual([
    [1, 'completed', '2026-11-23'],
    [2, 'ready', '2026-12-10'],
  ])
})

test('floating by months: made when it is near', async () => {
  const floating = activity({
    extension: [{ url: `${BASE}/StructureDefinition/recurrence-anchor`, valueCode: 'floating' }],
    scheduledTiming: { repeat: { period: 1, periodUnit: 'mo' } },
  })
  const tenant = await tenantWith(plan({ activity: [floating] }))
  await close(tenant, 1)
  expect(await brief(tenant)).toHaveLength(1)
  for (const day of ['07', '14', '21']) await tenant.advanceTo(`2026-12-${day}${NOON}`)
  expect((await brief(tenant))[1]).toEqual([2, 'ready', '2026-12-23'])
})

test('nothing recurs while the plan is on hold, and what fell into it is not owed', async () => {
  const tenant = await tenantWith(plan())
  await close(tenant, 1)
  await close(tenant, 2)
  await close(tenant, 3)
  await tenant.change<CarePlan>('CarePlan/plan', { status: 'on-hold' })
  await tenant.advanceTo(`2027-01-13${NOON}`)
  expect(await brief(tenant)).toHaveLength(3)
  await tenant.change<CarePlan>('CarePlan/plan', { status: 'active' })
  await tenant.settle()
  expect((await brief(tenant)).slice(3)).toEqual([[9, 'ready', '2027-01-18']])
})

test('an activity that is taken out, or has another timing, takes its open Task with it', async () => {
  const tenant = await tenantWith(plan())
  const daily = activity({ scheduledTiming: { repeat: { period: 1, periodUnit: 'd' } } })
  tenant.now = `2026-11-24${NOON}`
  await tenant.change<CarePlan>('CarePlan/plan', { activity: [daily] })
  await tenant.settle()
  expect(await brief(tenant)).toEqual([
    [1, 'cancelled', '2026-11-23'],
    [2, 'ready', '2026-11-24'],
  ])
  await tenant.change<CarePlan>('CarePlan/plan', { activity: [] })
  await tenant.settle()
  expect((await brief(tenant)).map(([, status]) => status)).toEqual(['cancelled', 'cancelled'])
})

test('a plan that becomes active takes up the goals that were accepted', async () => {
  const goal = { resourceType: 'Goal', description: { text: 'x' }, subject: { reference: 'Patient/amelia' } }
  const tenant = await tenantWith(
    { ...goal, id: 'agreed', lifecycleStatus: 'accepted' },
    { ...goal, id: 'asked', lifecycleStatus: 'proposed' },
    plan({ status: 'draft', goal: [{ reference: 'Goal/agreed' }, { reference: 'Goal/asked' }] }),
  )
  expect((await tenant.read<Goal>('Goal/agreed')).lifecycleStatus).toBe('accepted')
  await tenant.change<CarePlan>('CarePlan/plan', { status: 'active' })
  await tenant.settle()
  expect((await tenant.read<Goal>('Goal/agreed')).lifecycleStatus).toBe('active')
  expect((await tenant.read<Goal>('Goal/asked')).lifecycleStatus).toBe('proposed')
})

test('a plan is reviewed every 90 days, counted from its last revision and its last review', async () => {
  const tenant = await tenantWith(plan())
  const dues = async () => (await reviews(tenant)).map(({ status, restriction }) => [status, restriction!.period!.end])
  expect(await dues()).toEqual([['ready', '2027-02-21T23:59:59-06:00']])

  tenant.now = `2026-12-10${NOON}`
  await tenant.change<CarePlan>('CarePlan/plan', { title: 'Heart failure' })
  await tenant.settle()
  expect(await dues()).toEqual([['ready', '2027-02-21T23:59:59-06:00']])
  await tenant.change<CarePlan>('CarePlan/plan', { addresses: [{ reference: 'Condition/heart-failure' }] })
  await tenant.settle()
  expect(await dues()).toEqual([['ready', '2027-03-10T23:59:59-06:00']])

  const [review] = await reviews(tenant)
  const { period } = review!.restriction!
  const agreed = { period: { ...period, end: '2027-03-05T23:59:59-06:00' } }
  await tenant.change<Task>(`Task/${review!.id}`, { restriction: agreed })
  await tenant.advanceTo(`2027-03-01${NOON}`)
  expect(await dues()).toEqual([['ready', agreed.period.end]])
  await tenant.change<Task>(`Task/${review!.id}`, { status: 'completed', lastModified: tenant.now })
  await tenant.settle()
  expect(await dues()).toEqual([
    ['completed', agreed.period.end],
    ['ready', '2027-05-30T23:59:59-05:00'],
  ])
})

test('however the bus behaves and functions die, there is each occurrence once', async () => {
  const act = fc.record({ days: fc.integer({ min: 0, max: 20 }), close: fc.boolean() })
  const run = async (acts: readonly { days: number; close: boolean }[], bus: typeof reliably) => {
    const tenant = await tenantWith(plan())
    for (const { days, close: closes } of acts) {
      tenant.now = new Date(Date.parse(tenant.now) + days * 86_400_000).toISOString()
      await tenant.tick(bus(tenant))
      const open = (await occurrences(tenant)).find(({ status }) => status === 'ready')
      if (open && closes)
        await tenant.change<Task>(`Task/${open.id}`, { status: 'completed', lastModified: tenant.now })
      await tenant.settle(bus(tenant))
    }
    return brief(tenant)
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (acts, seed) => {
        const found = await run(acts, badly(seed))
        expect(found).toEqual(await run(acts, reliably))
        expect(new Set(found.map(([sequence]) => sequence)).size).toBe(found.length)
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)
