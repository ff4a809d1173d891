import { describe, expect, test } from '@jest/globals'
import type { CarePlan, PlanDefinition, Provenance, Task } from 'fhir/r4'
import { tenantWith, transitionOfCare, watch } from './pathways.ts'
import { disposition, type SimulatedTenant, stay } from './simulated-tenant.ts'

const FRIDAY = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'
const WINDOW_END = '2026-12-20T23:59:59-06:00'
const AFTER_WINDOW = '2026-12-21T06:00:00.000Z'
const CALL = { id: 'call', title: 'Call', code: [{ text: 'call' }], timingDuration: { value: 2, code: 'd' } }

const write = async (tenant: SimulatedTenant, ...resources: object[]): Promise<void> => {
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
}

const discharged = async (definition: PlanDefinition, end = FRIDAY): Promise<SimulatedTenant> => {
  const tenant = await tenantWith([definition], HEARD)
  await write(tenant, stay(end, disposition('home')))
  return tenant
}

const codeOf = ({ code }: Task): string => code!.coding?.[0]?.code ?? code!.text!
const taskOf = async (tenant: SimulatedTenant, code: string): Promise<Task> =>
  (await tenant.all<Task>('Task')).find((task) => codeOf(task) === code)!
const watchOf = (tenant: SimulatedTenant): Promise<Task> => taskOf(tenant, 'another-stay')
const planOf = async (tenant: SimulatedTenant): Promise<CarePlan> => (await tenant.all<CarePlan>('CarePlan'))[0]!
const stateOf = ({ status, businessStatus, statusReason, output = [] }: Task) => ({
  status,
  business: businessStatus?.coding?.[0]?.code,
  reason: statusReason?.coding?.[0]?.code,
  evidence: output.map(({ valueReference }) => valueReference?.reference),
})
const complete = async (tenant: SimulatedTenant, code: string): Promise<void> => {
  await tenant.change<Task>(`Task/${(await taskOf(tenant, code)).id}`, { status: 'completed' })
  await tenant.settle()
}
const another = (start: string): object => stay(undefined, { id: 'again', period: { start } })

describe('a watch whose window ends', () => {
  test('is done without evidence, and its plan with it, in one act that says why', async () => {
    const tenant = await discharged(watch(true))
    expect(stateOf(await watchOf(tenant)).status).toBe('ready')
    await tenant.advanceTo(AFTER_WINDOW)
    expect(stateOf(await watchOf(tenant))).toEqual({
      status: 'completed',
      business: 'window-ended',
      reason: undefined,
      evidence: [],
    })
    const plan = await planOf(tenant)
    expect([plan.status, plan.meta!.versionId]).toEqual(['completed', '2'])
    const [last] = await tenant.all<Provenance>('Provenance', `target=CarePlan/${plan.id}&recorded=ge2026-12-01`)
    expect(last!.reason!.map(({ coding }) => coding![0]!.code).sort()).toEqual(['plan-ended', 'window-ended'])
  })

  test('has missed it where what comes late would still count', async () => {
    const tenant = await discharged(watch(false))
    await tenant.advanceTo(AFTER_WINDOW)
    expect(stateOf(await watchOf(tenant))).toMatchObject({
      status: 'completed',
      business: 'window-ended',
      reason: 'window-missed',
    })
  })

  test('is proven by a stay inside of it that is heard of later', async () => {
    const tenant = await discharged(watch(true))
    await tenant.advanceTo('2027-01-05T12:00:00.000Z')
    await write(tenant, another('2026-12-01T08:00:00-06:00'))
    expect(stateOf(await watchOf(tenant))).toEqual({
      status: 'completed',
      business: 'assigned',
      reason: undefined,
      evidence: ['Encounter/again'],
    })
    expect((await planOf(tenant)).status).toBe('completed')
    await tenant.delete('Encounter/again')
    await tenant.settle()
    expect(stateOf(await watchOf(tenant))).toMatchObject({ business: 'window-ended', evidence: [] })
  })

  test('is left alone by a stay after it', async () => {
    const tenant = await discharged(watch(true))
    await tenant.advanceTo(AFTER_WINDOW)
    const before = await watchOf(tenant)
    await write(tenant, another('2026-12-24T08:00:00-06:00'))
    expect(await watchOf(tenant)).toEqual(before)
  })

  test('goes on when the end of the stay turns out to have been later', async () => {
    const tenant = await discharged(watch(true))
    await tenant.advanceTo(AFTER_WINDOW)
    await write(tenant, stay('2026-11-30T10:00:00-06:00', disposition('home')))
    expect(stateOf(await watchOf(tenant))).toMatchObject({ status: 'ready', business: 'assigned' })
    expect((await planOf(tenant)).status).toBe('active')
    await tenant.advanceTo('2026-12-31T06:00:00.000Z')
    expect([(await watchOf(tenant)).status, (await planOf(tenant)).status]).toEqual(['completed', 'completed'])
  })

  test('of which nobody hears until it is over is made as it is to stay', async () => {
    const tenant = await tenantWith([watch(true)], '2027-01-05T12:00:00.000Z')
    await write(tenant, stay(FRIDAY, disposition('home')))
    expect(stateOf(await watchOf(tenant)).business).toBe('window-ended')
    expect((await planOf(tenant)).status).toBe('completed')
  })
})

describe('a plan', () => {
  test('all of whose work is done ends when its time is over', async () => {
    const tenant = await discharged(watch(true, 30, CALL))
    await write(tenant, another('2026-11-22T08:00:00-06:00'))
    await complete(tenant, 'call')
    expect((await planOf(tenant)).status).toBe('active')
    await tenant.advanceTo(AFTER_WINDOW)
    expect((await planOf(tenant)).status).toBe('completed')
  })

  test('with something open goes on past its time, until that is closed', async () => {
    const tenant = await discharged(watch(true, 30, CALL))
    await tenant.advanceTo(AFTER_WINDOW)
    expect((await planOf(tenant)).status).toBe('active')
    await complete(tenant, 'call')
    expect((await planOf(tenant)).status).toBe('completed')
  })

  test('waits for a Task that somebody has added to it', async () => {
    const tenant = await discharged(watch(true))
    const { id, activity } = await planOf(tenant)
    await write(tenant, {
      resourceType: 'Task',
      id: 'added',
      status: 'ready',
      intent: 'order',
      code: { text: 'added' },
    })
    await tenant.change<CarePlan>(`CarePlan/${id}`, {
      activity: [...activity!, { reference: { reference: 'Task/added' } }],
    })
    await tenant.advanceTo(AFTER_WINDOW)
    expect([(await watchOf(tenant)).status, (await planOf(tenant)).status]).toEqual(['completed', 'active'])
  })

  test.each(['on-hold', 'draft', 'revoked'] as const)('that people have made %s stays so', async (status) => {
    const tenant = await discharged(watch(true))
    await tenant.change<CarePlan>(`CarePlan/${(await planOf(tenant)).id}`, { status })
    await tenant.advanceTo(AFTER_WINDOW)
    expect((await planOf(tenant)).status).toBe(status)
  })

  test('that was withdrawn stays withdrawn', async () => {
    const tenant = await discharged(watch(true))
    await write(tenant, stay())
    await tenant.advanceTo(AFTER_WINDOW)
    expect((await planOf(tenant)).status).toBe('revoked')
  })

  test('that has ended stays so when the patient dies, and is withdrawn when the stay never was', async () => {
    const tenant = await discharged(transitionOfCare)
    for (const { id } of await tenant.all<Task>('Task'))
      await tenant.change<Task>(`Task/${id}`, { status: 'completed' })
    await tenant.settle()
    await tenant.advanceTo(AFTER_WINDOW)
    await write(tenant, { resourceType: 'Patient', id: 'amelia', deceasedBoolean: true })
    expect((await planOf(tenant)).status).toBe('completed')
    await write(tenant, stay(FRIDAY, { ...disposition('home'), status: 'entered-in-error' }))
    expect((await planOf(tenant)).status).toBe('revoked')
  })

  test('whose end people moved ends then', async () => {
    const tenant = await discharged(watch(true))
    const { id, period } = await planOf(tenant)
    await tenant.change<CarePlan>(`CarePlan/${id}`, { period: { ...period, end: '2027-01-10T23:59:59-06:00' } })
    await tenant.advanceTo(AFTER_WINDOW)
    expect((await planOf(tenant)).status).toBe('active')
    await tenant.change<CarePlan>(`CarePlan/${id}`, { period: { ...period, end: WINDOW_END } })
    await tenant.tick()
    expect((await planOf(tenant)).status).toBe('completed')
  })
})
