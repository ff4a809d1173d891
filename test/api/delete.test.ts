import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
  await api.put('/Task/1', exampleTask({ id: '1' }))
})

describe('delete', () => {
  test('leaves a tombstone that the history shows', async () => {
    const { status, headers, text } = await api.delete('/Task/1')
    expect({ status, etag: headers.etag, text }).toEqual({ status: 204, etag: 'W/"2"', text: '' })
    expect((await api.get('/Task/1')).status).toBe(410)
    const { body } = await api.get<Bundle>('/Task/1/_history')
    expect(body.entry!.map(({ request }) => request!.method)).toEqual(['DELETE', 'PUT'])
  })

  test('again, or of what never was, changes nothing', async () => {
    await api.delete('/Task/1')
    expect((await api.delete('/Task/1')).headers.etag).toBe('W/"2"')
    expect((await api.delete('/Task/2')).status).toBe(204)
    expect((await api.get('/Task/2')).status).toBe(404)
  })

  test.each([
    ['W/"1"', 204],
    ['W/"2"', 412],
    ['nonsense', 400],
  ])('If-Match: %s on version 1 gives %i', async (value, expected) => {
    expect((await api.delete('/Task/1', { 'If-Match': value })).status).toBe(expected)
    expect((await api.get('/Task/1')).status).toBe(expected === 204 ? 410 : 200)
  })

  test('says so to who wants an OperationOutcome, in a Bundle too', async () => {
    const headers = { Prefer: 'return=OperationOutcome' }
    const { status, body } = await api.delete<OperationOutcome>('/Task/1', headers)
    expect({ status, said: body.issue[0]!.severity }).toEqual({ status: 200, said: 'information' })
    const entry = [{ request: { method: 'DELETE', url: 'Task/1' } }]
    const { body: batch } = await api.post<Bundle>('/', { resourceType: 'Bundle', type: 'batch', entry }, headers)
    expect(batch.entry![0]!.response).toMatchObject({ status: '200 OK', outcome: { resourceType: 'OperationOutcome' } })
  })

  test('takes it out of searches', async () => {
    await api.delete('/Task/1')
    expect((await api.get<Bundle>('/Task?status=requested')).body.entry).toBeUndefined()
  })
})
