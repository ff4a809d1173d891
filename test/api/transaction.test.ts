import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Bundle, BundleEntry, OperationOutcome, Patient, Task } from 'fhir/r4'
import type { Resource } from '../../lib/fhir.ts'
import { type TestApi, testApi } from '../support/api.ts'
import {
  examplePatient,
  exampleTask,
  expressionsOf,
  identifiedBy,
  incompressibleText,
} from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

interface Entry {
  fullUrl?: string
  resource?: unknown
  request?: Record<string, unknown>
}
const transact = <Body = Bundle>(entry: Entry[], headers?: Record<string, string>) =>
  api.post<Body>('/', { resourceType: 'Bundle', type: 'transaction', entry }, headers)
const post = (resource: Resource, more: Record<string, unknown> = {}, fullUrl?: string): Entry => ({
  ...(fullUrl && { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
})
const put = (resource: Resource, more: Record<string, unknown> = {}): Entry => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...more },
})
const remove = (url: string, more = {}): Entry => ({ request: { method: 'DELETE', url, ...more } })
const get = (url: string): Entry => ({ request: { method: 'GET', url } })

const statuses = (bundle: Bundle) => bundle.entry!.map(({ response }) => response!.status.slice(0, 3))
const placeOf = ({ response }: BundleEntry) => response!.location!.replace(/\/_history\/\d+$/, '')
const readAt = async <T>(entry: BundleEntry) => (await api.get<T>(`/${placeOf(entry)}`)).body

const PATIENT = 'urn:uuid:00000000-0000-4000-8000-000000000001'
const TASK = 'urn:uuid:00000000-0000-4000-8000-000000000002'

describe('transaction', () => {
  test('answers in the order of the Bundle, each entry with status, location, etag and date', async () => {
    await api.put('/Task/old', exampleTask({ id: 'old' }))
    await api.put('/Task/same', exampleTask({ id: 'same' }))
    const { status, body } = await transact([
      get('Task/new'),
      put(exampleTask({ id: 'new' })),
      put(exampleTask({ id: 'same' })),
      post(examplePatient()),
      remove('Task/old'),
      get('Task?status=requested'),
    ])
    expect(status).toBe(200)
    expect(body.type).toBe('transaction-response')
    expect(statuses(body)).toEqual(['200', '201', '200', '201', '204', '200'])
    const [read, created, same, , , found] = body.entry!
    expect(read!.resource).toMatchObject({ id: 'new', meta: { versionId: '1' } })
    expect(created!.response).toEqual({
      status: '201 Created',
      location: 'Task/new/_history/1',
      etag: 'W/"1"',
      lastModified: expect.stringMatching(/^2026-/),
    })
    expect(same!.response!.etag).toBe('W/"1"')
    expect((found!.resource as Bundle).entry).toHaveLength(2)
  })

  test('Prefer: return=representation shows what was written', async () => {
    const { body } = await transact([post(exampleTask())], { Prefer: 'return=representation' })
    expect(body.entry![0]!.resource).toMatchObject({ resourceType: 'Task', meta: { versionId: '1' } })
  })

  test('an empty one is answered', async () => {
    const { status, body } = await transact([])
    expect(status).toBe(200)
    expect(body.entry).toBeUndefined()
  })

  test('placeholders become the ids that were given, wherever they stand and in whatever order', async () => {
    const task = exampleTask({
      for: { reference: PATIENT },
      focus: { reference: TASK },
      instantiatesUri: PATIENT,
      ...identifiedBy(PATIENT, 'urn:ietf:rfc:3986'),
      text: {
        status: 'generated',
        div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${PATIENT}">her</a></div>`,
      },
    })
    const { body } = await transact([post(task, {}, TASK), post(examplePatient(), {}, PATIENT)])
    const [taskEntry, patientEntry] = body.entry!
    const patient = placeOf(patientEntry!)
    expect(await readAt<Task>(taskEntry!)).toMatchObject({
      for: { reference: patient },
      focus: { reference: placeOf(taskEntry!) },
      instantiatesUri: patient,
      identifier: [{ value: PATIENT }],
      text: { div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${patient}">her</a></div>` },
    })
    const { body: found } = await api.get<Bundle>(`/Task?patient=${patient}`)
    expect(found.entry).toHaveLength(1)
  })

  test('the ids of another server are replaced where its resources are created', async () => {
    const { body } = await transact([
      post(examplePatient({ id: '77' }), {}, 'https://old.example/fhir/Patient/77'),
      post(
        exampleTask({ for: { reference: 'Patient/77' }, owner: { reference: 'https://old.example/fhir/Patient/77' } }),
      ),
    ])
    const patient = placeOf(body.entry![0]!)
    expect(patient).not.toBe('Patient/77')
    expect(await readAt(body.entry![1]!)).toMatchObject({ for: { reference: patient }, owner: { reference: patient } })
  })

  test('conditional references become what they find', async () => {
    await api.put('/Practitioner/p', { resourceType: 'Practitioner', id: 'p', ...identifiedBy('5', 'urn:npi') })
    const owner = { reference: 'Practitioner?identifier=urn:npi|5' }
    const { body } = await transact([post(exampleTask({ owner })), post(exampleTask({ owner }))])
    for (const entry of body.entry!)
      expect(await readAt<Task>(entry)).toMatchObject({ owner: { reference: 'Practitioner/p' } })
  })

  test.each([
    ['nothing', []],
    ['more than one', ['a', 'b']],
  ])('a conditional reference that finds %s is 412 and says where', async (_what, ids) => {
    for (const id of ids)
      await api.put(`/Practitioner/${id}`, { resourceType: 'Practitioner', id, ...identifiedBy('5', 'urn:npi') })
    const { status, body } = await transact<OperationOutcome>([
      post(examplePatient()),
      post(exampleTask({ owner: { reference: 'Practitioner?identifier=urn:npi|5' } })),
    ])
    expect(status).toBe(412)
    expect(expressionsOf(body)).toEqual(['Bundle.entry[1].resource.owner.reference'])
    expect(body.issue[0]!.diagnostics).not.toContain('urn:npi|5')
    expect((await api.get<Bundle>('/Patient')).body.entry).toBeUndefined()
  })

  test('conditional creates give what there is, and links lead there', async () => {
    await api.put('/Patient/p', examplePatient({ id: 'p', ...identifiedBy('1') }))
    const { body } = await transact([
      post(examplePatient(identifiedBy('1')), { ifNoneExist: 'identifier=urn:test:ids|1' }, PATIENT),
      post(examplePatient(identifiedBy('2')), { ifNoneExist: 'identifier=urn:test:ids|2' }, TASK),
      post(exampleTask({ for: { reference: PATIENT }, requester: { reference: TASK } })),
    ])
    expect(statuses(body)).toEqual(['200', '201', '201'])
    expect(body.entry![0]!.response!.location).toBe('Patient/p/_history/1')
    expect(await readAt<Task>(body.entry![2]!)).toMatchObject({
      for: { reference: 'Patient/p' },
      requester: { reference: placeOf(body.entry![1]!) },
    })
  })

  test('of 20 at the same time with one conditional create one creates, and all links lead to it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        transact([
          post(examplePatient(identifiedBy('1')), { ifNoneExist: 'identifier=urn:test:ids|1' }, PATIENT),
          post(exampleTask({ for: { reference: PATIENT } })),
        ]),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers.filter(({ body }) => statuses(body)[0] === '201')).toHaveLength(1)
    const [patient, ...others] = new Set(answers.map(({ body }) => placeOf(body.entry![0]!)))
    expect(others).toEqual([])
    expect((await api.get<Bundle>(`/Task?patient=${patient}&_count=50`)).body.entry).toHaveLength(20)
  })

  test('conditional creates whose claims are void take them over, however many there are', async () => {
    const entries = Array.from({ length: 20 }, (_, index) =>
      post(examplePatient(identifiedBy(`${index}`)), { ifNoneExist: `identifier=urn:test:ids|${index}` }),
    )
    const first = await transact(entries)
    for (const entry of first.body.entry!) await api.delete(`/${placeOf(entry)}`)
    const second = await transact(entries)
    expect(statuses(second.body)).toEqual(Array(20).fill('201'))
    const places = [...first.body.entry!, ...second.body.entry!].map(placeOf)
    expect(new Set(places).size).toBe(40)
  })

  test('writers without conditions all get through', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        transact([put(exampleTask({ id: '1', description: `${index}` })), post(exampleTask())]),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await api.get('/Task/1')).headers.etag).toBe('W/"6"')
  })

  describe('is refused as a whole', () => {
    const good = post(exampleTask({ description: 'must not be there' }))
    const p = examplePatient
    test.each<[string, Entry[], number, string]>([
      ['content that is not valid', [good, post(exampleTask({ status: 7 }))], 422, 'Bundle.entry[1].resource.status'],
      ['a missing resource', [good, { request: { method: 'POST', url: 'Task' } }], 400, 'Bundle.entry[1]'],
      [
        'another type than the url says',
        [good, { ...post(p()), request: { method: 'POST', url: 'Task' } }],
        400,
        'Bundle.entry[1].resource.resourceType',
      ],
      [
        'another id than the url says',
        [good, put(p({ id: '1' }), { url: 'Patient/2' })],
        400,
        'Bundle.entry[1].resource.id',
      ],
      ['no request', [good, { resource: p() }], 400, 'Bundle.entry[1].request'],
      ['no method', [good, { request: { url: 'Task/1' } }], 400, 'Bundle.entry[1].request.method'],
      ['no url', [good, { request: { method: 'GET' } }], 400, 'Bundle.entry[1].request.url'],
      [
        'a method that is no string',
        [good, { request: { method: 1, url: 'Task' } }],
        400,
        'Bundle.entry[1].request.method',
      ],
      [
        'an unknown type',
        [good, { ...post(p()), request: { method: 'POST', url: 'Spaceship' } }],
        404,
        'Bundle.entry[1].request.url',
      ],
      ['a method that a url does not take', [good, remove('metadata')], 405, 'Bundle.entry[1].request.url'],
      ['another server', [good, get('https://elsewhere.example/fhir/Task/1')], 400, 'Bundle.entry[1].request.url'],
      [
        'a Bundle inside',
        [good, { resource: {}, request: { method: 'POST', url: '/' } }],
        400,
        'Bundle.entry[1].request.url',
      ],
      [
        'a search by POST',
        [good, { request: { method: 'POST', url: 'Task/_search' } }],
        400,
        'Bundle.entry[1].request',
      ],
      ['a stale ifMatch', [good, put(exampleTask({ id: 'there' }), { ifMatch: 'W/"7"' })], 412, 'Bundle.entry[1]'],
      ['a stale ifMatch of a delete', [good, remove('Task/there', { ifMatch: 'W/"7"' })], 412, 'Bundle.entry[1]'],
      ['a malformed ifMatch', [good, put(exampleTask({ id: 'there' }), { ifMatch: '7' })], 400, 'Bundle.entry[1]'],
      [
        'ifNoneMatch * of what is there',
        [good, put(exampleTask({ id: 'there' }), { ifNoneMatch: '*' })],
        412,
        'Bundle.entry[1]',
      ],
      [
        'two changes of one resource',
        [good, put(exampleTask({ id: 'there' })), remove('Task/there')],
        400,
        'Bundle.entry[2]',
      ],
      ['one fullUrl twice', [good, post(p(), {}, PATIENT), post(p(), {}, PATIENT)], 400, 'Bundle.entry[2]'],
      [
        'one conditional create twice',
        [good, post(p(), { ifNoneExist: 'identifier=1' }), post(p(), { ifNoneExist: '?identifier=1' })],
        400,
        'Bundle.entry[2]',
      ],
      ['an empty ifNoneExist', [good, post(p(), { ifNoneExist: '' })], 400, 'Bundle.entry[1]'],
      [
        'an ifNoneExist that cannot be searched',
        [good, post(p(), { ifNoneExist: 'unheard=1' })],
        400,
        'Bundle.entry[1]',
      ],
      [
        'an ifNoneExist that finds many',
        [good, post(exampleTask(), { ifNoneExist: 'status=requested' })],
        412,
        'Bundle.entry[1]',
      ],
      [
        'an ifNoneExist that finds what is deleted',
        [good, remove('Task/there'), post(exampleTask(), { ifNoneExist: '_id=there' })],
        400,
        'Bundle.entry[2]',
      ],
      [
        'a placeholder that no entry has',
        [good, post(exampleTask({ for: { reference: PATIENT } }))],
        422,
        'Bundle.entry[1].resource.for.reference',
      ],
      [
        'a conditional reference that cannot be searched for',
        [good, post(exampleTask({ for: { reference: 'Patient?unheard=x' } }))],
        400,
        'Bundle.entry[1].resource.for.reference',
      ],
      [
        'a conditional reference to a type not served',
        [good, post(exampleTask({ for: { reference: 'Spaceship?name=x' } }))],
        412,
        'Bundle.entry[1].resource.for.reference',
      ],
    ])('for %s', async (_why, entries, expected, expression) => {
      await api.put('/Task/there', exampleTask({ id: 'there' }))
      await api.put('/Task/there-too', exampleTask({ id: 'there-too' }))
      const { status, body } = await transact<OperationOutcome>(entries)
      expect({ status, type: body.resourceType }).toEqual({ status: expected, type: 'OperationOutcome' })
      expect(expressionsOf(body)[0]).toBe(expression)
      const { body: found } = await api.get<Bundle>('/Task?_count=50')
      expect(found.entry!.map(({ resource }) => resource!.id).sort()).toEqual(['there', 'there-too'])
      expect((await api.get('/Task/there')).headers.etag).toBe('W/"1"')
      expect((await api.get<Bundle>('/Patient')).body.entry).toBeUndefined()
    })

    test('and names everything wrong with the content of all its entries', async () => {
      const { body } = await transact<OperationOutcome>([
        post(exampleTask({ status: 7 })),
        good,
        post(exampleTask({ intent: 7 })),
      ])
      expect(expressionsOf(body)).toEqual(
        expect.arrayContaining(['Bundle.entry[0].resource.status', 'Bundle.entry[2].resource.intent']),
      )
    })

    test('when it is too large, saying how large it is', async () => {
      const { status, body } = await transact<OperationOutcome>(Array.from({ length: 5_001 }, () => good))
      expect(status).toBe(413)
      expect(body.issue[0]).toMatchObject({ code: 'too-long', expression: ['Bundle.entry'] })
      expect(body.issue[0]!.diagnostics).toContain('5001')
      expect((await api.get<Bundle>('/Task')).body.entry).toBeUndefined()
    })

    test('when a resource does not fit an item', async () => {
      const description = incompressibleText(700_000)
      const { status, body } = await transact<OperationOutcome>([get('Task/1'), post(exampleTask({ description }))])
      expect(status).toBe(413)
      expect(expressionsOf(body)).toEqual(['Bundle.entry[1]'])
    })

    test.each([
      ['document', 'Bundle.type'],
      [undefined, 'Bundle.type'],
    ])('as a Bundle of type %s', async (type, expression) => {
      const { status, body } = await api.post<OperationOutcome>('/', { resourceType: 'Bundle', type })
      expect(status).toBe(400)
      expect(expressionsOf(body)).toEqual([expression])
    })

    test('when it is no Bundle', async () => {
      expect((await api.post('/', exampleTask())).status).toBe(400)
      expect((await api.post('/', { resourceType: 'Bundle', type: 'transaction', entry: {} })).status).toBe(400)
    })
  })

  test('100 writes fit, and what says nothing new does not count', async () => {
    const tasks = Array.from({ length: 150 }, (_, index) => put(exampleTask({ id: `${index}` })))
    expect((await transact(tasks.slice(0, 100))).status).toBe(200)
    const { status, body } = await transact(tasks)
    expect(status).toBe(200)
    expect(statuses(body).filter((code) => code === '201')).toHaveLength(50)
  })

  test('a read that finds nothing says so in its entry', async () => {
    const { status, body } = await transact([post(exampleTask()), get('Task/nowhere')])
    expect(status).toBe(200)
    expect(statuses(body)).toEqual(['201', '404'])
    expect(body.entry![1]!.response!.outcome).toMatchObject({ issue: [{ code: 'not-found' }] })
  })

  test('all or nothing, whatever it holds and wherever it fails', async () => {
    const task = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), description: fc.constantFrom('x', 'y', 'z') })
    const entry = fc.oneof(
      task.map((elements) => put(exampleTask(elements))),
      task.map(({ id }) => remove(`Task/${id}`)),
      task.map(({ description }) => post(exampleTask({ description }))),
      task.map(({ id, description }) => put(exampleTask({ id, description }), { ifMatch: 'W/"1"' })),
      fc.constant(post(exampleTask({ status: 7 }))),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 5 }), { maxLength: 5 }), async (bundles) => {
        api = testApi()
        for (const entries of bundles) {
          const before = await stateOf(api)
          const { status, body } = await transact(entries)
          const after = await stateOf(api)
          if (status !== 200) expect(after).toEqual(before)
          else
            for (const [index, { request }] of entries.entries()) {
              const code = body.entry![index]!.response!.status.slice(0, 3)
              if (request!.method === 'DELETE') expect(after.has(String(request!.url))).toBe(false)
              if (request!.method === 'PUT')
                expect(after.get(String(request!.url))).toMatchObject({
                  description: (entries[index]!.resource as Task).description,
                })
              if (request!.method === 'POST')
                expect([code, after.has(placeOf(body.entry![index]!))]).toEqual(['201', true])
            }
        }
      }),
      { numRuns: 60 },
    )
  })
})

const stateOf = async ({ careloop }: TestApi): Promise<Map<string, Patient | Task>> => {
  const versions = await careloop.search.all('Task', 'status=requested')
  return new Map(
    versions.map((version) => [`Task/${version.id}`, { ...JSON.parse(String(version.item.body)), v: version.v }]),
  )
}
