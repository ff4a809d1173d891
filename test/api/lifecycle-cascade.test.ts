import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, CarePlan, OperationOutcome, Provenance, ServiceRequest, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { callingAs } from '../support/caller.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const REASON = 'https://careloop.dev/fhir/CodeSystem/automation-reason'
const TASK_CODE = 'http://hl7.org/fhir/CodeSystem/task-code'
const subject = { reference: 'Patient/1' }
const parties = { requester: { reference: 'Practitioner/placer' }, owner: { reference: 'Organization/food-bank' } }
const fulfill = { code: { coding: [{ system: TASK_CODE, code: 'fulfill' }] } }

const put = async (resource: { resourceType: string; id?: string }) => {
  const { status } = await api.put(`/${resource.resourceType}/${resource.id}`, resource)
  expect([200, 201]).toContain(status)
}
const task = (id: string, status: string, elements: Record<string, unknown> = {}) =>
  exampleTask({ id, status, for: subject, ...parties, ...elements })
const request = (elements: Record<string, unknown> = {}) => ({
  resourceType: 'ServiceRequest',
  id: 'food',
  status: 'active',
  intent: 'order',
  subject,
  ...elements,
})
const plan = (status: string, activities: readonly string[], elements: Record<string, unknown> = {}) => ({
  resourceType: 'CarePlan',
  id: 'plan',
  status,
  intent: 'plan',
  subject,
  ...(activities.length && { activity: activities.map((reference) => ({ reference: { reference } })) }),
  ...elements,
})
const taskAt = async (id: string) => (await api.get<Task>(`/Task/${id}`)).body
const statusOf = async (reference: string) => (await api.get<{ status: string }>(`/${reference}`)).body.status
const resourcesAt = async <T>(url: string) =>
  ((await api.get<Bundle>(url)).body.entry ?? []).map(({ resource }) => resource as T)
const abortsOf = (id: string) => resourcesAt<Task>(`/Task?focus=Task/${id}&code=${TASK_CODE}|abort`)
const witnessOf = async (target: string) => (await resourcesAt<Provenance>(`/Provenance?target=${target}`))[0]
const codeOf = (concept: Task['statusReason']) => concept?.coding?.[0]

describe('a ServiceRequest that is revoked', () => {
  test('cancels Tasks not begun; asks for the others to be stopped, and leaves them', async () => {
    await put(request())
    const forIt = { focus: { reference: 'ServiceRequest/food' }, ...fulfill }
    for (const status of ['draft', 'requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold', 'completed'])
      await put(task(status, status, forIt))
    await put(task('based', 'ready', { basedOn: [{ reference: 'ServiceRequest/food' }] }))
    await put(task('other', 'ready'))

    expect((await api.put('/ServiceRequest/food', request({ status: 'revoked' }))).status).toBe(200)

    for (const id of ['draft', 'requested', 'received', 'accepted', 'ready', 'based']) {
      const { status, statusReason, executionPeriod } = await taskAt(id)
      expect([id, status, codeOf(statusReason)]).toEqual([id, 'cancelled', { system: REASON, code: 'request-revoked' }])
      expect(statusReason!.text).toBeTruthy()
      expect(executionPeriod!.end).toBeTruthy()
    }
    for (const id of ['in-progress', 'on-hold']) {
      expect((await taskAt(id)).meta!.versionId).toBe('1')
      const [abort, ...more] = await abortsOf(id)
      expect(more).toEqual([])
      expect(abort).toMatchObject({ status: 'requested', intent: 'order', for: subject, ...parties })
      expect(abort!.focus).toEqual({ reference: `Task/${id}` })
    }
    expect(await Promise.all(['other', 'completed'].map((id) => statusOf(`Task/${id}`)))).toEqual([
      'ready',
      'completed',
    ])
    const witness = await witnessOf('Task/draft')
    expect(witness!.entity![0]!.what.reference).toBe('ServiceRequest/food/_history/2')
    expect(codeOf(witness!.reason![0])).toEqual({ system: REASON, code: 'request-revoked' })
    expect(witness!.target).toHaveLength(8)
    expect(witness!.agent[0]!.who.identifier!.value).toBe('careloop')
  })

  test('by whoever may: the target answers by its own Task', async () => {
    await put(request())
    await put(task('1', 'in-progress', { focus: { reference: 'ServiceRequest/food' } }))
    await callingAs(api, 'Practitioner/placer')('PATCH', '/ServiceRequest/food', [
      { op: 'replace', path: '/status', value: 'revoked' },
    ])
    const [abort] = await abortsOf('1')
    const target = callingAs(api, 'Organization/food-bank')
    expect((await target('PUT', `/Task/${abort!.id}`, { ...abort, status: 'accepted' })).status).toBe(200)
    const stopped = task('1', 'cancelled', {
      focus: { reference: 'ServiceRequest/food' },
      statusReason: { text: 'stopped' },
    })
    expect((await target('PUT', '/Task/1', stopped)).status).toBe(200)
  })

  test('is all or nothing with the transaction it comes in, and leaves alone what that writes itself', async () => {
    await put(request())
    await put(task('1', 'ready', { focus: { reference: 'ServiceRequest/food' } }))
    await put(task('2', 'ready', { focus: { reference: 'ServiceRequest/food' } }))
    await put(task('3', 'completed'))
    const entry = (resource: { resourceType: string; id?: string }) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })
    const transact = (...entries: unknown[]) =>
      api.post('/', { resourceType: 'Bundle', type: 'transaction', entry: entries })
    const revoked = entry(request({ status: 'revoked' }))
    expect((await transact(revoked, entry(task('3', 'ready')))).status).toBe(422)
    expect(await statusOf('Task/1')).toBe('ready')
    expect((await transact(revoked, entry(task('2', 'completed')))).status).toBe(200)
    expect(await Promise.all(['1', '2'].map((id) => statusOf(`Task/${id}`)))).toEqual(['cancelled', 'completed'])
  })

  test('takes more than a hundred Tasks along', async () => {
    await put(request())
    const ids = Array.from({ length: 120 }, (_, index) => `many-${index}`)
    for (const id of ids) await put(task(id, 'ready', { focus: { reference: 'ServiceRequest/food' } }))
    expect((await api.put('/ServiceRequest/food', request({ status: 'revoked' }))).status).toBe(200)
    const statuses = await Promise.all(ids.map((id) => statusOf(`Task/${id}`)))
    expect(new Set(statuses)).toEqual(new Set(['cancelled']))
  })
})

describe('a CarePlan on hold', () => {
  const LISTED = ['Task/ready', 'Task/doing', 'Task/waiting', 'Task/done', 'Task/asked']
  beforeEach(async () => {
    await put(plan('active', LISTED))
    await put(task('ready', 'ready'))
    await put(task('doing', 'accepted'))
    await put(task('doing', 'in-progress'))
    await put(task('asked', 'requested'))
    await put(task('waiting', 'on-hold', { statusReason: { text: 'no transport' } }))
    await put(task('done', 'completed'))
    await put(task('based', 'ready', { basedOn: [{ reference: 'CarePlan/plan' }] }))
    await put(task('other', 'ready'))
  })
  const statuses = () => Promise.all([...LISTED, 'Task/based', 'Task/other'].map(statusOf))

  test('holds its open Tasks, and gives them back as they were', async () => {
    await put(plan('on-hold', LISTED))
    expect(await statuses()).toEqual(['on-hold', 'on-hold', 'on-hold', 'completed', 'on-hold', 'on-hold', 'ready'])
    const held = await taskAt('doing')
    expect(codeOf(held.statusReason)).toEqual({ system: REASON, code: 'plan-on-hold' })
    expect(codeOf((await taskAt('waiting')).statusReason)).toBeUndefined()
    expect(codeOf((await witnessOf('Task/doing'))!.reason![0])!.code).toBe('plan-on-hold')
    // Somebody goes on nevertheless; somebody else writes a note.
    await put({ ...(await taskAt('asked')), status: 'accepted' } as never)
    await put({ ...held, description: 'x' } as never)

    await put(plan('active', LISTED))
    expect(await statuses()).toEqual(['ready', 'in-progress', 'on-hold', 'completed', 'accepted', 'ready', 'ready'])
    expect((await taskAt('doing')).statusReason).toBeUndefined()
    expect((await taskAt('doing')).executionPeriod!.start).toBeTruthy()
    expect(await resourcesAt('/Provenance?target=Task/doing')).toHaveLength(2)
  })

  test('may end from there', async () => {
    await put(plan('on-hold', LISTED))
    expect((await api.put('/CarePlan/plan?cascade=close', plan('revoked', LISTED))).status).toBe(200)
    expect(await statuses()).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'completed',
      'cancelled',
      'cancelled',
      'ready',
    ])
  })
})

describe('a CarePlan that ends', () => {
  const LISTED = ['Task/own', 'Task/referral', 'ServiceRequest/food', 'Task/done']
  const goal = { goal: [{ reference: 'Goal/walk' }, { reference: 'Goal/met' }] }
  const ended = (status = 'completed', elements = {}) => plan(status, LISTED, { ...goal, ...elements })
  const close = (body: unknown) => api.put<OperationOutcome>('/CarePlan/plan?cascade=close', body)
  beforeEach(async () => {
    await put(ended('active'))
    await put(request())
    await put(task('own', 'in-progress'))
    await put(task('referral', 'in-progress', { ...fulfill, focus: { reference: 'ServiceRequest/food' } }))
    await put(task('asked', 'requested', { ...fulfill, focus: { reference: 'ServiceRequest/food' } }))
    await put(task('done', 'completed'))
    const walk = { resourceType: 'Goal', description: { text: 'walk' }, subject }
    await put({ ...walk, id: 'walk', lifecycleStatus: 'active' } as never)
    await put({ ...walk, id: 'met', lifecycleStatus: 'completed' } as never)
  })

  test.each(['completed', 'revoked'])('cannot become %s with open activities: the 409 lists them', async (status) => {
    const answer = await api.put<OperationOutcome>('/CarePlan/plan', ended(status))
    expect(answer.status).toBe(409)
    expect(answer.body.issue.map(({ diagnostics, expression }) => [diagnostics, expression![0]])).toEqual([
      [expect.stringContaining('cascade=close'), 'CarePlan.status'],
      ['Task/own is in-progress.', 'CarePlan.activity[0].reference'],
      ['Task/referral is in-progress.', 'CarePlan.activity[1].reference'],
      ['ServiceRequest/food is active.', 'CarePlan.activity[2].reference'],
    ])
    expect(await statusOf('CarePlan/plan')).toBe('active')
    // Nor by leaving them out of it.
    expect((await api.put('/CarePlan/plan', plan(status, []))).status).toBe(409)
    expect(
      (await api.send('PATCH', '/CarePlan/plan', [{ op: 'replace', path: '/status', value: status }])).status,
    ).toBe(409)
  })

  test('ends when nothing is open', async () => {
    await put(task('own', 'completed'))
    await put(task('referral', 'completed', { ...fulfill, focus: { reference: 'ServiceRequest/food' } }))
    await put(request({ status: 'completed' }))
    expect((await api.put('/CarePlan/plan', ended())).status).toBe(200)
    expect(await resourcesAt('/Provenance')).toEqual([])
  })

  test('with cascade=close cancels its Tasks, revokes its requests, asks others to stop and for what becomes of its Goals', async () => {
    expect((await close(ended('completed', { activity: undefined }))).status).toBe(200)
    expect(codeOf((await taskAt('own')).statusReason)).toEqual({ system: REASON, code: 'plan-closed' })
    const of = ['Task/own', 'Task/referral', 'Task/asked', 'Task/done', 'ServiceRequest/food', 'CarePlan/plan']
    expect(await Promise.all(of.map(statusOf))).toEqual([
      'cancelled',
      'in-progress',
      'cancelled',
      'completed',
      'revoked',
      'completed',
    ])
    expect(codeOf((await taskAt('asked')).statusReason)!.code).toBe('request-revoked')
    expect(await abortsOf('referral')).toHaveLength(1)
    const [disposition, ...more] = await resourcesAt<Task>('/Task?focus=CarePlan/plan')
    expect(more).toEqual([])
    expect(disposition).toMatchObject({
      status: 'ready',
      owner: { reference: 'CareTeam/care-management-pool' },
      for: subject,
    })
    expect(disposition!.input!.map(({ valueReference }) => valueReference!.reference)).toEqual(['Goal/walk'])
    expect((await api.get('/CareTeam/care-management-pool')).status).toBe(200)
    expect((await api.get<{ lifecycleStatus: string }>('/Goal/walk')).body.lifecycleStatus).toBe('active')
    expect((await witnessOf('ServiceRequest/food'))!.entity![0]!.what.reference).toBe('CarePlan/plan/_history/2')
    expect((await witnessOf('Task/asked'))!.entity![0]!.what.reference).toBe('ServiceRequest/food/_history/2')
  })

  test('leaves a request that another open plan has a part in', async () => {
    await put({ ...plan('active', ['ServiceRequest/food']), id: 'another' })
    await put(task('referral', 'completed', { ...fulfill, focus: { reference: 'ServiceRequest/food' } }))
    expect((await close(ended())).status).toBe(200)
    expect((await api.get<ServiceRequest>('/ServiceRequest/food')).body.status).toBe('active')
    expect(await statusOf('Task/asked')).toBe('requested')
  })

  test('leaves a request that is based on another plan', async () => {
    await put(request({ basedOn: [{ reference: 'CarePlan/plan' }, { reference: 'CarePlan/another' }] }))
    expect((await close(ended())).status).toBe(200)
    expect(await statusOf('ServiceRequest/food')).toBe('active')
  })

  test('asks nobody twice to stop', async () => {
    await api.put('/ServiceRequest/food', request({ status: 'revoked' }))
    expect((await close(ended())).status).toBe(200)
    expect(await abortsOf('referral')).toHaveLength(1)
  })

  test('goes by the author when there is one', async () => {
    const author = { author: { reference: 'Practitioner/nora' } }
    expect((await close(ended('revoked', author))).status).toBe(200)
    const [disposition] = await resourcesAt<Task>('/Task?focus=CarePlan/plan')
    expect(disposition!.owner!.reference).toBe('Practitioner/nora')
    expect((await api.get('/CareTeam/care-management-pool')).status).toBe(404)
  })

  test('in a transaction says so in the URL of its entry', async () => {
    const entry = (url: string) => ({ request: { method: 'PUT', url }, resource: ended() })
    const transact = (url: string) =>
      api.post<OperationOutcome>('/', { resourceType: 'Bundle', type: 'transaction', entry: [entry(url)] })
    const refused = await transact('CarePlan/plan')
    expect(refused.status).toBe(409)
    expect(refused.body.issue[1]!.expression).toEqual(['Bundle.entry[0].resource.activity[0].reference'])
    expect((await transact('CarePlan/plan?cascade=close')).status).toBe(200)
    expect(await statusOf('Task/own')).toBe('cancelled')
  })

  test('a cascade of another name is 400', async () => {
    expect((await api.put('/CarePlan/plan?cascade=all', ended())).status).toBe(400)
  })

  test('a mistake is marked as one without further ado', async () => {
    expect((await api.put<CarePlan>('/CarePlan/plan', ended('entered-in-error'))).status).toBe(200)
    expect(await statusOf('Task/own')).toBe('in-progress')
  })
})

test('a Task on which work begins before the commit is asked to be stopped: all is decided anew', async () => {
  await put(request())
  const asked = { focus: { reference: 'ServiceRequest/food' } }
  await put(task('1', 'ready', asked))
  const { store } = api.careloop
  const write = store.write.bind(store)
  let isFirst = true
  store.write = async (writes) => {
    if (isFirst) {
      isFirst = false
      await put(task('1', 'in-progress', asked))
    }
    return write(writes)
  }
  expect((await api.put('/ServiceRequest/food', request({ status: 'revoked' }))).status).toBe(200)
  expect(await statusOf('Task/1')).toBe('in-progress')
  expect(await abortsOf('1')).toHaveLength(1)
  expect(await resourcesAt('/Provenance')).toHaveLength(1)
})

test('of a plan that ends while one of its Tasks is worked on, one outcome is true for both', async () => {
  await put(plan('active', ['Task/1']))
  await put(task('1', 'ready'))
  const work = () => api.put('/Task/1', task('1', 'completed'), { 'If-Match': 'W/"1"' })
  const [closed, done] = await Promise.all([
    api.put('/CarePlan/plan?cascade=close', plan('completed', ['Task/1'])),
    work(),
  ])
  expect(closed.status).toBe(200)
  expect(await statusOf('Task/1')).toBe(done.status === 200 ? 'completed' : 'cancelled')
})
