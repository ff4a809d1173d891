import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { CommunicationRequest, Period, Provenance, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { calendarOf } from '../../lib/pathways/calendar.ts'
import { software } from '../../lib/pathways/codes.ts'
import { defaultLadder } from '../../lib/pathways/ladder.ts'
import { taskClock, withClock } from '../../lib/pathways/task-clock.ts'
import { declarations } from '../../lib/resources/index.ts'
import { storedClock } from '../../lib/resources/task-clocks.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { type Bus, badly, reliably } from './bus.ts'
import { SimulatedTenant } from './simulated-tenant.ts'

const BASE = 'https://careloop.dev/fhir'
const ESCALATION = `code=${BASE}/CodeSystem/care-task-type|escalation`
const TIME_ZONE = 'America/Chicago'
const calendar = calendarOf({ ...defaultSettings, timeZone: TIME_ZONE })

/** Two business days after a discharge on Friday afternoon. */
const WINDOW: Period = { start: '2026-11-20T14:00:00-06:00', end: '2026-11-24T23:59:59-06:00' }
const CREATED = '2026-11-20T20:05:00.000Z'
const MONDAY_NOON = '2026-11-23T18:00:00.000Z'
const TUESDAY_13 = '2026-11-24T19:00:00.000Z'
/** Wednesday, just after midnight in Chicago. */
const OVERDUE = '2026-11-25T06:00:00.000Z'
/** The Saturday after Thanksgiving: the supervisors' business day was Friday. */
const SATURDAY = '2026-11-28T06:00:00.000Z'

const code = (businessStatus: string) => ({
  coding: [{ system: `${BASE}/CodeSystem/task-business-status`, code: businessStatus }],
})

/** A Task as a pathway makes it. */
const call = (others: Partial<Task> = {}, complianceEnd?: string): Task => {
  const task: Task = {
    resourceType: 'Task',
    id: 'call',
    instantiatesCanonical: 'https://careloop.dev/fhir/PlanDefinition/tcm|1.0.0',
    status: 'ready',
    intent: 'order',
    businessStatus: code('assigned'),
    for: { reference: 'Patient/amelia' },
    owner: { reference: 'Practitioner/nora' },
    restriction: { period: WINDOW },
    ...others,
  }
  const ladder = defaultLadder
  return withClock(task, taskClock({ task, ladder, calendar, timeZone: TIME_ZONE, complianceEnd }))
}

const tenantWith = async (task: Task, now = CREATED): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(now)
  await tenant.put({
    resourceType: 'CareTeam',
    id: 'amelias-team',
    status: 'active',
    subject: { reference: 'Patient/amelia' },
  })
  await tenant.put(task)
  await tenant.settle()
  return tenant
}

const theCall = (tenant: SimulatedTenant): Promise<Task> => tenant.read<Task>('Task/call')
const businessStatusOf = ({ businessStatus }: Task): string | undefined => businessStatus?.coding?.[0]?.code
const missed = ({ statusReason }: Task): boolean =>
  statusReason?.coding?.some((coding) => coding.code === 'window-missed') ?? false
const reminders = (tenant: SimulatedTenant): Promise<CommunicationRequest[]> =>
  tenant.all<CommunicationRequest>('CommunicationRequest', '_sort=authored')
const escalations = (tenant: SimulatedTenant): Promise<Task[]> =>
  tenant.all<Task>('Task', `${ESCALATION}&_sort=due-date`)
const stepOf = ({ reasonCode }: CommunicationRequest | Task): string | undefined =>
  (Array.isArray(reasonCode) ? reasonCode[0] : reasonCode)?.coding?.[0]?.code
const reasonsOf = async (tenant: SimulatedTenant): Promise<(string | undefined)[]> =>
  (await tenant.all<Provenance>('Provenance', '_sort=recorded')).map(({ reason }) => reason?.[0]?.coding?.[0]?.code)
const wakeAtOf = async (tenant: SimulatedTenant) => (await tenant.table.get({ pk: 'Task/call', sk: 'current' }))?.wakeAt

test('the story of a call nobody makes: reminded, warned, overdue, escalated twice, and closed at last', async () => {
  const tenant = await tenantWith(call())
  expect(await wakeAtOf(tenant)).toBe(MONDAY_NOON)

  await tenant.advanceTo('2026-11-23T17:59:59.000Z')
  expect(await reminders(tenant)).toEqual([])

  await tenant.advanceTo(MONDAY_NOON)
  const [reminder, ...noOthers] = await reminders(tenant)
  expect(noOthers).toEqual([])
  expect(reminder).toMatchObject({
    status: 'active',
    about: [{ reference: 'Task/call' }],
    basedOn: [{ reference: 'Task/call' }],
    subject: { reference: 'Patient/amelia' },
    recipient: [{ reference: 'Practitioner/nora' }],
    requester: { identifier: software },
    payload: [{ contentString: 'A task of yours is due 2026-11-24T23:59:59-06:00. Open your worklist to see it.' }],
    authoredOn: MONDAY_NOON,
  })
  expect(reminder!.category![0]!.coding).toContainEqual({
    system: 'http://terminology.hl7.org/CodeSystem/communication-category',
    code: 'reminder',
  })
  expect((await theCall(tenant)).meta!.versionId).toBe('1')
  expect(await wakeAtOf(tenant)).toBe(TUESDAY_13)

  await tenant.advanceTo(TUESDAY_13)
  expect(businessStatusOf(await theCall(tenant))).toBe('due-soon')
  const [, warning] = await reminders(tenant)
  expect(warning!.recipient).toEqual([{ reference: 'Practitioner/nora' }, { reference: 'CareTeam/amelias-team' }])
  expect(missed(await theCall(tenant))).toBe(false)

  await tenant.advanceTo(OVERDUE)
  expect(businessStatusOf(await theCall(tenant))).toBe('overdue')
  expect(missed(await theCall(tenant))).toBe(true)
  const [first, ...noSecond] = await escalations(tenant)
  expect(noSecond).toEqual([])
  expect(first).toMatchObject({
    owner: { reference: 'CareTeam/care-supervisor-pool' },
    partOf: [{ reference: 'Task/call' }],
    restriction: { period: { end: '2026-11-27T23:59:59-06:00' } },
  })

  await tenant.advanceTo('2026-11-28T05:59:58.000Z')
  expect(await escalations(tenant)).toHaveLength(1)
  await tenant.advanceTo(SATURDAY)
  const [, second] = await escalations(tenant)
  expect(second).toMatchObject({
    owner: { reference: 'CareTeam/care-manager-pool' },
    partOf: [{ reference: 'Task/call' }],
    restriction: { period: { end: '2026-11-30T23:59:59-06:00' } },
  })
  expect(await theCall(tenant)).toMatchObject({ status: 'ready', owner: { reference: 'Practitioner/nora' } })
  expect(businessStatusOf(await theCall(tenant))).toBe('escalated')
  expect(await wakeAtOf(tenant)).toBeUndefined()

  await tenant.advanceTo('2026-12-01T15:00:00.000Z')
  await tenant.change<Task>('Task/call', { status: 'completed' })
  await tenant.settle()
  for (const escalation of await escalations(tenant))
    expect(escalation).toMatchObject({
      status: 'cancelled',
      statusReason: { coding: [{ code: 'original-closed' }], text: expect.any(String) },
    })
  expect((await reminders(tenant)).map(({ status }) => status)).toEqual(['revoked', 'revoked'])
  expect((await reasonsOf(tenant)).sort()).toEqual(
    // The escalations were overdue themselves by then.
    ['reminder', 'due-soon', 'overdue', 'window-missed', 'escalated', 'overdue', 'overdue', 'original-closed'].sort(),
  )
})

test('all that the clock writes is valid', async () => {
  const tenant = await tenantWith(call())
  for (const now of [MONDAY_NOON, TUESDAY_13, OVERDUE, SATURDAY]) await tenant.advanceTo(now)
  for (const type of ['Task', 'CommunicationRequest', 'Provenance'])
    for (const resource of await tenant.all(type)) expect(await declarations.get(type)!.check(resource)).toEqual([])
})

test('each act says by which rule and because of which version of the Task', async () => {
  const tenant = await tenantWith(call())
  await tenant.advanceTo(MONDAY_NOON)
  const [provenance] = await tenant.all<Provenance>('Provenance')
  const [reminder] = await reminders(tenant)
  expect(provenance).toMatchObject({
    target: [{ reference: `CommunicationRequest/${reminder!.id}` }],
    policy: ['https://careloop.dev/fhir/PlanDefinition/tcm|1.0.0'],
    entity: [{ what: { reference: 'Task/call/_history/1' } }],
  })
})

describe('a late notice', () => {
  test('is overdue and escalated once at the next tick, has missed its window, and is reminded of no more', async () => {
    const tenant = await tenantWith(call(), '2026-12-15T15:00:00.000Z')
    await tenant.tick()
    const task = await theCall(tenant)
    expect([businessStatusOf(task), missed(task), task.status]).toEqual(['overdue', true, 'ready'])
    expect((await escalations(tenant)).map(stepOf)).toEqual(['overdue'])
    expect(await reminders(tenant)).toEqual([])
    // The supervisors have a business day as ever.
    await tenant.advanceTo('2026-12-17T05:59:58.000Z')
    expect(await escalations(tenant)).toHaveLength(1)
    await tenant.advanceTo('2026-12-17T06:00:00.000Z')
    expect((await escalations(tenant)).map(stepOf)).toEqual(['overdue', 'escalation-2'])
  })

  test('in the middle of its window is reminded of at once', async () => {
    const tenant = await tenantWith(call(), '2026-11-24T15:00:00.000Z')
    await tenant.tick()
    expect((await reminders(tenant)).map(stepOf)).toEqual(['reminder'])
    expect(await escalations(tenant)).toEqual([])
  })
})

describe('a compliance window', () => {
  test('that is longer than the Task has closes on its own day', async () => {
    const tenant = await tenantWith(call({}, '2026-11-27T23:59:59-06:00'))
    await tenant.advanceTo(OVERDUE)
    expect(missed(await theCall(tenant))).toBe(false)
    await tenant.advanceTo(SATURDAY)
    expect(missed(await theCall(tenant))).toBe(true)
  })

  test('is not missed when the attempts that count were made, and what they came to stays to be seen', async () => {
    const tenant = await tenantWith(call({ businessStatus: code('attempts-met') }))
    await tenant.advanceTo(OVERDUE)
    const task = await theCall(tenant)
    expect([businessStatusOf(task), missed(task)]).toEqual(['attempts-met', false])
    expect(await escalations(tenant)).toHaveLength(1)
    // Nor later, when the event comes back after people have gone on with it.
    await tenant.change<Task>('Task/call', { businessStatus: code('scheduled') })
    for (const event of [...tenant.archive]) await tenant.deliver(event)
    expect(missed(await theCall(tenant))).toBe(false)
  })

  test('leaves the reason that people have given', async () => {
    const statusReason = { text: 'Waiting for the family to call back' }
    const tenant = await tenantWith(call({ status: 'on-hold', statusReason }))
    await tenant.advanceTo(OVERDUE)
    const task = await theCall(tenant)
    expect([missed(task), task.statusReason!.text]).toEqual([true, statusReason.text])
  })
})

test('what people say of their work is not overwritten because it is due soon', async () => {
  const tenant = await tenantWith(call({ businessStatus: code('scheduled') }))
  await tenant.advanceTo(TUESDAY_13)
  expect(businessStatusOf(await theCall(tenant))).toBe('scheduled')
  expect((await reminders(tenant)).map(stepOf).sort()).toEqual(['due-soon', 'reminder'])
})

describe('a due date that a person moves', () => {
  const LATER: Period = { ...WINDOW, end: '2026-12-02T23:59:59-06:00' }

  test('to later takes back reminders and marks, and has rungs of its own', async () => {
    const tenant = await tenantWith(call())
    for (const now of [MONDAY_NOON, TUESDAY_13, OVERDUE]) await tenant.advanceTo(now)
    await tenant.change<Task>('Task/call', { restriction: { period: LATER } })
    await tenant.settle()
    const task = await theCall(tenant)
    expect(businessStatusOf(task)).toBe('assigned')
    // What counts for the programme ended when it ended.
    expect(missed(task)).toBe(true)
    expect(storedClock(task)).toEqual({
      due: LATER.end,
      rungs: [
        { step: 'reminder', at: expect.any(String) },
        { step: 'due-soon', at: '2026-12-02T05:59:59.000Z' },
        { step: 'overdue', at: '2026-12-03T05:59:59.000Z' },
        { step: 'escalation-2', at: '2026-12-05T05:59:59.000Z' },
        { step: 'window-missed', at: '2026-11-25T05:59:59.000Z' },
      ],
    })
    expect((await reminders(tenant)).map(({ status }) => status)).toEqual(['revoked', 'revoked'])
    await tenant.advanceTo('2026-12-02T06:00:00.000Z')
    expect(businessStatusOf(await theCall(tenant))).toBe('due-soon')
    await tenant.advanceTo('2026-12-03T06:00:00.000Z')
    expect(businessStatusOf(await theCall(tenant))).toBe('overdue')
    // The supervisors still have the first one open.
    expect((await escalations(tenant)).map(stepOf)).toEqual(['overdue'])
    await tenant.advanceTo('2026-12-05T06:00:00.000Z')
    expect((await escalations(tenant)).map(stepOf).sort()).toEqual(['escalation-2', 'overdue'])
  })

  test('to later and missed again is escalated again, when the first escalation was dealt with', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(OVERDUE)
    const [first] = await escalations(tenant)
    await tenant.change<Task>(`Task/${first!.id}`, { status: 'completed' })
    await tenant.change<Task>('Task/call', { restriction: { period: LATER } })
    await tenant.settle()
    await tenant.advanceTo('2026-12-03T06:00:00.000Z')
    expect((await escalations(tenant)).map(({ status }) => status).sort()).toEqual(['completed', 'ready'])
  })

  test('to before the clock last struck is overdue at once, by the write itself', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(MONDAY_NOON)
    await tenant.change<Task>('Task/call', { restriction: { period: { ...WINDOW, end: '2026-11-22T23:59:59-06:00' } } })
    await tenant.settle()
    expect(businessStatusOf(await theCall(tenant))).toBe('overdue')
    expect(await escalations(tenant)).toHaveLength(1)
    expect(await wakeAtOf(tenant)).toBe('2026-11-25T05:59:59.000Z')
  })
})

test('a Task on hold that may pause is left alone, and goes on where it was', async () => {
  const pausable = { url: `${BASE}/StructureDefinition/pausable`, valueBoolean: true }
  const task = call()
  const tenant = await tenantWith({ ...task, extension: [...task.extension!, pausable] })
  await tenant.change<Task>('Task/call', { status: 'on-hold' })
  await tenant.advanceTo(TUESDAY_13)
  expect(await reminders(tenant)).toEqual([])
  await tenant.change<Task>('Task/call', { status: 'in-progress' })
  await tenant.tick()
  expect((await reminders(tenant)).map(stepOf).sort()).toEqual(['due-soon', 'reminder'])
})

test('a client that drops the rungs does not stop the clock', async () => {
  const tenant = await tenantWith(call())
  const { extension, ...bare } = await theCall(tenant)
  await tenant.put(bare)
  await tenant.settle()
  expect((await theCall(tenant)).extension).toEqual(extension)
})

describe('the time that the supervisors have, from when it was found out late,', () => {
  /** A Saturday, when the rung of the second escalation has passed already, by the due date alone. */
  const FOUND_OUT = '2026-11-28T07:00:00.000Z'
  /** Counted from the tick that found out. */
  const SECOND = '2026-12-01T05:59:59.000Z'
  const secondEscalationOf = async (tenant: SimulatedTenant) =>
    storedClock(await theCall(tenant))!.rungs.find(({ step }) => step === 'escalation-2')!.at
  const foundOutLate = async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(FOUND_OUT)
    expect(await secondEscalationOf(tenant)).toBe(SECOND)
    return tenant
  }
  const replayedAt = async (tenant: SimulatedTenant, now: string) => {
    tenant.now = now
    for (const event of [...tenant.archive]) await tenant.deliver(event)
    return (await escalations(tenant)).map(stepOf)
  }

  test('is theirs when a client drops the rungs, and old events come back', async () => {
    const tenant = await foundOutLate()
    await tenant.change<Task>('Task/call', { extension: undefined })
    await tenant.settle()
    expect(await secondEscalationOf(tenant)).toBe(SECOND)
    expect(await replayedAt(tenant, '2026-11-28T08:00:00.000Z')).toEqual(['overdue'])
  })

  test('is over when the due date was moved and moved back since, but not for events of before', async () => {
    const tenant = await foundOutLate()
    const movedBack = '2026-11-28T09:00:00.000Z'
    tenant.now = movedBack
    for (const end of ['2026-12-02T23:59:59-06:00', WINDOW.end]) {
      await tenant.change<Task>('Task/call', { restriction: { period: { ...WINDOW, end } } })
      await tenant.settle()
    }
    expect(await secondEscalationOf(tenant)).toBe(movedBack)
    expect(await replayedAt(tenant, movedBack)).toEqual(['overdue'])
    await tenant.advanceTo('2026-11-28T09:01:00.000Z')
    expect((await escalations(tenant)).map(stepOf).sort()).toEqual(['escalation-2', 'overdue'])
  })
})

test('a row of evidence is nobody’s work: nobody is told, but its window closes', async () => {
  const tenant = await tenantWith(call({ owner: { type: 'Device', identifier: software }, businessStatus: undefined }))
  await tenant.advanceTo(SATURDAY)
  const task = await theCall(tenant)
  expect([businessStatusOf(task), missed(task)]).toEqual([undefined, true])
  expect([...(await reminders(tenant)), ...(await escalations(tenant))]).toEqual([])
})

test('a Task that is deleted takes what is open about it along', async () => {
  const tenant = await tenantWith(call())
  for (const now of [MONDAY_NOON, TUESDAY_13, OVERDUE]) await tenant.advanceTo(now)
  await tenant.delete('Task/call')
  await tenant.settle()
  expect((await escalations(tenant)).map(({ status }) => status)).toEqual(['cancelled'])
  expect((await reminders(tenant)).map(({ status }) => status)).toEqual(['revoked', 'revoked'])
})

test('a Task that is closed while its reminder is being written is reminded of no more', async () => {
  const tenant = await tenantWith(call())
  const { store } = tenant.careloop
  const write = store.write.bind(store)
  jest.spyOn(store, 'write').mockImplementationOnce(async (writes) => {
    await tenant.change<Task>('Task/call', { status: 'completed' })
    // Its event is through before the reminder is there.
    await tenant.settle()
    return write(writes)
  })
  await tenant.advanceTo(MONDAY_NOON)
  expect((await reminders(tenant)).map(({ status }) => status)).toEqual(['revoked'])
})

test('an owner who leaves before the reminder makes it go to the pool', async () => {
  const tenant = await tenantWith(call({ owner: undefined }))
  await tenant.advanceTo(MONDAY_NOON)
  const [reminder] = await reminders(tenant)
  expect(reminder!.recipient).toEqual([{ reference: 'CareTeam/care-management-pool' }])
  expect(await tenant.read('CareTeam/care-management-pool')).toMatchObject({ status: 'active' })
})

describe('however often, in what order and to whatever dying functions events are delivered', () => {
  type Happening = { kind: 'time'; hours: number } | { kind: 'change'; change: keyof typeof CHANGES }
  const CHANGES: Record<string, Partial<Task>> = {
    complete: { status: 'completed' },
    cancel: { status: 'cancelled' },
    hold: { status: 'on-hold' },
    resume: { status: 'in-progress' },
    attempt: { businessStatus: code('attempt-1') },
    attempts: { businessStatus: code('attempts-met') },
    postpone: { restriction: { period: { ...WINDOW, end: '2026-12-02T23:59:59-06:00' } } },
    hasten: { restriction: { period: { ...WINDOW, end: '2026-11-23T23:59:59-06:00' } } },
    strip: { extension: undefined },
  }
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ kind: fc.constant('change' as const), change: fc.constantFrom(...Object.keys(CHANGES)) }),
  )
  const happenings = fc.array(happening, { minLength: 1, maxLength: 10 })
  const isClosed = ({ status }: Task): boolean => ['completed', 'cancelled'].includes(status)

  /** `hastily`: what comes next may overtake the events of a change. */
  const run = async (steps: readonly Happening[], bus: Bus = reliably, hastily = false): Promise<SimulatedTenant> => {
    const tenant = await tenantWith(call())
    const deliverAll = bus(tenant)
    for (const step of steps) {
      if (step.kind === 'time') {
        tenant.now = new Date(Date.parse(tenant.now) + step.hours * 3_600_000).toISOString()
        await tenant.tick(deliverAll)
      } else if (!isClosed(await theCall(tenant))) {
        await tenant.change<Task>('Task/call', CHANGES[step.change]!)
        if (!hastily) await tenant.settle(deliverAll)
      }
    }
    await tenant.settle(deliverAll)
    return tenant
  }

  const contents = async (tenant: SimulatedTenant): Promise<Resource[]> =>
    (await Promise.all(['Task', 'CommunicationRequest', 'Provenance', 'CareTeam'].map((type) => tenant.all(type))))
      .flat()
      .sort((a, b) => (a.id! < b.id! ? -1 : 1))

  /** Of two versions of a Task with the same rung, either clock may be the first to be heard. */
  const outcome = async (tenant: SimulatedTenant): Promise<unknown[]> =>
    (await contents(tenant)).map((resource) => {
      const { entity = [], ...record } = resource as unknown as Provenance
      return resource.resourceType === 'Provenance'
        ? { ...record, entity: entity.map(({ role, what }) => [role, what.reference?.split('/_history/')[0]]) }
        : resource
    })

  test('the outcome is the same', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(), async (steps, seed) => {
        expect(await outcome(await run(steps, badly(seed)))).toEqual(await outcome(await run(steps)))
      }),
      { numRuns: 100 },
    )
  })

  test('each rung of each due date acts at most once, and nothing about a closed Task stays open', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(), async (steps, seed) => {
        const tenant = await run(steps, badly(seed), true)
        const about = [...(await reminders(tenant)), ...(await escalations(tenant))]
        const rungs = (await tenant.all<Provenance>('Provenance')).map(({ id }) => id)
        expect(new Set(rungs).size).toBe(rungs.length)
        const texts = (await reminders(tenant)).map(
          (reminder) => `${stepOf(reminder)} ${reminder.payload![0]!.contentString}`,
        )
        expect(new Set(texts).size).toBe(texts.length)
        const open = about.filter(({ status }) => status === 'active' || status === 'ready')
        if (isClosed(await theCall(tenant))) expect(open).toEqual([])
        const openSteps = open.filter(({ resourceType }) => resourceType === 'Task').map(stepOf)
        expect(new Set(openSteps).size).toBe(openSteps.length)
        const changes = steps.flatMap((step) => (step.kind === 'change' ? [step.change] : []))
        if (!changes.includes('cancel')) expect((await theCall(tenant)).status).not.toBe('cancelled')
      }),
      { numRuns: 100 },
    )
  })
  test('a replay of the whole archive at any later time changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(400), async (steps, days) => {
        const tenant = await run(steps)
        await tenant.advanceTo(new Date(Date.parse(tenant.now) + days * 86_400_000).toISOString())
        const before = await contents(tenant)
        for (const event of [...tenant.archive]) await tenant.deliver(event)
        expect(await contents(tenant)).toEqual(before)
      }),
      { numRuns: 100 },
    )
  })
})
