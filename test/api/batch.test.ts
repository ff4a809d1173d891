import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask, identifiedBy } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const send = (entry: unknown[], headers?: Record<string, string>) =>
  api.post<Bundle>('/', { resourceType: 'Bundle', type: 'batch', entry }, headers)
const statuses = (bundle: Bundle) => bundle.entry!.map(({ response }) => response!.status.slice(0, 3))

describe('batch', () => {
  test('answers each entry in its place, whatever becomes of the others', async () => {
    await api.put('/Task/old', exampleTask({ id: 'old' }))
    const { status, body } = await send([
      { request: { method: 'GET', url: 'Task/new' } },
      { request: { method: 'PUT', url: 'Task/new' }, resource: exampleTask({ id: 'new' }) },
      { request: { method: 'POST', url: 'Task' }, resource: exampleTask({ status: 7 }) },
      { request: { method: 'DELETE', url: '/Task/old' } },
      { request: { method: 'GET', url: 'https://api.test/fhir/Task/old' } },
      { request: { method: 'GET', url: 'Spaceship/1' } },
      {
        request: { method: 'POST', url: 'Task', ifNoneExist: 'identifier=1' },
        resource: exampleTask(identifiedBy('1')),
      },
      { request: { method: 'PUT', url: 'Task/new2', ifMatch: 'W/"3"' }, resource: exampleTask({ id: 'new2' }) },
      { request: { method: 'GET', url: 'Task/new', ifNoneMatch: 'W/"1"' } },
      {},
      null,
      { request: { method: 'POST', url: '/' }, resource: { resourceType: 'Bundle', type: 'batch' } },
      { request: { method: 'GET', url: 'Task?unheard=1' } },
      { request: { method: 'GET', url: 'metadata' } },
    ])
    expect(status).toBe(200)
    expect(body.type).toBe('batch-response')
    expect(statuses(body)).toEqual([
      ...['200', '201', '422', '204', '410', '404', '201', '412', '304', '400', '400', '400', '400', '200'],
    ])
    const invalid = body.entry![2]!.response!.outcome as OperationOutcome
    expect(invalid.issue[0]!.expression).toEqual(['Task.status'])
    const unreadable = body.entry![9]!.response!.outcome as OperationOutcome
    expect(unreadable.issue[0]!.expression).toEqual(['Bundle.entry[9].request'])
    expect(body.entry![0]!.fullUrl).toBe('https://api.test/fhir/Task/new')
  })

  test('several creates on the same criteria make one resource', async () => {
    const entry = {
      request: { method: 'POST', url: 'Task', ifNoneExist: 'identifier=1' },
      resource: exampleTask(identifiedBy('1')),
    }
    const { body } = await send(Array(5).fill(entry))
    expect(statuses(body).sort()).toEqual(['200', '200', '200', '200', '201'])
  })

  test('takes more entries than a transaction', async () => {
    const { body } = await send(
      Array.from({ length: 250 }, () => ({ request: { method: 'POST', url: 'Task' }, resource: exampleTask() })),
    )
    expect(new Set(statuses(body))).toEqual(new Set(['201']))
  })

  test('of more than 5,000 entries is refused', async () => {
    const { status, body } = await api.post<OperationOutcome>('/', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: Array(5_001).fill({ request: { method: 'GET', url: 'Task/1' } }),
    })
    expect(status).toBe(413)
    expect(body.issue[0]!.diagnostics).toContain('5001')
  })

  test('an entry that fails for a reason nobody expected is 500, and its name is logged', async () => {
    api.careloop.store.read = async () => {
      throw new RangeError('about Jane Doe')
    }
    const { status, text, body } = await send([{ request: { method: 'GET', url: 'Task/1' } }])
    expect(status).toBe(200)
    expect(statuses(body)).toEqual(['500'])
    expect(text).not.toContain('Jane')
    expect(api.log).toEqual([expect.objectContaining({ interaction: 'batch', status: 200, errors: ['RangeError'] })])
  })
})
