import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Parameters, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask, expressionsOf } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const parameters = (...parameter: unknown[]) => ({ resourceType: 'Parameters', parameter })

describe('$validate', () => {
  const severities = (outcome: OperationOutcome) => outcome.issue.map(({ severity }) => severity)

  test('says what is wrong, or that all is well, and writes nothing', async () => {
    const good = await api.post<OperationOutcome>('/Task/$validate', exampleTask())
    expect({ status: good.status, said: severities(good.body) }).toEqual({ status: 200, said: ['information'] })
    const bad = await api.post<OperationOutcome>('/Task/$validate', exampleTask({ status: 'bogus' }))
    expect({ status: bad.status, said: severities(bad.body) }).toEqual({ status: 200, said: ['error'] })
    expect(expressionsOf(bad.body)).toEqual(['Task.status'])
    expect((await api.get<Bundle>('/Task')).body.entry).toBeUndefined()
  })

  test('takes the resource and the mode from Parameters', async () => {
    const { body } = await api.post<OperationOutcome>(
      '/Task/$validate',
      parameters({ name: 'resource', resource: exampleTask({ intent: 7 }) }, { name: 'mode', valueCode: 'create' }),
    )
    expect(expressionsOf(body)).toEqual(['Task.intent'])
  })

  test('of an update looks at the id, of a delete at what is there', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    const said = async (url: string, body: unknown) =>
      severities((await api.post<OperationOutcome>(`/Task/${url}`, body)).body)[0]
    expect(await said('1/$validate', exampleTask({ id: '2' }))).toBe('error')
    expect(await said('1/$validate?mode=update', exampleTask({ id: '1' }))).toBe('information')
    expect(await said('1/$validate?mode=delete', parameters())).toBe('information')
    expect(await said('2/$validate?mode=delete', parameters())).toBe('error')
    expect((await api.get('/Task/1')).headers.etag).toBe('W/"1"')
  })

  test.each(['/Task/$validate?mode=delete', '/Task/$validate?mode=profile', '/Task/$validate?unheard=x'])(
    '%s is 400',
    async (url) => {
      expect((await api.post(url, exampleTask())).status).toBe(400)
    },
  )
})

describe('$meta', () => {
  const tag = (code: string) => ({ system: 'urn:tags', code })
  const metaOf = ({ parameter }: Parameters) => parameter![0]!.valueMeta!

  test('shows, adds and deletes profiles, tags and security labels', async () => {
    await api.put('/Task/1', exampleTask({ id: '1', meta: { tag: [tag('a')] } }))
    const meta = (valueMeta: unknown) => parameters({ name: 'meta', valueMeta })
    const added = await api.post<Parameters>(
      '/Task/1/$meta-add',
      meta({ tag: [tag('a'), tag('b')], profile: ['urn:p'], security: [tag('s')] }),
    )
    expect(added.status).toBe(200)
    expect(metaOf(added.body)).toMatchObject({ versionId: '2', tag: [tag('a'), tag('b')], profile: ['urn:p'] })
    expect((await api.post('/Task/1/$meta-add', meta({ tag: [tag('b')] }))).headers.etag).toBe('W/"2"')
    const gone = await api.post<Parameters>(
      '/Task/1/$meta-delete',
      meta({ tag: [tag('a'), tag('b')], profile: ['urn:p'] }),
    )
    expect(metaOf(gone.body).tag).toBeUndefined()
    expect(metaOf((await api.get<Parameters>('/Task/1/$meta')).body)).toMatchObject({
      versionId: '3',
      security: [tag('s')],
    })
    expect((await api.get<Task>('/Task/1')).body.status).toBe('requested')
  })

  test('is given by POST too', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    for (const body of [undefined, parameters()])
      expect((await api.send('POST', '/Task/1/$meta', body)).body).toEqual((await api.get('/Task/1/$meta')).body)
    expect((await api.post('/Task/1/$meta', parameters({ name: 'other', valueString: 'x' }))).status).toBe(400)
  })

  test('of what is not there is 404, and without a meta 400', async () => {
    expect((await api.get('/Task/1/$meta')).status).toBe(404)
    expect((await api.post('/Task/1/$meta-add', parameters())).status).toBe(400)
    expect((await api.post('/Task/1/$meta-add', parameters({ name: 'other' }))).status).toBe(400)
  })
})

describe('$claim', () => {
  const by = (reference: string) => parameters({ name: 'owner', valueReference: { reference } })
  const POOL = { reference: 'CareTeam/pool' }

  test('takes a Task that nobody owns, or a pool', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.put('/Task/2', exampleTask({ id: '2', status: 'in-progress', owner: POOL }))
    const { status, headers, body } = await api.post<Task>('/Task/1/$claim', by('Practitioner/a'))
    expect({ status, etag: headers.etag }).toEqual({ status: 200, etag: 'W/"2"' })
    expect(body).toMatchObject({ status: 'accepted', owner: { reference: 'Practitioner/a' } })
    const { body: second } = await api.post<Task>('/Task/2/$claim', by('https://api.test/fhir/Practitioner/a'))
    expect(second).toMatchObject({ status: 'in-progress', owner: { reference: 'Practitioner/a' } })
  })

  test('again by its owner changes nothing, by another is 409', async () => {
    await api.put('/Task/1', exampleTask({ id: '1', owner: POOL }))
    await api.post('/Task/1/$claim', by('Practitioner/a'))
    expect((await api.post('/Task/1/$claim', by('Practitioner/a'))).headers.etag).toBe('W/"2"')
    expect((await api.post('/Task/1/$claim', by('Practitioner/b'))).status).toBe(409)
    expect((await api.get<Task>('/Task/1')).body.owner!.reference).toBe('Practitioner/a')
  })

  test('of 100 at the same time one gets it', async () => {
    await api.put('/Task/1', exampleTask({ id: '1', owner: POOL }))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => api.post<Task>('/Task/1/$claim', by(`Practitioner/${index}`))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(99).fill(409)])
    const winner = answers.find(({ status }) => status === 200)!
    expect((await api.get<Task>('/Task/1')).body).toEqual(winner.body)
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['a closed Task', { status: 'completed' }, 409],
    ['one whose owner is known by an identifier only', { owner: { identifier: { value: 'x' } } }, 409],
  ])('of %s is refused', async (_which, elements, expected) => {
    await api.put('/Task/1', exampleTask({ id: '1', ...elements }))
    expect((await api.post('/Task/1/$claim', by('Practitioner/a'))).status).toBe(expected)
  })

  test.each([by('CareTeam/other'), by('nobody'), parameters(), exampleTask()])('for %j is 400', async (body) => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    expect((await api.post('/Task/1/$claim', body)).status).toBe(400)
  })

  test('of what is not there is 404, of what was deleted 410', async () => {
    expect((await api.post('/Task/1/$claim', by('Practitioner/a'))).status).toBe(404)
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.delete('/Task/1')
    expect((await api.post('/Task/1/$claim', by('Practitioner/a'))).status).toBe(410)
  })
})
