import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Communication, Extension, Task } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { deterministicId } from '../../../lib/ids.ts'
import type { TenantSettings } from '../../../lib/tenant.ts'
import { type Bus, badly, reliably } from '../bus.ts'
import { SimulatedTenant } from '../simulated-tenant.ts'

const BASE = 'https://careloop.dev/fhir'
const FRIDAY = '2026-11-20T15:00:00.000Z'

const call = (others: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: 'call',
  status: 'ready',
  intent: 'order',
  code: { coding: [{ system: `${BASE}/CodeSystem/care-task-type`, code: 'make-contact' }] },
  for: { reference: 'Patient/amelia' },
  owner: { reference: 'Practitioner/nora' },
  authoredOn: '2026-11-20T08:00:00-06:00',
  ...others,
})

const attempt = (
  id: string,
  sent: string,
  outcome = 'no-answer',
  about = ['Task/call'],
  others: Partial<Communication> = {},
): Communication => ({
  resourceType: 'Communication',
  id,
  status: 'completed',
  category: [{ coding: [{ system: `${BASE}/CodeSystem/communication-category`, code: 'contact-attempt' }] }],
  extension: [{ url: `${BASE}/StructureDefinition/contact-outcome`, valueCode: outcome }],
  subject: { reference: 'Patient/amelia' },
  about: about.map((reference) => ({ reference })),
  sent,
  ...others,
})

const FRIDAY_MORNING = attempt('one', '2026-11-20T09:30:00-06:00')
const MONDAY_AFTERNOON = attempt('two', '2026-11-23T13:00:00-06:00', 'left-message')
const TUESDAY_EVENING = attempt('three', '2026-11-24T16:30:00-06:00')

const tenantWith = async (resources: readonly object[], settings: Partial<TenantSettings> = {}) => {
  const tenant = new SimulatedTenant(FRIDAY, settings)
  await tenant.put({ resourceType: 'Patient', id: 'amelia' })
  for (const resource of resources) await tenant.put(resource)
  await tenant.settle()
  return tenant
}

const add = async (tenant: SimulatedTenant, ...resources: readonly object[]) => {
  for (const resource of resources) {
    const { sent } = resource as Communication
    if (sent && new Date(sent).toISOString() > tenant.now) tenant.now = new Date(sent).toISOString()
    await tenant.put(resource)
    await tenant.settle()
  }
}

const statusOf = ({ businessStatus }: Task): string | undefined => businessStatus?.coding?.[0]?.code
const ladderOf = ({ extension = [] }: Task): Record<string, unknown> =>
  Object.fromEntries(
    (extension.find(({ url }) => url === `${BASE}/StructureDefinition/contact-ladder`)?.extension ?? []).map(
      ({ url, ...value }: Extension) => [url, Object.values(value)[0]],
    ),
  )
const stepOf = (tenant: SimulatedTenant, step: string): Promise<Task | undefined> =>
  tenant.read<Task>(`Task/${deterministicId('Task/call', step)}`).catch(() => undefined)
const letterOf = (tenant: SimulatedTenant) => stepOf(tenant, 'unable-to-reach-letter')
const reviewOf = (tenant: SimulatedTenant) => stepOf(tenant, 'unable-to-reach-review')
const theCall = (tenant: SimulatedTenant) => tenant.read<Task>('Task/call')

describe('the ladder', () => {
  test('three attempts on different days and parts of the day, then a letter, and a review after thirty days', async () => {
    const tenant = await tenantWith([call()])
    await add(tenant, FRIDAY_MORNING)
    expect(statusOf(await theCall(tenant))).toBe('attempt-1')
    expect(ladderOf(await theCall(tenant))).toEqual({
      attempts: 1,
      counted: 1,
      'next-day-part': 'afternoon',
      'next-from': '2026-11-23',
      'next-by': '2026-12-04',
    })
    await add(tenant, MONDAY_AFTERNOON)
    expect(ladderOf(await theCall(tenant))).toMatchObject({ 'next-day-part': 'evening', 'next-from': '2026-11-24' })
    expect(await letterOf(tenant)).toBeUndefined()

    await add(tenant, TUESDAY_EVENING)
    expect(statusOf(await theCall(tenant))).toBe('attempt-3')
    expect(ladderOf(await theCall(tenant))).toEqual({ attempts: 3, counted: 3 })
    expect(await letterOf(tenant)).toMatchObject({
      status: 'ready',
      focus: { reference: 'Task/call' },
      owner: { reference: 'Practitioner/nora' },
      // Two business days after Tuesday, without Thanksgiving.
      restriction: { period: { end: '2026-11-27T23:59:59-06:00' } },
    })
    expect((await reviewOf(tenant))!.restriction!.period!.end).toBe('2026-12-20T23:59:59-06:00')
    expect((await theCall(tenant)).status).toBe('ready')
  })

  test.each([
    ['on the same day', ['2026-11-20T09:30:00-06:00', '2026-11-20T13:00:00-06:00', '2026-11-20T16:30:00-06:00'], 1],
    [
      'at the same part of the day',
      ['2026-11-20T09:30:00-06:00', '2026-11-23T09:00:00-06:00', '2026-11-24T10:00:00-06:00'],
      1,
    ],
    ['too far apart', ['2026-11-20T09:30:00-06:00', '2026-11-23T13:00:00-06:00', '2026-12-07T16:30:00-06:00'], 2],
  ])('attempts %s do not count as three', async (_what, times, counted) => {
    const tenant = await tenantWith([call()])
    await add(tenant, ...times.map((sent, n) => attempt(`a${n}`, sent)))
    expect(statusOf(await theCall(tenant))).toBe('attempt-3')
    expect(ladderOf(await theCall(tenant))).toMatchObject({ attempts: 3, counted })
    expect(await letterOf(tenant)).toBeUndefined()
  })

  test('a day with two attempts lends each part of the day the one that fits', async () => {
    const tenant = await tenantWith([call()])
    const mornings = [attempt('a', '2026-11-20T09:30:00-06:00'), attempt('b', '2026-11-20T13:00:00-06:00')]
    const others = [attempt('c', '2026-11-23T09:00:00-06:00'), attempt('d', '2026-11-24T16:30:00-06:00')]
    await add(tenant, ...mornings, ...others)
    expect(ladderOf(await theCall(tenant))).toMatchObject({ attempts: 4, counted: 3 })
  })

  test('as the tenant has it', async () => {
    const tenant = await tenantWith([call()], { contacts: { attempts: 2, letterBusinessDays: 1, reviewAfterDays: 10 } })
    await add(tenant, FRIDAY_MORNING, MONDAY_AFTERNOON)
    expect((await letterOf(tenant))!.restriction!.period!.end).toBe('2026-11-24T23:59:59-06:00')
    expect((await reviewOf(tenant))!.restriction!.period!.end).toBe('2026-11-30T23:59:59-06:00')
  })

  test('reached: the call is done, by this attempt, and nobody writes any more', async () => {
    const tenant = await tenantWith([call()])
    await add(tenant, FRIDAY_MORNING, MONDAY_AFTERNOON, TUESDAY_EVENING)
    await add(tenant, attempt('four', '2026-11-25T10:00:00-06:00', 'reached'))
    expect(await theCall(tenant)).toMatchObject({
      status: 'completed',
      executionPeriod: { end: '2026-11-25T16:00:00.000Z' },
      output: [{ valueReference: { reference: 'Communication/four' } }],
    })
    for (const step of [await letterOf(tenant), await reviewOf(tenant)])
      expect(step).toMatchObject({ status: 'cancelled', statusReason: { coding: [{ code: 'reached' }] } })
  })

  test('refused: nobody is tried again and nobody writes; what becomes of it people decide', async () => {
    const tenant = await tenantWith([call()])
    await add(tenant, FRIDAY_MORNING, MONDAY_AFTERNOON, attempt('three', '2026-11-24T16:30:00-06:00', 'refused'))
    expect((await theCall(tenant)).status).toBe('ready')
    expect(ladderOf(await theCall(tenant))).toEqual({ attempts: 3, counted: 3 })
    expect(await letterOf(tenant)).toBeUndefined()
  })

  test('an attempt that was entered in error is none: the letter is taken back, and written when there is another', async () => {
    const tenant = await tenantWith([call()])
    await add(tenant, FRIDAY_MORNING, MONDAY_AFTERNOON, TUESDAY_EVENING)
    await add(tenant, { ...TUESDAY_EVENING, status: 'entered-in-error' })
    expect(statusOf(await theCall(tenant))).toBe('attempt-2')
    expect((await letterOf(tenant))!.status).toBe('cancelled')
    await add(tenant, attempt('four', '2026-11-25T16:30:00-06:00'))
    expect((await letterOf(tenant))!.status).toBe('ready')
  })

  test('what people did stands: a letter that was written, a call that was closed', async () => {
    const tenant = await tenantWith([call()])
    await add(tenant, FRIDAY_MORNING, MONDAY_AFTERNOON, TUESDAY_EVENING)
    await tenant.change<Task>(`Task/${(await letterOf(tenant))!.id}`, { status: 'completed' })
    await tenant.change<Task>('Task/call', { status: 'failed', statusReason: { text: 'Moved' } })
    await tenant.settle()
    expect((await letterOf(tenant))!.status).toBe('completed')
    expect((await reviewOf(tenant))!.status).toBe('cancelled')
    await add(tenant, attempt('late', '2026-11-25T10:00:00-06:00', 'reached'))
    expect((await theCall(tenant)).status).toBe('failed')
  })

  test('that it is overdue says more than an attempt', async () => {
    const overdue = { coding: [{ system: `${BASE}/CodeSystem/task-business-status`, code: 'overdue' }] }
    const tenant = await tenantWith([call({ businessStatus: overdue })])
    await add(tenant, FRIDAY_MORNING)
    expect(statusOf(await theCall(tenant))).toBe('overdue')
    expect(ladderOf(await theCall(tenant))).toMatchObject({ attempts: 1 })
  })
})

describe('one contact', () => {
  test('does all calls of the patient that were waiting, and those that asked for more only learn of it', async () => {
    const assess = { text: 'Assess the home' }
    const tenant = await tenantWith([
      call(),
      call({ id: 'other' }),
      call({ id: 'later', authoredOn: '2026-11-26T08:00:00-06:00' }),
      call({ id: 'assess', code: assess }),
      call({ id: 'somebody-else', for: { reference: 'Patient/ben' } }),
    ])
    await add(tenant, attempt('one', '2026-11-23T10:00:00-06:00', 'reached', ['Task/call', 'Task/assess']))
    const status = async (id: string) => (await tenant.read<Task>(`Task/${id}`)).status
    expect(await Promise.all(['call', 'other', 'later', 'assess', 'somebody-else'].map(status))).toEqual([
      'completed',
      'completed',
      'ready',
      'ready',
      'ready',
    ])
    expect(statusOf(await tenant.read<Task>('Task/assess'))).toBe('reached')
  })

  test('is the first contact of the referral it was made for', async () => {
    const fulfill = { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] }
    const tenant = await tenantWith([
      {
        resourceType: 'ServiceRequest',
        id: 'food',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/amelia' },
      },
      call({ id: 'ask', status: 'requested', code: fulfill, focus: { reference: 'ServiceRequest/food' } }),
    ])
    await tenant.change<Task>('Task/ask', { status: 'accepted' })
    await tenant.settle()
    await add(tenant, attempt('one', '2026-11-23T10:00:00-06:00', 'reached', ['Task/ask']))
    const contact = await tenant.read<Task>(`Task/${deterministicId('Task/ask', 'referral-first-contact')}`)
    expect(contact).toMatchObject({
      status: 'completed',
      executionPeriod: { end: '2026-11-23T10:00:00-06:00' },
      output: [{ valueReference: { reference: 'Communication/one' } }],
    })
  })
})

/** What can happen about a client in any order. */
const happening = fc.oneof(
  fc.record({
    kind: fc.constant('attempt' as const),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    day: fc.constantFrom('2026-11-20', '2026-11-23', '2026-11-24', '2026-12-08'),
    time: fc.constantFrom('09:30', '13:00', '16:30'),
    outcome: fc.constantFrom('no-answer', 'left-message', 'no-answer', 'wrong-number', 'refused', 'reached'),
    status: fc.constantFrom('completed', 'completed', 'completed', 'entered-in-error'),
    about: fc.subarray(['Task/call', 'Task/other']),
  }),
  fc.record({
    kind: fc.constant('task' as const),
    id: fc.constantFrom('call', 'other', 'letter', 'review'),
    status: fc.constantFrom('ready', 'completed', 'cancelled', 'on-hold'),
  }),
  fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 200 }) }),
)

const run = async (
  happenings: readonly (typeof happening extends fc.Arbitrary<infer Each> ? Each : never)[],
  bus: Bus,
) => {
  const tenant = await tenantWith([call(), call({ id: 'other', code: { text: 'Assess' } })])
  const deliverAll = bus(tenant)
  const ids: Record<string, string> = {
    letter: deterministicId('Task/call', 'unable-to-reach-letter'),
    review: deterministicId('Task/call', 'unable-to-reach-review'),
  }
  for (const each of happenings) {
    if (each.kind === 'attempt')
      await tenant.put({
        ...attempt(each.id, `${each.day}T${each.time}:00-06:00`, each.outcome, each.about),
        status: each.status,
      })
    if (each.kind === 'task') {
      const id = ids[each.id] ?? each.id
      if (await tenant.careloop.store.read('Task', id)) await tenant.change(`Task/${id}`, { status: each.status })
    }
    if (each.kind === 'time') {
      tenant.now = new Date(Date.parse(tenant.now) + each.hours * 3_600_000).toISOString()
      await tenant.tick(deliverAll)
    }
    await tenant.settle(deliverAll)
  }
  return tenant
}

test('doubled, reordered and replayed events, crashes and races change nothing of the outcome', async () => {
  const contents = async (tenant: SimulatedTenant): Promise<unknown[]> => {
    const resources = (await Promise.all(['Provenance', 'Task'].map((type) => tenant.all<Resource>(type)))).flat()
    return resources.sort((a, b) => (a.resourceType + a.id! < b.resourceType + b.id! ? -1 : 1))
  }
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 9 }), fc.nat(), async (happenings, seed) => {
      const clean = await run(happenings, reliably)
      const rough = await run(happenings, badly(seed))
      expect(await contents(rough)).toEqual(await contents(clean))
    }),
    { numRuns: 60 },
  )
})
