import { describe, expect, test } from '@jest/globals'
import type { CarePlan, Communication, PlanDefinition, Provenance, Task } from 'fhir/r4'
import { declarations } from '../../lib/resources/index.ts'
import { tenantWith, transitionOfCare, withEverything } from './pathways.ts'
import { disposition, type SimulatedTenant, stay } from './simulated-tenant.ts'

const FRIDAY = '2026-11-20T14:00:00-06:00'
const HEARD = '2026-11-20T20:05:00.000Z'

const codeOf = (task: Task): string => task.code!.coding?.[0]?.code ?? task.code!.text!
const taskOf = async (tenant: SimulatedTenant, code: string): Promise<Task> =>
  (await tenant.all<Task>('Task')).find((task) => codeOf(task) === code)!
const statuses = async (tenant: SimulatedTenant): Promise<Record<string, string>> =>
  Object.fromEntries((await tenant.all<Task>('Task')).map((task) => [codeOf(task), task.status]).sort())
const reasonsOf = async (tenant: SimulatedTenant): Promise<(string | undefined)[]> =>
  (await tenant.all<Provenance>('Provenance', 'entity=Encounter/stay')).flatMap(({ reason = [] }) =>
    reason.map(({ coding }) => coding![0]!.code),
  )

const write = async (tenant: SimulatedTenant, ...resources: object[]): Promise<void> => {
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
}

const discharged = async (
  definition: PlanDefinition,
  encounter: object = stay(FRIDAY),
  ...before: object[]
): Promise<SimulatedTenant> => {
  const tenant = await tenantWith([definition], HEARD)
  await write(tenant, ...before)
  await write(tenant, stay())
  await write(tenant, encounter)
  return tenant
}

const OPEN = { 'tcm-interactive-contact': 'ready', 'tcm-med-rec': 'ready', 'tcm-visit-14d': 'ready' }
const WITHDRAWN = {
  'tcm-interactive-contact': 'cancelled',
  'tcm-med-rec': 'cancelled',
  'tcm-visit-14d': 'cancelled',
}

const contact = (id: string, sent: string, said: string, others: Partial<Communication> = {}): object => ({
  resourceType: 'Communication',
  id,
  status: 'completed',
  subject: { reference: 'Patient/amelia' },
  sent,
  payload: [{ contentString: said }],
  ...others,
})

describe('a discharge that is taken back', () => {
  test('withdraws what is open, and says why on each Task, on the plan and in a Provenance', async () => {
    const tenant = await discharged(transitionOfCare)
    await write(tenant, stay())
    expect(await statuses(tenant)).toEqual(WITHDRAWN)
    const contactTask = await taskOf(tenant, 'tcm-interactive-contact')
    expect(contactTask.statusReason).toMatchObject({ coding: [{ code: 'discharge-undone' }], text: expect.any(String) })
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    expect(plan).toMatchObject({
      status: 'revoked',
      extension: [{ valueCodeableConcept: { coding: [{ code: 'discharge-undone' }] } }],
    })
    const [record] = (await tenant.all<Provenance>('Provenance', 'entity=Encounter/stay')).filter(
      ({ reason }) => reason,
    )
    expect(record).toMatchObject({
      policy: [`${transitionOfCare.url}|1.0.0`],
      reason: [{ coding: [{ code: 'discharge-undone' }] }],
      entity: [{ what: { reference: 'Encounter/stay/_history/3' } }],
    })
    expect(record!.target).toHaveLength(4)
    for (const resource of [plan!, contactTask, record!])
      expect(await declarations.get(resource.resourceType)!.check({ ...resource })).toEqual([])
  })

  test('and done again at another time opens the same Tasks, due anew, with all their history', async () => {
    const tenant = await discharged(transitionOfCare)
    const before = await tenant.all<Task>('Task')
    await write(tenant, stay())
    await write(tenant, stay('2026-11-24T10:00:00-06:00'))
    expect(await statuses(tenant)).toEqual(OPEN)
    const after = await tenant.all<Task>('Task')
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
    for (const task of after) {
      expect(task.meta!.versionId).toBe('3')
      expect(task.statusReason).toBeUndefined()
    }
    // Thursday is Thanksgiving.
    expect((await taskOf(tenant, 'tcm-interactive-contact')).restriction!.period!.end).toBe('2026-11-27T23:59:59-06:00')
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    expect(plan!.status).toBe('active')
    expect(plan!.extension).toBeUndefined()
  })

  test('leaves alone what people have closed, before and after', async () => {
    const tenant = await discharged(transitionOfCare)
    const done = await taskOf(tenant, 'tcm-interactive-contact')
    const dropped = await taskOf(tenant, 'tcm-med-rec')
    await tenant.change<Task>(`Task/${done.id}`, { status: 'completed' })
    await tenant.change<Task>(`Task/${dropped.id}`, { status: 'cancelled', statusReason: { text: 'not needed' } })
    await write(tenant, stay())
    await write(tenant, stay(FRIDAY))
    expect(await statuses(tenant)).toEqual({
      ...OPEN,
      'tcm-interactive-contact': 'completed',
      'tcm-med-rec': 'cancelled',
    })
  })

  test('does not open a plan that people have revoked', async () => {
    const tenant = await discharged(transitionOfCare)
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    await tenant.change<CarePlan>(`CarePlan/${plan!.id}`, { status: 'revoked' })
    await write(tenant, stay())
    await write(tenant, stay(FRIDAY))
    expect(await tenant.read(`CarePlan/${plan!.id}`)).toMatchObject({ status: 'revoked', meta: { versionId: '2' } })
  })
})

describe('what else withdraws a plan', () => {
  test.each([
    ['cancelled', async (tenant: SimulatedTenant) => write(tenant, stay(FRIDAY, { status: 'cancelled' }))],
    [
      'entered in error',
      async (tenant: SimulatedTenant) => write(tenant, stay(FRIDAY, { status: 'entered-in-error' })),
    ],
    [
      'deleted',
      async (tenant: SimulatedTenant) => {
        await tenant.delete('Encounter/stay')
        await tenant.settle()
      },
    ],
  ])('the Encounter is %s', async (_name, happen) => {
    const tenant = await discharged(transitionOfCare)
    await happen(tenant)
    expect(await statuses(tenant)).toEqual(WITHDRAWN)
    const { statusReason } = await taskOf(tenant, 'tcm-visit-14d')
    expect(statusReason).toMatchObject({ coding: [{ code: 'encounter-cancelled' }] })
  })

  test('its conditions do not hold any more; and it goes on when they do again', async () => {
    const tenant = await discharged(transitionOfCare)
    await write(tenant, stay(FRIDAY, disposition('snf')))
    expect(await statuses(tenant)).toEqual(WITHDRAWN)
    expect((await taskOf(tenant, 'tcm-visit-14d')).statusReason).toMatchObject({
      coding: [{ code: 'no-longer-applies' }],
    })
    await write(tenant, stay(FRIDAY, disposition('home')))
    expect(await statuses(tenant)).toEqual(OPEN)
  })

  test('a stop of its definition: a later stay, which when cancelled lets it go on; the patient died', async () => {
    const tenant = await discharged(withEverything)
    const later = { ...stay(), id: 'again', period: { start: '2026-11-24T08:00:00-06:00' } }
    await write(tenant, later)
    expect((await taskOf(tenant, 'contact')).statusReason).toMatchObject({ coding: [{ code: 'readmitted' }] })
    await write(tenant, { ...later, status: 'cancelled' })
    expect((await taskOf(tenant, 'contact')).status).toBe('ready')
    await write(tenant, { resourceType: 'Patient', id: 'amelia', deceasedBoolean: true })
    expect((await taskOf(tenant, 'contact')).statusReason).toMatchObject({ coding: [{ code: 'deceased' }] })
    expect(await reasonsOf(tenant)).toEqual(expect.arrayContaining(['readmitted', 'deceased', 'corrected']))
  })

  test('not that a Task is overdue', async () => {
    const tenant = await discharged(transitionOfCare)
    await tenant.advanceTo('2027-10-01T12:00:00.000Z')
    await write(tenant, stay(FRIDAY, { reasonCode: [{ text: 'an update' }] }))
    expect(await statuses(tenant)).toMatchObject(OPEN)
  })
})

describe('evidence', () => {
  test('completes a Task, as of its own date, and the step after it is taken then', async () => {
    const tenant = await discharged(withEverything)
    expect(Object.keys(await statuses(tenant))).toEqual(['contact', 'pausable'])
    await write(tenant, contact('c1', '2026-11-23T10:00:00-06:00', 'reached'))
    expect(await taskOf(tenant, 'contact')).toMatchObject({
      status: 'completed',
      output: [{ valueReference: { reference: 'Communication/c1' } }],
      executionPeriod: { end: '2026-11-23T10:00:00-06:00' },
    })
    expect(await taskOf(tenant, 'second-call')).toMatchObject({
      status: 'ready',
      priority: 'urgent',
      restriction: { period: { start: '2026-11-23T10:00:00-06:00', end: '2026-11-28T23:59:59-06:00' } },
    })
    const records = await tenant.all<Provenance>('Provenance', 'entity=Communication/c1')
    expect(records).toMatchObject([
      {
        entity: [
          { what: { reference: 'Encounter/stay/_history/2' } },
          { what: { reference: 'Communication/c1/_history/1' } },
        ],
      },
    ])
  })

  test.each([
    ['before the window began', contact('c1', '2026-11-20T10:00:00-06:00', 'reached')],
    ['not completed', contact('c1', '2026-11-23', 'reached', { status: 'in-progress' })],
    ["another patient's", contact('c1', '2026-11-23', 'reached', { subject: { reference: 'Patient/other' } })],
    ['without a date', contact('c1', '', 'reached', { sent: undefined })],
  ])('does not count when it is %s', async (_name, communication) => {
    const tenant = await discharged(withEverything)
    await write(tenant, communication)
    expect((await taskOf(tenant, 'contact')).status).toBe('ready')
  })

  test('that is taken back opens again what it had closed, but not what people have closed', async () => {
    const tenant = await discharged(withEverything)
    await write(tenant, contact('c1', '2026-11-23', 'reached'))
    await write(tenant, contact('c1', '2026-11-23', 'reached', { status: 'entered-in-error' }))
    expect(await statuses(tenant)).toMatchObject({ contact: 'ready', 'second-call': 'cancelled' })
    const task = await taskOf(tenant, 'contact')
    expect(task.output).toBeUndefined()
    expect(task.executionPeriod).toBeUndefined()

    await tenant.change<Task>(`Task/${task.id}`, { status: 'completed' })
    await tenant.settle()
    expect(await statuses(tenant)).toMatchObject({ contact: 'completed', 'second-call': 'ready' })
    await write(tenant, contact('c1', '2026-11-23', 'reached', { status: 'entered-in-error', sent: '2026-11-24' }))
    expect(await statuses(tenant)).toMatchObject({ contact: 'completed', 'second-call': 'ready' })
  })

  test('does not close again what a person has opened in spite of it; other evidence does', async () => {
    const tenant = await discharged(withEverything)
    await write(tenant, contact('c1', '2026-11-23', 'reached'))
    const { id } = await taskOf(tenant, 'contact')
    await tenant.change<Task>(`Task/${id}`, { status: 'in-progress' })
    await tenant.settle()
    await write(tenant, contact('c1', '2026-11-23', 'reached', { note: [{ text: 'amended' }] }), stay(FRIDAY))
    expect((await taskOf(tenant, 'contact')).status).toBe('in-progress')
    await write(tenant, contact('c2', '2026-11-24', 'reached'))
    expect(await taskOf(tenant, 'contact')).toMatchObject({
      status: 'completed',
      output: [
        { valueReference: { reference: 'Communication/c1' } },
        { valueReference: { reference: 'Communication/c2' } },
      ],
    })
  })

  test('two attempts in time meet what is asked, and the Task stays open until the patient is reached', async () => {
    const tenant = await discharged(withEverything)
    await write(tenant, contact('c1', '2026-11-23T10:00:00-06:00', 'no-answer'))
    expect((await taskOf(tenant, 'contact')).businessStatus).toMatchObject({ coding: [{ code: 'new' }] })
    await write(tenant, contact('c2', '2026-11-24T10:00:00-06:00', 'no-answer'))
    expect(await taskOf(tenant, 'contact')).toMatchObject({
      status: 'ready',
      businessStatus: { coding: [{ code: 'attempts-met' }] },
      output: [{}, {}],
    })
    await write(tenant, contact('c3', '2026-11-26T10:00:00-06:00', 'reached'))
    expect((await taskOf(tenant, 'contact')).status).toBe('completed')
  })

  test('attempts after the window do not', async () => {
    const tenant = await discharged(withEverything)
    await write(
      tenant,
      contact('c1', '2026-11-23T10:00:00-06:00', 'no-answer'),
      contact('c2', '2026-11-25T10:00:00-06:00', 'no-answer'),
    )
    expect((await taskOf(tenant, 'contact')).businessStatus).toMatchObject({ coding: [{ code: 'new' }] })
  })

  test('that is there before the discharge is heard of completes the Task as it is made', async () => {
    const tenant = await tenantWith([withEverything], '2026-11-25T12:00:00.000Z')
    await write(tenant, contact('c1', '2026-11-23', 'reached'))
    await write(tenant, stay(FRIDAY))
    expect(await taskOf(tenant, 'contact')).toMatchObject({ status: 'completed', meta: { versionId: '1' } })
  })
})

describe('clocks that can pause', () => {
  const during = (status: string): object => stay(undefined, { status })
  const admission = {
    ...withEverything,
    action: [
      {
        ...withEverything.action![0]!,
        trigger: [{ type: 'named-event', name: 'encounter-admitted' }],
        extension: [],
      },
    ],
  } as PlanDefinition

  test('stand still while the patient is on leave, and go on for as long as they stood', async () => {
    const tenant = await tenantWith([admission], '2026-11-16T16:00:00.000Z')
    await write(tenant, stay())
    expect((await taskOf(tenant, 'pausable')).restriction!.period!.end).toBe('2026-11-18T09:40:00-06:00')
    await write(tenant, during('onleave'))
    expect(await statuses(tenant)).toEqual({ contact: 'ready', pausable: 'on-hold' })
    await tenant.advanceTo('2026-11-17T16:00:00.000Z')
    await write(tenant, stay())
    expect(await taskOf(tenant, 'pausable')).toMatchObject({
      status: 'ready',
      restriction: { period: { end: '2026-11-19T09:40:00-06:00' } },
    })
    expect((await taskOf(tenant, 'contact')).restriction!.period!.end).toBe('2026-11-18T23:59:59-06:00')
  })

  test('and with the status that it had', async () => {
    const tenant = await tenantWith([admission], '2026-11-16T16:00:00.000Z')
    await write(tenant, stay())
    await tenant.change<Task>(`Task/${(await taskOf(tenant, 'pausable')).id}`, { status: 'accepted' })
    await write(tenant, during('onleave'))
    expect((await taskOf(tenant, 'pausable')).status).toBe('on-hold')
    await write(tenant, stay())
    expect((await taskOf(tenant, 'pausable')).status).toBe('accepted')
  })

  test('and while the plan is on hold', async () => {
    const tenant = await tenantWith([admission], '2026-11-16T16:00:00.000Z')
    await write(tenant, stay())
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    await tenant.change<CarePlan>(`CarePlan/${plan!.id}`, { status: 'on-hold' })
    await tenant.advanceTo('2026-11-17T04:00:00.000Z')
    await tenant.change<CarePlan>(`CarePlan/${plan!.id}`, { status: 'active' })
    await tenant.settle()
    expect((await taskOf(tenant, 'pausable')).restriction!.period!.end).toBe('2026-11-18T21:40:00-06:00')
  })
})

describe('a due date that somebody has moved', () => {
  test('stays when the discharge is corrected; all others follow', async () => {
    const tenant = await discharged(transitionOfCare)
    const visit = await taskOf(tenant, 'tcm-visit-14d')
    const { period } = visit.restriction!
    const agreed = '2026-12-02T12:00:00-06:00'
    await tenant.change<Task>(`Task/${visit.id}`, { restriction: { period: { ...period, end: agreed } } })
    await write(tenant, stay('2026-11-19T20:30:00-06:00'))
    expect((await taskOf(tenant, 'tcm-visit-14d')).restriction!.period!.end).toBe(agreed)
    expect((await taskOf(tenant, 'tcm-interactive-contact')).restriction!.period!.end).toBe('2026-11-23T23:59:59-06:00')
  })
})

describe('definitions that the tenant keeps', () => {
  const renamed = { ...transitionOfCare, id: 'own', version: '7', title: 'Our own' } as PlanDefinition

  test('take the place of the packaged one with the same url, and a plan goes on under the version it began with', async () => {
    const tenant = await discharged(renamed)
    const [plan] = await tenant.all<CarePlan>('CarePlan')
    expect(plan).toMatchObject({
      title: 'Our own',
      instantiatesCanonical: [`${transitionOfCare.url}|7`],
      instantiatesUri: ['PlanDefinition/own/_history/1'],
    })
    // The next version asks for nothing but the contact.
    const [top] = renamed.action!
    await write(tenant, { ...renamed, version: '8', action: [{ ...top, action: [top!.action![0]] }] })
    await write(tenant, stay('2026-11-19T20:30:00-06:00'))
    expect(await statuses(tenant)).toEqual(OPEN)
    expect((await taskOf(tenant, 'tcm-visit-14d')).restriction!.period!.end).toBe('2026-12-03T23:59:59-06:00')
    await write(tenant, { ...stay(FRIDAY), id: 'other' })
    expect(await tenant.all('Task', 'encounter=Encounter/other')).toHaveLength(1)
  })

  test('switch the pathway off when they are retired', async () => {
    const tenant = await discharged({ ...transitionOfCare, status: 'retired' })
    expect(await tenant.all('CarePlan')).toEqual([])
  })

  test('are skipped, and the log says so, when they cannot be run', async () => {
    const unfit = { ...withEverything, action: [{ ...withEverything.action![0]!, prefix: 'A' }] } as PlanDefinition
    const tenant = await tenantWith([unfit, transitionOfCare], HEARD)
    await write(tenant, stay(FRIDAY))
    expect(await statuses(tenant)).toEqual(OPEN)
    expect(tenant.log.join()).toContain('"event":"definition","reference":"PlanDefinition/everything"')
  })
})
