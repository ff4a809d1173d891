import { describe, expect, test } from '@jest/globals'
import type { CareTeam, Provenance, Task } from 'fhir/r4'
import { SimulatedTenant } from './simulated-tenant.ts'

const ESCALATION = 'code=https://careloop.dev/fhir/CodeSystem/care-task-type|escalation'
/** Friday, just after midnight in Chicago. */
const OVERDUE = '2026-11-20T06:00:00.000Z'

const call = (others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 'call',
  status: 'ready',
  intent: 'order',
  businessStatus: { coding: [{ code: 'attempt-1' }] },
  for: { reference: 'Patient/amelia' },
  groupIdentifier: { system: 'https://hospital.example/groups', value: 'G1' },
  restriction: { period: { end: '2026-11-19T23:59:59-06:00' } },
  ...others,
})

const tenantWith = async (...tasks: Task[]): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant('2026-11-18T15:00:00.000Z')
  for (const task of tasks) await tenant.put(task)
  await tenant.settle()
  return tenant
}
const businessStatusOf = async (tenant: SimulatedTenant, reference = 'Task/call') =>
  (await tenant.read<Task>(reference)).businessStatus!.coding![0]!.code

describe('a Task whose due date passes', () => {
  test('is not overdue a second before', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo('2026-11-20T05:59:58.000Z')
    expect(await businessStatusOf(tenant)).toBe('attempt-1')
    expect(tenant.archive).toEqual([])
  })

  test('is marked, and one escalation goes to the supervisors, due the next business day', async () => {
    const tenant = await tenantWith(call({ owner: { reference: 'Practitioner/nora' } }))
    await tenant.advanceTo(OVERDUE)
    await tenant.tick()
    expect(await tenant.read<Task>('Task/call')).toMatchObject({
      status: 'ready',
      owner: { reference: 'Practitioner/nora' },
      businessStatus: {
        coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/task-business-status', code: 'overdue' }],
      },
      meta: { versionId: '2' },
    })
    const [escalation, ...others] = await tenant.all<Task>('Task', ESCALATION)
    expect(others).toEqual([])
    expect(escalation).toMatchObject({
      partOf: [{ reference: 'Task/call' }],
      for: { reference: 'Patient/amelia' },
      groupIdentifier: { value: 'G1' },
      owner: { reference: 'CareTeam/care-supervisor-pool' },
      status: 'ready',
      priority: 'urgent',
      // Friday's next business day is Monday.
      restriction: { period: { end: '2026-11-23T23:59:59-06:00' } },
    })
    expect(await tenant.read<CareTeam>('CareTeam/care-supervisor-pool')).toMatchObject({ name: 'Care supervisors' })
    const [provenance, ...more] = await tenant.all<Provenance>('Provenance', 'target=Task/call')
    expect(more).toEqual([])
    // The supervisors' pool is no target: two escalations of one tick may both have found it missing.
    expect(provenance!.target.map(({ reference }) => reference).sort()).toEqual(
      ['Task/call', `Task/${escalation!.id}`].sort(),
    )
    expect(provenance!.entity![0]!.what.reference).toBe('Task/call/_history/1')
  })

  test.each(['2026-11-19', '2026-11-19T23:59:59-06:00', '2026-11-20T05:59:59Z'])(
    'at the end of its local day when it is %s',
    async (end) => {
      const tenant = await tenantWith(call({ restriction: { period: { end } } }))
      await tenant.advanceTo('2026-11-20T05:59:58.000Z')
      expect(await businessStatusOf(tenant)).toBe('attempt-1')
      await tenant.advanceTo(OVERDUE)
      expect(await businessStatusOf(tenant)).toBe('overdue')
    },
  )

  test('at the end of its month when it is no more exact', async () => {
    const tenant = await tenantWith(call({ restriction: { period: { end: '2026-11' } } }))
    await tenant.advanceTo(OVERDUE)
    expect(await businessStatusOf(tenant)).toBe('attempt-1')
    await tenant.advanceTo('2026-12-01T06:00:00.000Z')
    expect(await businessStatusOf(tenant)).toBe('overdue')
  })

  test('says so on the bus with codes alone', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(OVERDUE)
    expect(tenant.archive.filter((event) => event['detail-type'].startsWith('task-'))).toEqual([
      {
        source: 'careloop',
        'detail-type': 'task-overdue',
        detail: {
          tenant: 'local',
          reference: 'Task/call',
          version: 1,
          at: OVERDUE,
          patient: 'Patient/amelia',
          status: 'ready',
          due: '2026-11-20T05:59:59.000Z',
        },
      },
    ])
  })

  test.each(['completed', 'cancelled', 'failed', 'rejected', 'entered-in-error'] as const)(
    'is left alone when it is %s by then',
    async (status) => {
      const tenant = await tenantWith(call())
      await tenant.change<Task>('Task/call', { status })
      await tenant.advanceTo(OVERDUE)
      expect(await tenant.all('Task', ESCALATION)).toEqual([])
      expect(await businessStatusOf(tenant)).toBe('attempt-1')
    },
  )

  test('is left alone when it was completed while the event was on its way', async () => {
    const tenant = await tenantWith(call())
    tenant.now = OVERDUE
    await tenant.tick(async (events) => {
      await tenant.change<Task>('Task/call', { status: 'completed' })
      for (const event of events) await tenant.deliver(event)
    })
    expect(await tenant.all('Task', ESCALATION)).toEqual([])
  })

  test('is left alone when it was moved to later while the event was on its way, and is overdue then', async () => {
    const tenant = await tenantWith(call())
    tenant.now = OVERDUE
    await tenant.tick(async (events) => {
      await tenant.change<Task>('Task/call', { restriction: { period: { end: '2026-11-24T23:59:59-06:00' } } })
      for (const event of events) await tenant.deliver(event)
    })
    expect(await businessStatusOf(tenant)).toBe('attempt-1')
    await tenant.advanceTo('2026-11-25T06:00:00.000Z')
    expect(await businessStatusOf(tenant)).toBe('overdue')
    expect(await tenant.all('Task', ESCALATION)).toHaveLength(1)
  })

  test('is not touched again by an event that comes back after people dealt with it', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(OVERDUE)
    await tenant.change<Task>('Task/call', { businessStatus: { coding: [{ code: 'attempts-met' }] } })
    const [escalation] = await tenant.all<Task>('Task', ESCALATION)
    await tenant.delete(`Task/${escalation!.id}`)
    for (const event of [...tenant.archive]) await tenant.deliver(event)
    expect(await businessStatusOf(tenant)).toBe('attempts-met')
    expect(await tenant.all('Task', ESCALATION)).toEqual([])
  })

  test('is overdue also when its due date is moved to before the clock last struck', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(OVERDUE)
    await tenant.change<Task>('Task/call', {
      businessStatus: { coding: [{ code: 'scheduled' }] },
      restriction: { period: { end: '2026-11-27T23:59:59-06:00' } },
    })
    await tenant.settle()
    expect(await businessStatusOf(tenant)).toBe('scheduled')
    await tenant.change<Task>('Task/call', { restriction: { period: { end: '2026-11-18T23:59:59-06:00' } } })
    await tenant.settle()
    expect(await businessStatusOf(tenant)).toBe('overdue')
    expect(await tenant.all('Task', ESCALATION)).toHaveLength(1)
  })

  test('catches up after an outage', async () => {
    const tasks = Array.from({ length: 250 }, (_, n) => call({ id: `call-${n}` }))
    const tenant = await tenantWith(...tasks)
    await tenant.advanceTo('2026-12-24T15:00:00.000Z')
    const escalations = await tenant.all<Task>('Task', ESCALATION)
    expect(escalations).toHaveLength(250)
    // The supervisors' day counts from when it was found out.
    expect(new Set(escalations.map((task) => task.restriction!.period!.end))).toEqual(
      new Set(['2026-12-28T23:59:59-06:00']),
    )
  })
})

test('a Task still open a business day later is escalated to the managers, also when no pathway made it', async () => {
  const tenant = await tenantWith(call())
  await tenant.advanceTo(OVERDUE)
  await tenant.advanceTo('2026-11-24T05:59:58.000Z')
  expect(await tenant.all('Task', ESCALATION)).toHaveLength(1)
  await tenant.advanceTo('2026-11-24T06:00:00.000Z')
  const owners = (await tenant.all<Task>('Task', ESCALATION)).map(({ owner }) => owner!.reference)
  expect(owners.sort()).toEqual(['CareTeam/care-manager-pool', 'CareTeam/care-supervisor-pool'])
  expect(await businessStatusOf(tenant)).toBe('escalated')
})

test('an escalation that is overdue itself is marked and escalated no further', async () => {
  const tenant = await tenantWith(call())
  await tenant.advanceTo(OVERDUE)
  await tenant.advanceTo('2026-11-24T06:00:00.000Z')
  await tenant.advanceTo('2026-12-24T06:00:00.000Z')
  await tenant.advanceTo('2027-01-24T06:00:00.000Z')
  const escalations = await tenant.all<Task>('Task', ESCALATION)
  expect(escalations.map(({ partOf }) => partOf![0]!.reference)).toEqual(['Task/call', 'Task/call'])
  for (const { id } of escalations) expect(await businessStatusOf(tenant, `Task/${id}`)).toBe('overdue')
})

test('a Task without a patient, a group or an owner is escalated too', async () => {
  const tenant = await tenantWith(call({ for: undefined, groupIdentifier: undefined, businessStatus: undefined }))
  await tenant.advanceTo(OVERDUE)
  expect(await tenant.all('Task', ESCALATION)).toHaveLength(1)
})

test('the local day of an escalation is that of the facility', async () => {
  const tenant = await tenantWith(call({ encounter: { reference: 'Encounter/stay' } }))
  const timezone = { url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'America/Los_Angeles' }
  await tenant.put({ resourceType: 'Organization', id: 'hospital', extension: [timezone] })
  await tenant.put({
    resourceType: 'Encounter',
    id: 'stay',
    status: 'finished',
    class: { code: 'AMB' },
    serviceProvider: { reference: 'Organization/hospital' },
  })
  await tenant.advanceTo(OVERDUE)
  const [escalation] = await tenant.all<Task>('Task', ESCALATION)
  // Still Thursday there.
  expect(escalation!.restriction!.period!.end).toBe('2026-11-20T23:59:59-08:00')
})
