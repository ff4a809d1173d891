import { beforeEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Bundle, OperationOutcome, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask, incompressibleText } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
  await api.put('/Task/1', exampleTask({ id: '1' }))
  api.log.length = 0
})

describe('the format of the answer', () => {
  test.each([
    ['application/fhir+json', 200],
    ['application/json', 200],
    ['application/fhir+json; fhirVersion=4.0', 200],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 200],
    ['application/fhir+xml, application/fhir+json;q=0.5', 200],
    ['*/*', 200],
    ['', 200],
    ['application/fhir+xml', 406],
    ['application/fhir+json; fhirVersion=5.0', 406],
    ['application/fhir+json;q=0', 406],
  ])('Accept: %s gives %i', async (accept, expected) => {
    const { status, headers } = await api.get('/Task/1', { Accept: accept })
    expect(status).toBe(expected)
    expect(headers['content-type']).toBe('application/fhir+json; charset=utf-8')
  })

  test.each([
    ['json', 200],
    ['application/fhir%2Bjson', 200],
    ['application/fhir+json', 200],
    ['xml', 406],
  ])('_format=%s goes before Accept and gives %i', async (format, expected) => {
    expect((await api.get(`/Task/1?_format=${format}`, { Accept: 'application/fhir+xml' })).status).toBe(expected)
    expect((await api.get(`/Task?_format=${format}`)).status).toBe(expected)
  })
})

describe('what a person sees', () => {
  test('is laid out with _pretty=true', async () => {
    const { text, body } = await api.get('/Task/1?_pretty=true')
    expect(text).toBe(JSON.stringify(body, undefined, 2))
    expect((await api.get('/Task/1')).text).not.toContain('\n')
    expect((await api.get('/Task/2?_pretty=true')).text).toContain('\n  ')
  })

  test('of HEAD is the headers of GET alone', async () => {
    const { status, headers, text } = await api.send('HEAD', '/Task/1')
    expect({ status, etag: headers.etag, text }).toEqual({ status: 200, etag: 'W/"1"', text: '' })
    expect((await api.send('HEAD', '/Task/2')).status).toBe(404)
  })
})

describe('references below our own base', () => {
  const task = (reference: string) => exampleTask({ id: '2', for: { reference } })

  test('become relative, so that searches and compartments know them', async () => {
    await api.put('/Task/2', task('https://api.test/fhir/Patient/7'))
    expect((await api.get<Task>('/Task/2')).body.for!.reference).toBe('Patient/7')
    expect((await api.get<Bundle>('/Task?patient=7')).body.entry).toHaveLength(1)
    expect((await api.put('/Task/2', task('Patient/7'))).headers.etag).toBe('W/"1"')
  })

  test('also in Bundles', async () => {
    const entry = [
      { request: { method: 'PUT', url: 'Task/2' }, resource: task('https://api.test/fhir/Patient/8/_history/2') },
    ]
    for (const [type, expected] of [
      ['transaction', 'W/"1"'],
      ['batch', 'W/"1"'],
    ]) {
      await api.post('/', { resourceType: 'Bundle', type, entry })
      const { headers, body } = await api.get<Task>('/Task/2')
      expect([body.for!.reference, headers.etag]).toEqual(['Patient/8/_history/2', expected])
    }
  })

  test.each([
    'https://elsewhere.example/fhir/Patient/7',
    'https://api.test/fhir/metadata',
    'https://api.test/fhirs/Patient/1',
  ])('%s stays as it is', async (reference) => {
    await api.put('/Task/2', task(reference))
    expect((await api.get<Task>('/Task/2')).body.for!.reference).toBe(reference)
  })
})

describe('the body', () => {
  test.each([
    ['application/fhir+json', 201],
    ['application/json; charset=UTF-8', 201],
    ['application/fhir+json;fhirVersion=4.0', 201],
    ['application/fhir+xml', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=latin1', 415],
    ['application/fhir+json;fhirVersion=3.0', 415],
  ])('Content-Type: %s gives %i', async (type, expected) => {
    expect((await api.post('/Task', exampleTask(), { 'Content-Type': type })).status).toBe(expected)
  })

  test('that is compressed is 415', async () => {
    expect((await api.post('/Task', exampleTask(), { 'Content-Encoding': 'gzip' })).status).toBe(415)
    expect((await api.post('/Task', exampleTask(), { 'Content-Encoding': 'identity' })).status).toBe(201)
  })

  test('that is not JSON is 400, with the place and without the text', async () => {
    const { status, body } = await api.post<OperationOutcome>('/Task', '{"resourceType":\n"Task", "description": Jane}')
    expect(status).toBe(400)
    expect(body.issue[0]).toMatchObject({
      code: 'structure',
      diagnostics: expect.stringContaining('line 2, column 24'),
    })
    expect(JSON.stringify(body)).not.toContain('Jane')
  })

  test('that is empty is 400', async () => {
    expect((await api.post('/Task', ' ')).status).toBe(400)
    expect((await api.send('POST', '/Task')).status).toBe(400)
  })

  test('can be nested 64 deep and no deeper', async () => {
    const nested = (depth: number) => `{"resourceType":"Task","x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect((await api.post('/Task', nested(63))).status).toBe(422)
    expect((await api.post('/Task', nested(64))).status).toBe(400)
    expect((await api.post('/Task', nested(500_000))).status).toBe(400)
  })

  test('of more than 6 MB is 413', async () => {
    const { status, body } = await api.post<OperationOutcome>(
      '/Task',
      exampleTask({ description: 'x'.repeat(6 * 1024 * 1024) }),
    )
    expect(status).toBe(413)
    expect(body.issue[0]!.code).toBe('too-long')
  })

  test('that does not fit an item is 413', async () => {
    const description = incompressibleText(700_000)
    expect((await api.post('/Task', exampleTask({ description }))).status).toBe(413)
  })

  test('may come encoded', async () => {
    const body = Buffer.from(JSON.stringify(exampleTask({ description: 'Größe' }))).toString('base64')
    const { status, text } = await api.send('POST', '/Task', body, {}, { isBase64Encoded: true })
    expect(status).toBe(201)
    expect(text).toContain('Größe')
    const latin1 = Buffer.from('{"resourceType":"Größe"}', 'latin1').toString('base64')
    expect((await api.send('POST', '/Task', latin1, {}, { isBase64Encoded: true })).status).toBe(400)
  })
})

describe('the URL', () => {
  test.each([
    ['POST', '/Task/1', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['DELETE', '/Task/_history', 'GET, HEAD'],
    ['GET', '/Task/1/$claim', 'POST'],
    ['GET', '/Task/_search', 'POST'],
    ['POST', '/metadata', 'GET, HEAD'],
    ['DELETE', '/', 'GET, HEAD, POST'],
    ['PUT', '/Task/1/_history/1', 'GET, HEAD'],
  ])('%s %s is 405, and Allow says what is', async (method, url, allow) => {
    const { status, headers, body } = await api.send<OperationOutcome>(method, url, {})
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow })
    expect(body.issue[0]!.code).toBe('not-supported')
  })

  test.each(['/Spaceship', '/Spaceship/1', '/spaceship', '/Jane%20Doe'])(
    '%s is 404, naming what is served',
    async (url) => {
      const { status, body } = await api.get<OperationOutcome>(url)
      expect(status).toBe(404)
      expect(body.issue[0]!.diagnostics).toMatch(/CarePlan.*Task/)
      expect(body.issue[0]!.diagnostics).not.toContain('Jane')
    },
  )

  test.each(['/Task/1/2', '/Task/1/_history/1/2', '/Task/$unheard', '/Task/1/$unheard', '/Task/_unheard'])(
    '%s is 404',
    async (url) => {
      expect((await api.get(url)).status).toBe(404)
    },
  )

  test('is decoded segment by segment', async () => {
    expect((await api.get('/Task/%31')).status).toBe(200)
    expect((await api.get('/Task/1%2F_history')).status).toBe(400)
    expect((await api.get('/Task/%zz')).status).toBe(400)
  })

  test('below a stage keeps the stage in what is answered', async () => {
    const requestContext = { path: '/prod/fhir/Task' } as APIGatewayProxyEvent['requestContext']
    const { headers } = await api.send('POST', '/Task', exampleTask(), {}, { requestContext })
    expect(headers.location).toMatch(/^https:\/\/api\.test\/prod\/fhir\/Task\//)
  })

  test('is http where the client came by http', async () => {
    const { body } = await api.get<Bundle>('/Task', { 'x-forwarded-proto': 'http', host: 'localhost:3000' })
    expect(body.link![0]!.url).toBe('http://localhost:3000/fhir/Task')
  })
})

describe('an answer larger than a function can give', () => {
  test('is 413 and says what to do', async () => {
    const description = 'x'.repeat(900_000)
    for (let id = 1; id <= 6; id++) await api.put(`/Task/${id}`, exampleTask({ id: `${id}`, description }))
    const { status, body } = await api.get<OperationOutcome>('/Task')
    expect(status).toBe(413)
    expect(body.issue[0]!.diagnostics).toContain('_count')
    expect((await api.get('/Task?_count=3')).status).toBe(200)
  })

  test('is left out of the answer to a write', async () => {
    const note = Array.from({ length: 6 }, () => ({ text: 'x'.repeat(900_000) }))
    const { status, headers, text } = await api.post('/Task', exampleTask({ note }))
    expect({ status, text }).toEqual({ status: 201, text: '' })
    expect(headers.location).toBeDefined()
  })
})

describe('the request id', () => {
  test('is the one the client gave, or ours', async () => {
    expect((await api.get('/Task/1', { 'X-Request-Id': 'abc-1' })).headers['x-request-id']).toBe('abc-1')
    expect((await api.get('/Task/1')).headers['x-request-id']).toBe('request-1')
    expect((await api.get('/Task/1', { 'X-Request-Id': 'a b\n' })).headers['x-request-id']).toBe('request-1')
  })
})

describe('the log', () => {
  test('has one line a request, of what was done', async () => {
    const { body } = await api.post<{ id: string }>('/Task', exampleTask(), { 'X-Request-Id': 'theirs' })
    await api.get('/Task/nowhere?description=Jane')
    await api.get('/Task?subject:Patient.name=Jane')
    await api.get('/Jane')
    const line = { requestId: 'request-1', milliseconds: expect.any(Number) }
    expect(api.log).toEqual([
      { ...line, interaction: 'create', type: 'Task', id: body.id, version: 1, status: 201 },
      { ...line, interaction: 'read', type: 'Task', id: 'nowhere', status: 404 },
      expect.objectContaining({ interaction: 'search-type', type: 'Task' }),
      { ...line, status: 404 },
    ])
    expect(JSON.stringify(api.log)).not.toContain('Jane')
  })

  test('of an error nobody expected only the name, and the client gets nothing but the request to quote', async () => {
    api.careloop.store.read = async () => {
      throw new TypeError('Jane Doe is not a function', { cause: { data: 'Jane Doe' } })
    }
    const { status, text, body } = await api.get<OperationOutcome>('/Task/1')
    expect(status).toBe(500)
    expect(body.issue[0]).toMatchObject({ code: 'exception', diagnostics: expect.stringContaining('request-1') })
    expect(text + JSON.stringify(api.log)).not.toContain('Jane')
    expect(api.log).toEqual([expect.objectContaining({ status: 500, errors: ['TypeError'] })])
  })

  test('being throttled is 429, with when to come again', async () => {
    api.careloop.store.read = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' })
    }
    const { status, headers } = await api.get('/Task/1')
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 429, retry: '1' })
  })
})
