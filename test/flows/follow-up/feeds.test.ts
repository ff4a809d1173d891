import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { CommunicationRequest, Provenance, Task } from 'fhir/r4'
import { refOf } from '../../../lib/follow-up/feeds/notification.ts'
import { calendarOf } from '../../../lib/pathways/calendar.ts'
import { defaultLadder } from '../../../lib/pathways/ladder.ts'
import { taskClock, withClock } from '../../../lib/pathways/task-clock.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { type Bus, badly, reliably } from '../bus.ts'
import { type DeliveredEvent, SimulatedTenant } from '../simulated-tenant.ts'

const TIME_ZONE = 'America/Chicago'
const WEBHOOK = { format: 'slack' as const, url: 'https://hooks.slack.com/services/T/B/secret' }
const CREATED = '2026-11-20T20:05:00.000Z'
/** Half of the time, and then the end of it. */
const REMINDER = '2026-11-23T18:00:00.000Z'
const OVERDUE = '2026-11-25T06:00:00.000Z'

const call = (others: Partial<Task> = {}): Task => {
  const task: Task = {
    resourceType: 'Task',
    id: 'call-amelia-brandt',
    status: 'ready',
    intent: 'order',
    description: 'Call Amelia Brandt',
    for: { reference: 'Patient/amelia', display: 'Amelia Brandt' },
    owner: { reference: 'Practitioner/nora' },
    restriction: { period: { start: '2026-11-20T14:00:00-06:00', end: '2026-11-24T23:59:59-06:00' } },
    ...others,
  }
  const calendar = calendarOf({ ...defaultSettings, timeZone: TIME_ZONE })
  return withClock(task, taskClock({ task, ladder: defaultLadder, calendar, timeZone: TIME_ZONE }))
}

interface Post {
  key: string
  text: string
}
let posts: Post[] = []
let answer: () => Response
beforeEach(() => {
  posts = []
  answer = () => new Response('ok')
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, request) => {
    const headers = request!.headers as Record<string, string>
    posts.push({ key: headers['Idempotency-Key']!, text: (JSON.parse(request!.body as string) as Post).text })
    return answer()
  })
})
afterEach(() => {
  jest.restoreAllMocks()
})

const tenantWith = async (task: object, feeds: object | undefined = { webhook: WEBHOOK }): Promise<SimulatedTenant> => {
  const tenant = new SimulatedTenant(CREATED, { ...(feeds && { feeds }) })
  await tenant.put(task)
  await tenant.settle()
  return tenant
}
const requests = (tenant: SimulatedTenant) => tenant.all<CommunicationRequest>('CommunicationRequest')
const records = async (tenant: SimulatedTenant) =>
  (await tenant.all<Provenance>('Provenance')).filter(({ reason }) => reason?.[0]?.coding?.[0]?.code === 'notified')

/** One text to each thing that was told, whatever it took. */
const told = () => [...new Map(posts.map(({ key, text }) => [key, text])).values()].sort()
const ref = refOf('call-amelia-brandt')

describe('the chat tool', () => {
  test('hears of a reminder, which is then done with, on record', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(REMINDER)
    expect(posts.map(({ text }) => text)).toEqual([`Task ${ref} waits to be done: due Tue 24 Nov, 23:59.`])
    const [request] = await requests(tenant)
    expect(request).toMatchObject({ status: 'completed', occurrenceDateTime: REMINDER })
    const [record] = await records(tenant)
    expect(record!.target).toEqual([{ reference: `CommunicationRequest/${request!.id}` }])
    expect(record!.entity![0]!.what.reference).toBe(`CommunicationRequest/${request!.id}/_history/1`)
  })

  test('hears of everything, once, in words that say nothing, whatever the bus does', async () => {
    const outcome = async (bus: Bus) => {
      posts = []
      const tenant = await tenantWith(call())
      for (const now of [REMINDER, '2026-11-24T19:00:00.000Z', OVERDUE, '2026-11-28T06:00:00.000Z']) {
        tenant.now = now
        await tenant.tick(bus(tenant))
      }
      const notified = await records(tenant)
      return {
        told: told(),
        requests: (await requests(tenant)).map(({ id, status, meta }) => [id, status, meta?.versionId]).sort(),
        records: notified.map(({ id, target }) => [id, target[0]!.reference]).sort(),
      }
    }
    const expected = await outcome(reliably)
    expect(expected.told).toHaveLength(4)
    expect(posts).toHaveLength(4)
    expect(posts.map(({ text }) => text).join()).not.toMatch(/amelia|brandt|call|nora/i)
    for (const seed of [1, 2, 3, 4, 5, 6]) expect(await outcome(badly(seed))).toEqual(expected)
  })

  test('that does not answer is told later; nothing is lost, and nothing is said to be done', async () => {
    const tenant = await tenantWith(call())
    answer = () => new Response('', { status: 404 })
    await expect(tenant.advanceTo(REMINDER)).rejects.toThrow(/WebhookFailed/)
    expect((await requests(tenant))[0]!.status).toBe('active')
    answer = () => new Response('ok')
    await tenant.settle(async () => undefined)
    const again = tenant.archive.filter(({ 'detail-type': name }) => name === 'notification-requested')
    for (const event of again) await tenant.deliver(event)
    expect((await requests(tenant))[0]!.status).toBe('completed')
    expect(new Set(posts.map(({ key }) => key)).size).toBe(1)
    expect(tenant.log.join()).not.toContain('secret')
  })

  test.each([
    ['a tenant without one', call(), null],
    [
      'what is labelled',
      call({ meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] } }),
      { webhook: WEBHOOK },
    ],
  ])('hears nothing of %s', async (_name, task, feeds) => {
    const tenant = await tenantWith(task, feeds ?? {})
    await tenant.advanceTo(REMINDER)
    await tenant.advanceTo(OVERDUE)
    expect(posts).toEqual([])
    expect(await records(tenant)).toEqual([])
  })

  test('hears of nothing again when events come back', async () => {
    const tenant = await tenantWith(call())
    await tenant.advanceTo(REMINDER)
    await tenant.advanceTo(OVERDUE)
    const before = posts.length
    expect(before).toBeGreaterThan(1)
    for (const event of tenant.archive) await tenant.deliver(event)
    expect(posts).toHaveLength(before)
  })

  test('hears nothing of work that is done by then', async () => {
    const tenant = await tenantWith(call())
    tenant.now = REMINDER
    const named = (wanted: boolean) => (event: DeliveredEvent) =>
      (event['detail-type'] === 'notification-requested') === wanted
    await tenant.tick(async (events) => {
      for (const event of events.filter(named(false))) await tenant.deliver(event)
      const told = events.filter(named(true))
      if (told.length) await tenant.change<Task>('Task/call-amelia-brandt', { status: 'completed' })
      for (const event of told) await tenant.deliver(event)
    })
    expect((await tenant.read<Task>('Task/call-amelia-brandt')).status).toBe('completed')
    expect(posts).toEqual([])
  })

  test('is not posted to at an address that is not allowed', async () => {
    const tenant = await tenantWith(call(), { webhook: { ...WEBHOOK, url: 'https://elsewhere.example.org/' } })
    await expect(tenant.advanceTo(REMINDER)).rejects.toThrow(/UnfitAddress/)
    expect(posts).toEqual([])
  })
})
