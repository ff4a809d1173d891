import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Runtime, type RuntimeOptions, startRuntime } from '../../local/careloop-runtime.ts'
import { recordingLog } from '../support/recorded-logs.ts'
import { functionsDirectory } from './fixtures/functions-directory.ts'
import { rules } from './fixtures/rules.ts'

const START = '2026-11-25T14:00:00.000Z'
const lines: string[] = []
const functions = functionsDirectory()
const options: RuntimeOptions = {
  port: 0,
  inMemory: true,
  open: true,
  clock: START,
  functionsDirectory: functions,
  rules,
  log: recordingLog(lines),
}
afterEach(() => {
  lines.length = 0
})
afterAll(() => rmSync(functions, { recursive: true }))

const call = async (runtime: Runtime, path: string, init?: RequestInit) => {
  const response = await fetch(runtime.baseUrl + path, init)
  const text = await response.text()
  return { response, status: response.status, body: text ? JSON.parse(text) : undefined }
}
const put = (runtime: Runtime, id: string, attributes: Record<string, string> = {}) =>
  call(runtime, `/Task/${id}`, { method: 'PUT', body: JSON.stringify(attributes) })
const noted = async (runtime: Runtime, id: string, detailType = 'Changed') =>
  (await call(runtime, `/Task/${id}?sk=noted ${detailType}`)).status === 200

describe('the runtime', () => {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await startRuntime(options)
  })
  afterAll(() => runtime.stop())

  test('gives a function the event of API Gateway', async () => {
    const { response, body } = await call(runtime, '/metadata?a=1&a=b%20c', { headers: { 'If-Match': 'W/"1"' } })
    expect(response.headers.get('x-two')).toBe('a, b')
    expect(body.event).toMatchObject({
      resource: '/fhir/metadata',
      path: '/fhir/metadata',
      httpMethod: 'GET',
      queryStringParameters: { a: 'b c' },
      multiValueQueryStringParameters: { a: ['1', 'b c'] },
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
      requestContext: { path: '/fhir/metadata', httpMethod: 'GET', requestTimeEpoch: Date.parse(START) },
    })
    expect(body.event.headers['X-Forwarded-Proto']).toBe('http')
    expect(body.event.multiValueHeaders['If-Match']).toEqual(['W/"1"'])
  })

  test('when it is open, believes who a client says it is, in place of an authorizer', async () => {
    const authorizerFor = async (headers: Record<string, string>) =>
      (await call(runtime, '/metadata', { headers })).body.event.requestContext.authorizer
    expect(
      await authorizerFor({ 'X-Careloop-User': 'Practitioner/nora', 'X-Careloop-Roles': 'nurse, supervisor' }),
    ).toEqual({
      fhirUser: 'Practitioner/nora',
      roles: 'nurse, supervisor',
    })
    expect(await authorizerFor({})).toBeUndefined()
  })

  test("gives each function exactly its own environment while it loads, and none of the host's", async () => {
    const { environment, later } = (await call(runtime, '/metadata')).body
    expect(environment.TABLE_NAME).toMatch(/^careloop-local-/)
    expect(JSON.parse(environment.TENANT).id).toBe('local')
    expect(environment.ACCESS).toBe('open')
    expect(environment.BUS_NAME).toBeUndefined()
    expect(later).toEqual({})
    expect(process.env.TABLE_NAME).toBeUndefined()
  })

  test('routes as the template says', async () => {
    expect((await call(runtime, '/Goal/1')).body.function).toBe('goal')
    expect((await call(runtime, '/Patient/1/Task')).body).toEqual({
      function: 'clinical',
      pathParameters: { type: 'Patient', proxy: '1/Task' },
    })
  })

  test('answers in FHIR where there is no route, and when a function fails', async () => {
    const lost = await call(runtime, '/../elsewhere')
    expect(lost.status).toBe(404)
    expect(lost.body.resourceType).toBe('OperationOutcome')
    const failed = await call(runtime, '/_search')
    expect(failed.status).toBe(502)
    expect(failed.body.resourceType).toBe('OperationOutcome')
    expect(JSON.stringify(failed.body)).not.toContain('as the test wants it')
    expect(lines).toEqual([expect.stringContaining('as the test wants it')])
  })

  test.each([
    ['6 MB of event', 6.1],
    ['10 MB of body', 11],
  ])('refuses more than %s', async (_what, megabytes) => {
    const body = ' '.repeat(megabytes * 1024 * 1024)
    expect((await call(runtime, '/Goal', { method: 'POST', body })).status).toBe(413)
  })

  test('is not reached under a name that another site could point at this machine', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve) =>
      request(`${runtime.baseUrl}/metadata`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end(),
    )
    expect(status).toBe(403)
  })

  test('a change goes through stream, publisher, bus and rule to its consumer', async () => {
    await put(runtime, 'changed')
    await runtime.drain()
    expect(await noted(runtime, 'changed')).toBe(true)
  })

  test('an event that no rule wants goes nowhere', async () => {
    await put(runtime, 'quiet', { kind: 'quiet' })
    await runtime.drain()
    expect(await noted(runtime, 'quiet')).toBe(false)
  })

  test('every one of many writes is seen by drain', async () => {
    const ids = [...Array(150).keys()].map((n) => `many-${n}`)
    await Promise.all(ids.map((id) => put(runtime, id)))
    await runtime.drain()
    expect(await Promise.all(ids.map((id) => noted(runtime, id)))).toEqual(ids.map(() => true))
  })

  test('a record that fails is tried again', async () => {
    await put(runtime, 'failing', { failing: '2' })
    await put(runtime, 'behind')
    await runtime.drain()
    expect([await noted(runtime, 'failing'), await noted(runtime, 'behind')]).toEqual([true, true])
    expect(runtime.deadLetters).toEqual([])
  })

  test('what a consumer cannot process ends among the dead letters, without its content', async () => {
    await put(runtime, 'poison', { kind: 'poison' })
    await runtime.drain()
    const letter = {
      function: 'functions/events/note.ts',
      event: expect.stringMatching(/^rule note-change, event /),
      attempts: 3,
    }
    expect(runtime.deadLetters).toEqual([expect.objectContaining(letter)])
    expect(lines.join()).not.toContain('Task/poison')
  })

  test('moving the clock wakes what is due on the way, each at its time', async () => {
    await put(runtime, 'soon', { wake: 'wake#0', wakeAt: '2026-11-25T14:30:30.000Z' })
    await put(runtime, 'late', { wake: 'wake#1', wakeAt: '2027-01-31T00:00:00.000Z' })
    await put(runtime, 'later', { wake: 'wake#1', wakeAt: '2027-03-01T00:00:00.000Z' })
    await runtime.moveClock('2027-02-01T12:00:00.000Z')
    expect(runtime.clock.now()).toBe('2027-02-01T12:00:00.000Z')
    expect((await call(runtime, '/Task/soon')).body.woken.S).toBe('2026-11-25T14:31:00.000Z')
    expect((await call(runtime, '/Task/late')).body.woken.S).toBe('2027-01-31T00:00:00.000Z')
    expect((await call(runtime, '/Task/later')).body.woken).toBeUndefined()
    expect(await noted(runtime, 'late', 'Woken')).toBe(true)
  })
})

describe('with the functions of this repository', () => {
  test('a resource is created, read and found', async () => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined)
    const { functionsDirectory: _fixtures, rules: _rules, ...own } = options
    const runtime = await startRuntime({ ...own, open: false })
    const authorization = `Bearer ${await runtime.token({ scope: 'system/*.cruds' })}`
    const capabilities = await call(runtime, '/metadata')
    expect(capabilities.body).toMatchObject({
      resourceType: 'CapabilityStatement',
      implementation: { url: runtime.baseUrl },
    })

    const task = { resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: 'Patient/1' } }
    const headers = { 'content-type': 'application/fhir+json', authorization }
    const patient = JSON.stringify({ resourceType: 'Patient', id: '1' })
    expect((await call(runtime, '/Patient/1', { method: 'PUT', headers, body: patient })).status).toBe(201)
    const created = await call(runtime, '/Task', { method: 'POST', headers, body: JSON.stringify(task) })
    expect(created.status).toBe(201)
    expect(created.response.headers.get('location')).toBe(`${runtime.baseUrl}/Task/${created.body.id}/_history/1`)
    expect((await call(runtime, `/Task/${created.body.id}`, { headers })).body).toMatchObject({
      ...task,
      meta: { versionId: '1', lastUpdated: START },
    })
    expect((await call(runtime, '/Task?patient=1', { headers })).body.entry).toHaveLength(1)
    await runtime.drain()
    expect(runtime.deadLetters).toEqual([])
    await runtime.stop()
    jest.restoreAllMocks()
  }, 120_000)
})

describe('two runtimes in one process', () => {
  test('have nothing in common but the clock', async () => {
    const [one, other] = [await startRuntime(options), await startRuntime(options)]
    await put(one, 'mine')
    expect((await call(one, '/Task/mine')).status).toBe(200)
    expect((await call(other, '/Task/mine')).status).toBe(404)
    await Promise.all([one.stop(), other.stop()])
  })
})

test('a tenant that is unknown is named, with those that are known', async () => {
  await expect(startRuntime({ ...options, tenant: 'nowhere' })).rejects.toThrow(
    /no tenant "nowhere".*example-hospital, local/,
  )
})

test('a port in use is named', async () => {
  const runtime = await startRuntime(options)
  const { port } = new URL(runtime.baseUrl)
  await expect(startRuntime({ ...options, port: Number(port) })).rejects.toThrow(new RegExp(`Port ${port} .*--port`))
  await runtime.stop()
})

describe('with its own DynamoDB Local and kept data', () => {
  const endpoint = process.env.CARELOOP_DYNAMODB_ENDPOINT
  const dataDirectory = mkdtempSync(join(tmpdir(), 'careloop-data-'))
  beforeAll(() => {
    delete process.env.CARELOOP_DYNAMODB_ENDPOINT
  })
  afterAll(() => {
    process.env.CARELOOP_DYNAMODB_ENDPOINT = endpoint
    rmSync(dataDirectory, { recursive: true })
  })

  test('a restart finds the data and processes what was left, once', async () => {
    const kept = { ...options, inMemory: false, dataDirectory }
    const first = await startRuntime(kept)
    await put(first, 'processed')
    await first.drain()
    await put(first, 'left')
    await first.stop()

    const second = await startRuntime(kept)
    await second.drain()
    expect(await noted(second, 'left')).toBe(true)
    expect((await call(second, '/Task/processed')).status).toBe(200)
    await second.stop()
  }, 60_000)
})
