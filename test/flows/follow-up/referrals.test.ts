import { describe, expect, test } from '@jest/globals'
import type { ServiceRequest, Task } from 'fhir/r4'
import {
  atCapacity,
  BASE,
  consent,
  organization,
  reasonsOf,
  referral,
  request,
  service,
  stepOf,
  stepsOf,
  taskOf,
  tenantWith,
} from './referral-scene.ts'

const MONDAY = '2026-11-23T17:00:00.000Z'

describe('a direct referral', () => {
  test('its whole loop: sent, accepted, begun, completed, reviewed', async () => {
    const tenant = await tenantWith([organization('pantry'), request(), referral()])
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({ 'acknowledge-referral': 'ready' })
    expect(await stepOf(tenant, 'acknowledge-referral')).toMatchObject({
      basedOn: [{ reference: 'ServiceRequest/food' }],
      for: { reference: 'Patient/amelia' },
      owner: { reference: 'Practitioner/nora' },
      // Two business days after Friday.
      restriction: { period: { start: '2026-11-20T10:00:00-06:00', end: '2026-11-24T23:59:59-06:00' } },
    })

    tenant.now = MONDAY
    await tenant.change<Task>('Task/ask', { status: 'accepted' })
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({
      'acknowledge-referral': 'completed',
      'referral-first-contact': 'ready',
      'referral-outcome': 'ready',
    })
    const acknowledged = await stepOf(tenant, 'acknowledge-referral')
    expect(acknowledged!.executionPeriod!.end).toBe(MONDAY)
    expect(acknowledged!.output![0]!.valueReference).toEqual({ reference: 'Task/ask' })
    // From when it was sent: five business days without Thanksgiving, thirty days.
    const dueOf = async (step: 'referral-first-contact' | 'referral-outcome') =>
      (await stepOf(tenant, step))!.restriction!.period!.end
    expect(await dueOf('referral-first-contact')).toBe('2026-11-30T23:59:59-06:00')
    expect(await dueOf('referral-outcome')).toBe('2026-12-20T23:59:59-06:00')

    await tenant.change<Task>('Task/ask', { status: 'in-progress', executionPeriod: { start: MONDAY } })
    await tenant.settle()
    expect(await stepsOf(tenant)).toMatchObject({ 'referral-first-contact': 'completed', 'referral-outcome': 'ready' })

    tenant.now = '2026-12-01T18:00:00.000Z'
    await tenant.change<Task>('Task/ask', { status: 'completed' })
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({
      'acknowledge-referral': 'completed',
      'referral-first-contact': 'completed',
      'referral-outcome': 'completed',
      'review-referral': 'ready',
    })
    const review = await stepOf(tenant, 'review-referral')
    expect(review!.restriction!.period!.end).toBe('2026-12-04T23:59:59-06:00')
    expect((await tenant.read<ServiceRequest>('ServiceRequest/food')).status).toBe('active')

    await tenant.change<Task>(`Task/${review!.id}`, { status: 'completed' })
    await tenant.settle()
    expect((await tenant.read<ServiceRequest>('ServiceRequest/food')).status).toBe('completed')
    expect(await reasonsOf(tenant)).toEqual(
      expect.arrayContaining(['referral-sent', 'referral-answered', 'referral-ended', 'referral-reviewed']),
    )
  })

  test.each([
    ['routine', '2026-11-24T23:59:59-06:00'],
    ['urgent', '2026-11-23T23:59:59-06:00'],
    ['stat', '2026-11-20T14:00:00-06:00'],
  ] as const)('of priority %s is to be acknowledged until %s', async (priority, due) => {
    const tenant = await tenantWith([request(), referral({ priority })])
    await tenant.settle()
    expect((await stepOf(tenant, 'acknowledge-referral'))!.restriction!.period!.end).toBe(due)
  })

  test('that nobody acknowledges is overdue and escalated', async () => {
    const tenant = await tenantWith([request(), referral()])
    await tenant.settle()
    await tenant.advanceTo('2026-11-25T06:00:00.000Z')
    expect((await stepOf(tenant, 'acknowledge-referral'))!.businessStatus!.coding![0]!.code).toBe('overdue')
    const escalations = await tenant.all<Task>('Task', `code=${BASE}/CodeSystem/care-task-type|escalation`)
    expect(escalations).toHaveLength(1)
  })

  test('with other times, where the tenant says so', async () => {
    const tenant = await tenantWith([request(), referral()], { referrals: { acknowledgeBusinessDays: 1 } })
    await tenant.settle()
    expect((await stepOf(tenant, 'acknowledge-referral'))!.restriction!.period!.end).toBe('2026-11-23T23:59:59-06:00')
  })

  test('that was brought in when it was over is nobody’s work', async () => {
    const tenant = await tenantWith([request(), referral({ status: 'completed' })])
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({})
  })

  test('that is taken back takes what is open about it along; what people closed stays', async () => {
    const tenant = await tenantWith([request(), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'accepted' })
    await tenant.settle()
    const contact = await stepOf(tenant, 'referral-first-contact')
    await tenant.change<Task>(`Task/${contact!.id}`, { status: 'completed' })
    await tenant.change<Task>('Task/ask', { status: 'cancelled', statusReason: { text: 'Moved away' } })
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({
      'acknowledge-referral': 'completed',
      'referral-first-contact': 'completed',
      'referral-outcome': 'cancelled',
    })
  })

  test('that is deleted leaves no open step behind', async () => {
    const tenant = await tenantWith([request(), referral()])
    await tenant.settle()
    await tenant.delete('Task/ask')
    await tenant.settle()
    expect(await stepsOf(tenant)).toEqual({ 'acknowledge-referral': 'cancelled' })
  })

  test('that failed is reviewed, and the request stays open', async () => {
    const tenant = await tenantWith([request(), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'failed', statusReason: { text: 'Not found' } })
    await tenant.settle()
    const review = await stepOf(tenant, 'review-referral')
    await tenant.change<Task>(`Task/${review!.id}`, { status: 'completed' })
    await tenant.settle()
    expect((await tenant.read<ServiceRequest>('ServiceRequest/food')).status).toBe('active')
  })

  test('whose request its source completes has been reviewed', async () => {
    const tenant = await tenantWith([request(), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'completed' })
    await tenant.settle()
    await tenant.change<ServiceRequest>('ServiceRequest/food', { status: 'completed' })
    await tenant.settle()
    const review = await stepOf(tenant, 'review-referral')
    expect(review).toMatchObject({
      status: 'completed',
      output: [{ valueReference: { reference: 'ServiceRequest/food' } }],
    })
  })
})

describe('a rejection', () => {
  const rejected = async (others: Partial<ServiceRequest> = {}, kitchen: object = service('kitchen', 'capacity')) => {
    const tenant = await tenantWith([organization('pantry'), kitchen, request(others), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'rejected', statusReason: atCapacity })
    await tenant.settle()
    const tasks = await tenant.all<Task>('Task', 'focus=ServiceRequest/food')
    return { tenant, next: tasks.find(({ id, code }) => id !== 'ask' && code!.coding![0]!.code === 'fulfill') }
  }

  test('for capacity: the next candidate is asked, and keeps after the former', async () => {
    const { tenant, next } = await rejected()
    expect(next).toMatchObject({
      status: 'requested',
      owner: { reference: 'HealthcareService/kitchen' },
      requester: { reference: 'Practitioner/nora' },
      extension: [{ url: `${BASE}/StructureDefinition/task-replaces`, valueReference: { reference: 'Task/ask' } }],
    })
    expect(await stepsOf(tenant, `Task/${next!.id}`)).toEqual({ 'acknowledge-referral': 'ready' })
    expect(await stepsOf(tenant)).toEqual({ 'acknowledge-referral': 'completed' })
  })

  test.each([
    ['has no capacity', {}, service('kitchen', 'no-capacity')],
    ['is not there', { performer: [{ reference: 'HealthcareService/gone' }] }, service('kitchen')],
    ['was asked before', { performer: [{ reference: 'Organization/pantry' }] }, service('kitchen')],
  ])('when the next %s, the care manager chooses', async (_what, others, kitchen) => {
    const { tenant, next } = await rejected(others, kitchen)
    expect(next).toBeUndefined()
    const choose = await stepOf(tenant, 'choose-referral-target', 'ServiceRequest/food')
    expect(choose).toMatchObject({ status: 'ready', owner: { reference: 'CareTeam/care-management-pool' } })

    await tenant.put(referral({ id: 'other', owner: { reference: 'Organization/church' } }))
    await tenant.settle()
    expect(await stepOf(tenant, 'choose-referral-target', 'ServiceRequest/food')).toMatchObject({
      status: 'completed',
      output: [{ valueReference: { reference: 'Task/other' } }],
    })
  })

  test('for another reason: nobody else is asked without a person', async () => {
    const tenant = await tenantWith([service('kitchen'), request(), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'rejected', statusReason: { text: 'Not eligible' } })
    await tenant.settle()
    expect(await stepsOf(tenant, 'ServiceRequest/food')).toEqual({ 'choose-referral-target': 'ready' })
  })

  test('all the way: each in turn, once', async () => {
    const { tenant, next } = await rejected()
    await tenant.change<Task>(`Task/${next!.id}`, { status: 'rejected', statusReason: atCapacity })
    await tenant.settle()
    expect(await tenant.all<Task>('Task', 'code=fulfill')).toHaveLength(2)
    expect((await stepOf(tenant, 'choose-referral-target', 'ServiceRequest/food'))!.status).toBe('ready')
  })
})

describe('an indirect referral', () => {
  const parts = ['bank', 'delivery'] as const

  /** The platform was asked, and asks two others: by requests of its own, and Tasks that name its Task or do not. */
  const throughPlatform = async (namesParent: boolean) => {
    const tenant = await tenantWith([
      request(),
      referral({ owner: { reference: 'Organization/platform' } }),
      ...parts.flatMap((id) => [
        {
          ...request({ id: `order-${id}`, intent: 'filler-order', basedOn: [{ reference: 'ServiceRequest/food' }] }),
          requester: { reference: 'Organization/platform' },
        },
        referral({
          id,
          focus: { reference: `ServiceRequest/order-${id}` },
          ...(namesParent && { partOf: [{ reference: 'Task/ask' }] }),
          requester: { reference: 'Organization/platform' },
          owner: { reference: `Organization/${id}` },
        }),
      ]),
    ])
    await tenant.settle()
    return tenant
  }

  test.each([true, false])(
    'one part rejected, one completed: completed; reviewed: the request too (%s)',
    async (named) => {
      const tenant = await throughPlatform(named)
      const status = async () => (await taskOf(tenant)).status
      expect(await status()).toBe('requested')

      await tenant.change<Task>('Task/bank', { status: 'accepted' })
      await tenant.settle()
      expect(await status()).toBe('accepted')
      await tenant.change<Task>('Task/delivery', { status: 'rejected', statusReason: atCapacity })
      await tenant.settle()
      expect(await status()).toBe('accepted')
      await tenant.change<Task>('Task/bank', { status: 'in-progress' })
      await tenant.settle()
      expect(await status()).toBe('in-progress')
      const output = [{ type: { text: 'Resulting activity' }, valueReference: { reference: 'Procedure/box' } }]
      await tenant.change<Task>('Task/bank', { status: 'completed', output })
      await tenant.settle()
      expect(await taskOf(tenant)).toMatchObject({ status: 'completed', output })

      // The platform keeps after its own; the source after the platform.
      expect(await stepsOf(tenant, 'Task/bank')).toEqual({})
      const review = await stepOf(tenant, 'review-referral')
      await tenant.change<Task>(`Task/${review!.id}`, { status: 'completed' })
      await tenant.settle()
      expect((await tenant.read<ServiceRequest>('ServiceRequest/food')).status).toBe('completed')
      expect((await tenant.read<ServiceRequest>('ServiceRequest/order-bank')).status).toBe('active')
    },
  )

  test('all rejected: failed, which says why', async () => {
    const tenant = await throughPlatform(true)
    for (const id of parts) await tenant.change<Task>(`Task/${id}`, { status: 'rejected', statusReason: atCapacity })
    await tenant.settle()
    expect(await taskOf(tenant)).toMatchObject({ status: 'failed', statusReason: { text: expect.any(String) } })
  })

  test('what people hold is not moved by its parts', async () => {
    const tenant = await throughPlatform(true)
    await tenant.change<Task>('Task/ask', { status: 'on-hold', statusReason: { text: 'Client is away' } })
    await tenant.change<Task>('Task/bank', { status: 'in-progress' })
    await tenant.settle()
    expect((await taskOf(tenant)).status).toBe('on-hold')
  })
})

describe('an outside party', () => {
  const outside = (others: readonly object[] = [], task: Partial<Task> = {}) =>
    tenantWith([organization('pantry', true), request(), ...others, referral(task)])

  test('is not asked without consent; consent sends the referral', async () => {
    const tenant = await outside()
    await tenant.settle()
    expect(await taskOf(tenant)).toMatchObject({
      status: 'draft',
      statusReason: { coding: [{ code: 'consent-missing' }], text: expect.any(String) },
    })
    expect(await stepsOf(tenant)).toEqual({ 'obtain-consent': 'ready' })

    tenant.now = MONDAY
    await tenant.put(consent())
    await tenant.settle()
    const sent = await taskOf(tenant)
    expect(sent.status).toBe('requested')
    expect(sent.statusReason).toBeUndefined()
    expect(await stepsOf(tenant)).toEqual({ 'acknowledge-referral': 'ready', 'obtain-consent': 'completed' })
    // It was sent on Monday: two business days later is Wednesday.
    expect((await stepOf(tenant, 'acknowledge-referral'))!.restriction!.period!.end).toBe('2026-11-25T23:59:59-06:00')
    expect((await stepOf(tenant, 'obtain-consent'))!.output![0]!.valueReference!.reference).toBe('Consent/share')
  })

  test('with consent is asked at once', async () => {
    const tenant = await outside([consent()])
    await tenant.settle()
    expect((await taskOf(tenant)).status).toBe('requested')
    expect(await stepsOf(tenant)).toEqual({ 'acknowledge-referral': 'ready' })
  })

  test('that has begun stops when consent is withdrawn, and goes on when it is given again', async () => {
    const tenant = await outside([consent()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'in-progress', executionPeriod: { start: MONDAY } })
    await tenant.settle()
    await tenant.put(consent({ status: 'inactive' }))
    await tenant.settle()
    expect(await taskOf(tenant)).toMatchObject({
      status: 'on-hold',
      statusReason: { coding: [{ code: 'consent-withdrawn' }] },
    })
    expect(await stepsOf(tenant)).toMatchObject({ 'obtain-consent': 'ready' })
    await tenant.put(consent())
    await tenant.settle()
    expect((await taskOf(tenant)).status).toBe('in-progress')
    expect(await stepsOf(tenant)).toMatchObject({ 'obtain-consent': 'completed' })
    await tenant.put(consent({ status: 'inactive' }))
    await tenant.settle()
    expect(await stepsOf(tenant)).toMatchObject({ 'obtain-consent': 'ready' })
  })

  test('a draft of a person is not sent by a consent', async () => {
    const tenant = await outside([], { status: 'draft' })
    await tenant.settle()
    await tenant.put(consent())
    await tenant.settle()
    expect((await taskOf(tenant)).status).toBe('draft')
    expect(await stepsOf(tenant)).toEqual({})
  })

  test('that is the next candidate is not told of the client before there is a consent', async () => {
    const kitchen = { ...organization('kitchen', true), id: 'kitchen' }
    const performer = [{ reference: 'Organization/pantry' }, { reference: 'Organization/kitchen' }]
    const tenant = await tenantWith([organization('pantry'), kitchen, request({ performer }), referral()])
    await tenant.settle()
    await tenant.change<Task>('Task/ask', { status: 'rejected', statusReason: atCapacity })
    await tenant.settle()
    const next = (await tenant.all<Task>('Task', 'owner=Organization/kitchen'))[0]!
    expect(next).toMatchObject({ status: 'draft', meta: { versionId: '1' } })
    expect(await stepsOf(tenant, `Task/${next.id}`)).toEqual({ 'obtain-consent': 'ready' })
  })
})

test('a request that is revoked: nobody is kept after any more, and nobody else is asked', async () => {
  const tenant = await tenantWith([service('kitchen'), request(), referral()])
  await tenant.settle()
  await tenant.change<Task>('Task/ask', { status: 'in-progress' })
  await tenant.settle()
  await tenant.change<ServiceRequest>('ServiceRequest/food', { status: 'revoked' })
  await tenant.settle()
  expect((await taskOf(tenant)).status).toBe('in-progress')
  expect(await stepsOf(tenant)).toMatchObject({ 'referral-outcome': 'cancelled' })
  await tenant.change<Task>('Task/ask', { status: 'rejected', statusReason: atCapacity })
  await tenant.settle()
  expect(await tenant.all<Task>('Task', 'code=fulfill')).toHaveLength(1)
})
