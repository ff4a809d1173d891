import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Task } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask, expressionsOf } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const task = (elements = {}) => exampleTask({ id: '1', ...elements })

describe('update', () => {
  test('creates on an unknown id', async () => {
    const { status, headers, body } = await api.put<Task>('/Task/1', task())
    expect(status).toBe(201)
    expect(headers).toMatchObject({ etag: 'W/"1"', location: `${TEST_BASE}/Task/1/_history/1` })
    expect(body).toMatchObject({ id: '1', meta: { versionId: '1' } })
  })

  test('makes the next version', async () => {
    await api.put('/Task/1', task())
    const { status, headers, body } = await api.put<Task>('/Task/1', task({ status: 'accepted' }))
    expect(status).toBe(200)
    expect(headers.location).toBeUndefined()
    expect(headers.etag).toBe('W/"2"')
    expect(body).toMatchObject({ status: 'accepted', meta: { versionId: '2' } })
  })

  test('identical content makes no version, in whatever order and with whatever meta of ours', async () => {
    const first = await api.put<Task>('/Task/1', task({ description: 'x' }))
    const again = { description: 'x', intent: 'order', id: '1', status: 'requested', resourceType: 'Task' }
    const second = await api.put<Task>('/Task/1', { ...again, meta: first.body.meta })
    expect(second.status).toBe(200)
    expect(second.headers.etag).toBe('W/"1"')
    expect(second.body).toEqual(first.body)
    expect((await api.get<Bundle>('/Task/1/_history')).body.entry).toHaveLength(1)
  })

  test('brings back what was deleted as the next version', async () => {
    await api.put('/Task/1', task())
    await api.delete('/Task/1')
    const { status, headers } = await api.put('/Task/1', task())
    expect(status).toBe(201)
    expect(headers.etag).toBe('W/"3"')
    expect((await api.get('/Task/1')).status).toBe(200)
  })

  test.each([
    ['another', { id: '2' }],
    ['no', { id: undefined }],
  ])('a body with %s id is 400', async (_which, elements) => {
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task(elements))
    expect(status).toBe(400)
    expect(expressionsOf(body)).toEqual(['Task.id'])
  })

  test('a body of another type is 400', async () => {
    expect((await api.put('/Goal/1', task())).status).toBe(400)
  })

  test('content that is not valid is 422', async () => {
    const { status, body } = await api.put<OperationOutcome>('/Task/1', task({ intent: 7 }))
    expect(status).toBe(422)
    expect(expressionsOf(body)).toContain('Task.intent')
    expect((await api.get('/Task/1')).status).toBe(404)
  })

  test.each(['a_b', 'x'.repeat(65), 'a%20b'])('the id %s is 400', async (id) => {
    expect((await api.put(`/Task/${id}`, task({ id: decodeURIComponent(id) }))).status).toBe(400)
  })

  test.each([
    ['If-Match', 'W/"2"', 200],
    ['If-Match', '"2"', 200],
    ['If-Match', 'W/"7", W/"2"', 200],
    ['If-Match', '*', 200],
    ['If-Match', 'W/"1"', 412],
    ['If-Match', 'W/"x"', 412],
    ['If-Match', '2', 400],
    ['If-Match', '', 400],
    ['If-None-Match', '*', 412],
    ['If-None-Match', 'W/"1"', 400],
  ])('%s: %s on version 2 gives %i', async (name, value, expected) => {
    await api.put('/Task/1', task())
    await api.put('/Task/1', task({ status: 'received' }))
    const { status, headers } = await api.put('/Task/1', task({ status: 'accepted' }), { [name]: value })
    expect(status).toBe(expected)
    if (expected === 412) expect(headers.etag).toBe('W/"2"')
    expect((await api.get<Task>('/Task/1')).body.status).toBe(expected === 200 ? 'accepted' : 'received')
  })

  test.each([
    ['If-Match', 'W/"1"', 412],
    ['If-Match', '*', 412],
    ['If-None-Match', '*', 201],
  ])('%s: %s where there is nothing gives %i', async (name, value, expected) => {
    expect((await api.put('/Task/1', task(), { [name]: value })).status).toBe(expected)
  })

  test('a stale writer is told so even when it says nothing new', async () => {
    await api.put('/Task/1', task())
    await api.put('/Task/1', task({ status: 'received' }))
    expect((await api.put('/Task/1', task({ status: 'received' }), { 'If-Match': 'W/"1"' })).status).toBe(412)
  })

  test('the ETag of a tombstone allows to bring back exactly what was deleted', async () => {
    await api.put('/Task/1', task())
    await api.delete('/Task/1')
    expect((await api.put('/Task/1', task(), { 'If-Match': '*' })).status).toBe(412)
    expect((await api.put('/Task/1', task(), { 'If-Match': 'W/"2"' })).status).toBe(201)
  })

  test('does not let a part of a resource replace the whole', async () => {
    await api.put('/Task/1', task({ description: 'x' }))
    const { body: part } = await api.get<Task>('/Task/1?_elements=status')
    const { status, body } = await api.put<OperationOutcome>('/Task/1', { ...part, status: 'accepted' })
    expect(status).toBe(422)
    expect(expressionsOf(body)).toEqual(['Task.meta.tag'])
    expect((await api.get<Task>('/Task/1')).body).toMatchObject({ description: 'x', meta: { versionId: '1' } })
  })

  test('takes a resource that never had more than a part', async () => {
    const tag = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }]
    expect((await api.put('/Task/1', task({ meta: { tag } }))).status).toBe(201)
    expect((await api.put('/Task/1', task({ meta: { tag }, status: 'accepted' }))).status).toBe(200)
  })

  test('of many at once without conditions all succeed, one version each', async () => {
    await api.put('/Task/1', task())
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => api.put('/Task/1', task({ description: `writer ${index}` }))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.map(({ headers }) => headers.etag).sort()).toEqual(['W/"2"', 'W/"3"', 'W/"4"', 'W/"5"', 'W/"6"'])
  })

  test('of many at once with the same If-Match one succeeds', async () => {
    await api.put('/Task/1', task())
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        api.put('/Task/1', task({ description: `writer ${index}` }), { 'If-Match': 'W/"1"' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9)
  })
})
