import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Task } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask, expressionsOf, identifiedBy } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const URL = '/Task?identifier=urn:test:ids|1'
const task = (elements = {}) => exampleTask({ ...identifiedBy('1'), ...elements })
const transact = (entry: unknown[]) => api.post<Bundle>('/', { resourceType: 'Bundle', type: 'transaction', entry })
const count = async (query = '') => (await api.get<Bundle>(`/Task${query}`)).body.entry?.length ?? 0

describe('conditional update', () => {
  test('creates under an id of ours when nothing matches, and updates that afterwards', async () => {
    const created = await api.put<Task>(URL, task())
    expect(created.status).toBe(201)
    expect(created.headers.location).toBe(`${TEST_BASE}/Task/${created.body.id}/_history/1`)
    const updated = await api.put<Task>(URL, task({ status: 'accepted' }))
    expect({ status: updated.status, id: updated.body.id, etag: updated.headers.etag }).toEqual({
      status: 200,
      id: created.body.id,
      etag: 'W/"2"',
    })
    expect((await api.put(URL, task({ status: 'accepted' }))).headers.etag).toBe('W/"2"')
  })

  test('creates under the id of the body when nothing matches', async () => {
    expect((await api.put<Task>(URL, task({ id: 'mine' }))).body.id).toBe('mine')
    expect((await api.put<Task>(URL, task({ id: 'mine', status: 'accepted' }))).headers.etag).toBe('W/"2"')
  })

  test('with the id of another resource than the one that matches is 400', async () => {
    await api.put(URL, task())
    const { status, body } = await api.put<OperationOutcome>(URL, task({ id: 'other' }))
    expect({ status, expressions: expressionsOf(body) }).toEqual({ status: 400, expressions: ['Task.id'] })
  })

  test('with the id of a resource that does not match is 409 and leaves it alone', async () => {
    await api.put('/Task/mine', exampleTask({ id: 'mine' }))
    expect((await api.put(URL, task({ id: 'mine' }))).status).toBe(409)
    expect((await api.get('/Task/mine')).headers.etag).toBe('W/"1"')
  })

  test('of many is 412, and without criteria 400', async () => {
    await api.post('/Task', task())
    await api.post('/Task', task())
    expect((await api.put(URL, task())).status).toBe(412)
    expect((await api.put('/Task', task())).status).toBe(400)
    expect((await api.put('/Task?_count=3', task())).status).toBe(400)
  })

  test('of 100 at the same time one creates and the others write on top', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => api.put<Task>(URL, task({ description: 'the same' }))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201])
    expect(await count()).toBe(1)
  })

  test('makes another once the one it made no longer matches', async () => {
    const { body } = await api.put<Task>(URL, task())
    await api.put(`/Task/${body.id}`, exampleTask({ id: body.id }))
    expect((await api.put(URL, task())).status).toBe(201)
    expect(await count()).toBe(2)
  })

  test('heeds If-Match', async () => {
    await api.put(URL, task())
    expect((await api.put(URL, task({ status: 'accepted' }), { 'If-Match': 'W/"7"' })).status).toBe(412)
    expect((await api.put(URL, task({ status: 'accepted' }), { 'If-Match': 'W/"1"' })).status).toBe(200)
  })
})

describe('conditional delete', () => {
  test('deletes the one that matches; nothing to delete is fine', async () => {
    await api.put('/Task/1', task({ id: '1' }))
    const { status, headers } = await api.delete(URL)
    expect({ status, etag: headers.etag }).toEqual({ status: 204, etag: 'W/"2"' })
    expect((await api.get('/Task/1')).status).toBe(410)
    expect((await api.delete(URL)).status).toBe(204)
  })

  test('of several needs _count, and deletes all of them or none', async () => {
    for (const id of ['1', '2', '3']) await api.put(`/Task/${id}`, task({ id }))
    expect((await api.delete(URL)).status).toBe(412)
    expect((await api.delete(`${URL}&_count=2`)).status).toBe(412)
    expect(await count()).toBe(3)
    expect((await api.delete(`${URL}&_count=3`)).status).toBe(204)
    expect(await count()).toBe(0)
  })

  test.each([
    '',
    '?_count=5',
    '?identifier=1&_count=0',
    '?identifier=1&_count=101',
    '?identifier=1&_sort=_id',
    '?unheard=1',
  ])('DELETE Task%s is 400', async (query) => {
    await api.put('/Task/1', task({ id: '1' }))
    expect((await api.delete(`/Task${query}`)).status).toBe(400)
    expect(await count()).toBe(1)
  })
})

describe('in a transaction', () => {
  test('conditional update, patch and delete find their resources, and links lead to them', async () => {
    await api.put('/Task/one', task({ id: 'one' }))
    await api.put('/Task/two', exampleTask({ id: 'two', ...identifiedBy('2') }))
    await api.put('/Task/three', exampleTask({ id: 'three', ...identifiedBy('3') }))
    const patch = Buffer.from(JSON.stringify([{ op: 'replace', path: '/status', value: 'accepted' }])).toString(
      'base64',
    )
    const { status, body } = await transact([
      {
        fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        request: { method: 'PUT', url: 'Task?identifier=urn:test:ids|1' },
        resource: task({ description: 'found' }),
      },
      {
        request: { method: 'PATCH', url: 'Task?identifier=2' },
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: patch },
      },
      { request: { method: 'DELETE', url: 'Task?identifier=3' } },
      { request: { method: 'DELETE', url: 'Task?identifier=nothing' } },
      {
        request: { method: 'POST', url: 'Task' },
        resource: exampleTask({ partOf: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000001' }] }),
      },
      { request: { method: 'PUT', url: 'Task?identifier=5' }, resource: exampleTask(identifiedBy('5')) },
    ])
    expect(status).toBe(200)
    expect(body.entry!.map(({ response }) => response!.status.slice(0, 3))).toEqual([
      ...['200', '200', '204', '204', '201', '201'],
    ])
    expect((await api.get<Task>('/Task/one')).body.description).toBe('found')
    expect((await api.get<Task>('/Task/two')).body.status).toBe('accepted')
    expect((await api.get('/Task/three')).status).toBe(410)
    expect(await count('?part-of=Task/one')).toBe(1)
    const { body: history } = await api.get<Bundle>('/Task/two/_history')
    expect(history.entry![0]!.request!.method).toBe('PATCH')
  })

  test('one that is refused leaves nothing and names its entry', async () => {
    await api.post('/Task', task())
    await api.post('/Task', task())
    const create = { request: { method: 'POST', url: 'Task' }, resource: exampleTask() }
    for (const [request, expected] of [
      [{ method: 'PUT', url: 'Task?identifier=1' }, 412],
      [{ method: 'DELETE', url: 'Task?identifier=1' }, 412],
      [{ method: 'PUT', url: 'Task' }, 400],
    ] as const) {
      const { status, body } = await api.post<OperationOutcome>('/', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [create, { request, resource: task() }],
      })
      expect([request, status]).toEqual([request, expected])
      expect(expressionsOf(body)[0]).toMatch(/^Bundle\.entry\[1\]/)
    }
    expect(await count()).toBe(2)
  })

  test('two entries that come to the same resource are refused', async () => {
    await api.put('/Task/one', task({ id: 'one' }))
    const { status } = await transact([
      { request: { method: 'PUT', url: 'Task?identifier=1' }, resource: task({ description: 'a' }) },
      { request: { method: 'PUT', url: 'Task/one' }, resource: task({ id: 'one', description: 'b' }) },
    ])
    expect(status).toBe(400)
  })

  test('of 10 at the same time with one conditional update one creates', async () => {
    const entry = [{ request: { method: 'PUT', url: 'Task?identifier=1' }, resource: task() }]
    const answers = await Promise.all(Array.from({ length: 10 }, () => transact(entry)))
    expect(answers.map(({ body }) => body.entry?.[0]?.response?.status).sort()).toEqual([
      ...Array(9).fill('200 OK'),
      '201 Created',
    ])
    expect(await count()).toBe(1)
  })

  test('a delete by criteria with _count deletes several', async () => {
    for (const id of ['1', '2', '3']) await api.put(`/Task/${id}`, task({ id }))
    const { body } = await transact([{ request: { method: 'DELETE', url: 'Task?identifier=1&_count=10' } }])
    expect(body.entry![0]!.response!.status).toBe('204 No Content')
    expect(await count()).toBe(0)
  })
})

test('in a batch each conditional entry is done by itself', async () => {
  await api.put('/Task/one', task({ id: 'one' }))
  const { body } = await api.post<Bundle>('/', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'PUT', url: 'Task?identifier=1' }, resource: task({ status: 'accepted' }) },
      { request: { method: 'PUT', url: 'Task?identifier=2' }, resource: exampleTask(identifiedBy('2')) },
      { request: { method: 'DELETE', url: 'Task?identifier=3' } },
    ],
  })
  expect(body.entry!.map(({ response }) => response!.status.slice(0, 3))).toEqual(['200', '201', '204'])
})
