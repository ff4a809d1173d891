import { beforeEach, describe, expect, test } from '@jest/globals'
import type { OperationOutcome, Task } from 'fhir/r4'
import { parseJson } from '../../lib/json.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

describe('read', () => {
  test('gives the current version, its ETag and its date', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.put('/Task/1', exampleTask({ id: '1', status: 'accepted' }))
    const { status, headers, body } = await api.get<Task>('/Task/1')
    expect(status).toBe(200)
    expect(headers).toMatchObject({ etag: 'W/"2"', 'content-type': 'application/fhir+json; charset=utf-8' })
    expect(body).toMatchObject({ resourceType: 'Task', id: '1', status: 'accepted', meta: { versionId: '2' } })
    expect(headers['last-modified']).toBe(new Date(body.meta!.lastUpdated!).toUTCString())
  })

  test('an id that was never used is 404', async () => {
    const { status, body } = await api.get<OperationOutcome>('/Task/1')
    expect(status).toBe(404)
    expect(body.issue[0]).toMatchObject({ severity: 'error', code: 'not-found' })
  })

  test('what was deleted is 410, with the ETag of the tombstone', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.delete('/Task/1')
    const { status, headers, body } = await api.get<OperationOutcome>('/Task/1')
    expect(status).toBe(410)
    expect(headers.etag).toBe('W/"2"')
    expect(body.issue[0]!.code).toBe('deleted')
  })

  test('decimals come back as precise as they were sent', async () => {
    const text =
      '{"resourceType":"Task","id":"1","status":"requested","intent":"order","input":[{"type":{"text":"x"},"valueDecimal":1.50}]}'
    await api.put('/Task/1', parseJson(text))
    expect((await api.get('/Task/1')).text).toContain('"valueDecimal":1.50')
  })

  test.each([
    ['If-None-Match', 'W/"1"', 304],
    ['If-None-Match', 'W/"7", W/"1"', 304],
    ['If-None-Match', '*', 304],
    ['If-None-Match', 'W/"2"', 200],
    ['If-None-Match', 'what', 400],
    ['If-Modified-Since', 'Tue, 01 Jan 2030 00:00:00 GMT', 304],
    ['If-Modified-Since', 'Tue, 01 Jan 2019 00:00:00 GMT', 200],
    ['If-Modified-Since', 'yesterday', 200],
  ])('%s: %s gives %i', async (name, value, expected) => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const { status, headers, text } = await api.get('/Task/1', { [name]: value })
    expect(status).toBe(expected)
    if (expected === 304) {
      expect(text).toBe('')
      expect(headers.etag).toBe('W/"1"')
    }
  })

  test('the date a client was given counts as known', async () => {
    const { headers } = await api.put('/Task/1', exampleTask({ id: '1' }))
    const { status } = await api.get('/Task/1', { 'If-Modified-Since': headers['last-modified']! })
    expect(status).toBe(304)
  })

  test.each(['/Task/1', '/Task/1/_history/1'])('%s shows the part that is asked for', async (url) => {
    const task = exampleTask({ id: '1', priority: 'stat', note: [{ text: 'called' }] })
    await api.put('/Task/1', task)
    const meta = { tag: [{ code: 'SUBSETTED' }] }
    const { resourceType, id, status, intent } = task
    const elements = (await api.get(`${url}?_elements=priority`)).body
    expect(elements).toMatchObject({ resourceType, id, status, intent, priority: 'stat', meta })
    expect(elements).not.toHaveProperty('note')
    expect((await api.get(`${url}?_summary=true`)).body).not.toHaveProperty('note')
    expect((await api.get(`${url}?_summary=some`)).status).toBe(400)
  })

  test('HEAD gives the headers alone', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const { status, headers, text } = await api.send('HEAD', '/Task/1')
    expect({ status, etag: headers.etag, text }).toEqual({ status: 200, etag: 'W/"1"', text: '' })
  })
})

describe('vread', () => {
  beforeEach(async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.put('/Task/1', exampleTask({ id: '1', status: 'accepted' }))
    await api.delete('/Task/1')
  })

  test.each([
    ['1', 'requested'],
    ['2', 'accepted'],
  ])('version %s as it was', async (version, expected) => {
    const { status, headers, body } = await api.get<Task>(`/Task/1/_history/${version}`)
    expect(status).toBe(200)
    expect(headers.etag).toBe(`W/"${version}"`)
    expect(body).toMatchObject({ status: expected, meta: { versionId: version } })
  })

  test('a tombstone is 410', async () => {
    expect((await api.get('/Task/1/_history/3')).status).toBe(410)
  })

  test.each(['4', '0', '01', 'x', '99999999999'])('version %s was never there: 404', async (version) => {
    expect((await api.get(`/Task/1/_history/${version}`)).status).toBe(404)
  })
})
