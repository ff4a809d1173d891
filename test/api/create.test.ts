import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Task } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask, expressionsOf, identifiedBy } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe('create', () => {
  test('gives the resource an id of ours and tells where it is', async () => {
    const { status, headers, body } = await api.post<Task>(
      '/Task',
      exampleTask({ id: 'theirs', meta: { versionId: '9' } }),
    )
    expect(status).toBe(201)
    expect(body.id).toMatch(UUID_V7)
    expect(headers).toMatchObject({ etag: 'W/"1"', location: `${TEST_BASE}/Task/${body.id}/_history/1` })
    expect(body.meta).toEqual({ versionId: '1', lastUpdated: expect.stringMatching(/^2026-01-05T12:00:\d\d\.000Z$/) })
    expect((await api.get(`/Task/${body.id}`)).body).toEqual(body)
  })

  test.each([
    ['return=minimal', undefined],
    ['return=representation', 'Task'],
    ['return="OperationOutcome"', 'OperationOutcome'],
    ['respond-async, return=minimal', undefined],
    ['return=whatever', 'Task'],
  ])('Prefer: %s', async (prefer, resourceType) => {
    const { status, headers, body } = await api.post<Task | undefined>('/Task', exampleTask(), { Prefer: prefer })
    expect(status).toBe(201)
    expect(headers.location).toBeDefined()
    expect(body?.resourceType).toBe(resourceType)
  })

  test('a body of another type is 400', async () => {
    const { status, body } = await api.post<OperationOutcome>('/Goal', exampleTask())
    expect(status).toBe(400)
    expect(expressionsOf(body)).toEqual(['resourceType'])
  })

  test.each(['[]', '"Task"', 'null', '1'])('the body %s is 400', async (text) => {
    expect((await api.post('/Task', text)).status).toBe(400)
  })

  test('content that is not valid is 422 and says where', async () => {
    const { status, body } = await api.post<OperationOutcome>('/Task', exampleTask({ status: 7, unheard: true }))
    expect(status).toBe(422)
    expect(expressionsOf(body)).toEqual(expect.arrayContaining(['Task.status', 'Task.unheard']))
  })

  test('a key __proto__ does no harm', async () => {
    const text = '{"resourceType":"Task","status":"requested","intent":"order","__proto__":{"polluted":true}}'
    await api.post('/Task', text)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('create if none exist', () => {
  const task = exampleTask(identifiedBy('1'))
  const criteria = { 'If-None-Exist': 'identifier=urn:test:ids|1' }

  test('creates when nothing matches, and then gives what there is', async () => {
    const created = await api.post<Task>('/Task', task, criteria)
    expect(created.status).toBe(201)
    const found = await api.post<Task>('/Task', exampleTask({ ...identifiedBy('1'), status: 'accepted' }), criteria)
    expect(found.status).toBe(200)
    expect(found.headers.location).toBe(created.headers.location)
    expect(found.body).toEqual(created.body)
  })

  test('more than one match is 412', async () => {
    await api.post('/Task', task)
    await api.post('/Task', task)
    const { status, body } = await api.post<OperationOutcome>('/Task', task, criteria)
    expect(status).toBe(412)
    expect(body.issue[0]!.code).toBe('multiple-matches')
  })

  test.each(['', '?', 'identifier='])('the empty criteria %j are 400', async (text) => {
    expect((await api.post('/Task', task, { 'If-None-Exist': text })).status).toBe(400)
  })

  test('criteria that cannot be searched for are 400, however lenient', async () => {
    const headers = { 'If-None-Exist': 'identifier=urn:test:ids|1&unheard=1', Prefer: 'handling=lenient' }
    expect((await api.post('/Task', task, headers)).status).toBe(400)
  })

  test('creates again when what it had created was deleted, or is no longer what it was', async () => {
    const first = await api.post<Task>('/Task', task, criteria)
    await api.delete(`/Task/${first.body.id}`)
    const second = await api.post<Task>('/Task', task, criteria)
    expect(second.status).toBe(201)
    await api.put(`/Task/${second.body.id}`, exampleTask({ id: second.body.id, ...identifiedBy('2') }))
    const third = await api.post<Task>('/Task', task, criteria)
    expect(third.status).toBe(201)
    expect(new Set([first, second, third].map(({ body }) => body.id)).size).toBe(3)
  })

  test('of 50 at the same time one creates and all get the same resource', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post<Task>('/Task', task, criteria)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    const { body } = await api.get<Bundle>('/Task?identifier=urn:test:ids|1')
    expect(body.entry).toHaveLength(1)
  })
})
