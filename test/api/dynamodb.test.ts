import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Bundle, Task } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { examplePatient, exampleTask, identifiedBy } from '../support/example-resources.ts'
import { createTestTable } from '../support/tables.ts'

let api: TestApi
beforeAll(async () => {
  const { table } = await createTestTable()
  api = testApi({ table })
})

const transact = (entry: unknown[]) => api.post<Bundle>('/', { resourceType: 'Bundle', type: 'transaction', entry })

describe('over DynamoDB', () => {
  test('a resource lives and dies', async () => {
    expect((await api.put('/Task/life', exampleTask({ id: 'life' }))).status).toBe(201)
    expect((await api.put('/Task/life', exampleTask({ id: 'life' }))).headers.etag).toBe('W/"1"')
    expect((await api.put('/Task/life', exampleTask({ id: 'life', status: 'accepted' }))).headers.etag).toBe('W/"2"')
    expect((await api.delete('/Task/life')).status).toBe(204)
    expect((await api.get('/Task/life')).status).toBe(410)
    expect((await api.get<Task>('/Task/life/_history/1')).body.status).toBe('requested')
    const { body } = await api.get<Bundle>('/Task/life/_history?_count=2')
    expect(body.entry!.map(({ response }) => response!.etag)).toEqual(['W/"3"', 'W/"2"'])
    expect(body.link!.map(({ relation }) => relation)).toContain('next')
  })

  test('of 100 conditional creates at the same time one creates', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        api.post<Task>('/Task', exampleTask(identifiedBy('100')), { 'If-None-Exist': 'identifier=urn:test:ids|100' }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  })

  test('of 10 writers with the same If-Match one succeeds', async () => {
    await api.put('/Task/race', exampleTask({ id: 'race' }))
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        api.put('/Task/race', exampleTask({ id: 'race', description: `${index}` }), { 'If-Match': 'W/"1"' }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)])
  })

  test('of 100 who claim a Task at the same time one gets it', async () => {
    await api.put('/Task/claim', exampleTask({ id: 'claim', owner: { reference: 'CareTeam/pool' } }))
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        api.post<Task>('/Task/claim/$claim', {
          resourceType: 'Parameters',
          parameter: [{ name: 'owner', valueReference: { reference: `Practitioner/${index}` } }],
        }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(99).fill(409)])
    const winner = answers.find(({ status }) => status === 200)!
    expect((await api.get<Task>('/Task/claim')).body).toEqual(winner.body)
  })

  test('the history of a type has every version of every resource, over all pages', async () => {
    const written = []
    for (const id of ['x', 'y', 'z'])
      for (const status of ['active', 'completed']) {
        const goal = { resourceType: 'Goal', id, lifecycleStatus: status, description: { text: 'walk' } }
        const { body } = await api.put<{ meta: { versionId: string } }>(`/Goal/${id}`, {
          ...goal,
          subject: { reference: 'Patient/1' },
        })
        written.unshift(`${id} ${body.meta.versionId}`)
      }
    const seen: string[] = []
    let url: string | undefined = '/Goal/_history?_count=2'
    while (url) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      seen.push(...(body.entry ?? []).map(({ resource }) => `${resource!.id} ${resource!.meta!.versionId}`))
      url = body.link?.find(({ relation }) => relation === 'next')?.url.slice('https://api.test/fhir'.length)
    }
    expect(seen).toEqual(written)
  })

  test('a transaction of 100 is written as one, with its links', async () => {
    const patient = 'urn:uuid:00000000-0000-4000-8000-000000000001'
    const { status, body } = await transact([
      { fullUrl: patient, resource: examplePatient(), request: { method: 'POST', url: 'Patient' } },
      ...Array.from({ length: 99 }, () => ({
        resource: exampleTask({ for: { reference: patient } }),
        request: { method: 'POST', url: 'Task' },
      })),
    ])
    expect(status).toBe(200)
    const [id] = /Patient\/[^/]+/.exec(body.entry![0]!.response!.location!)!
    expect((await api.get<Bundle>(`/Task?patient=${id}&_count=200`)).body.entry).toHaveLength(99)
  })

  test('a transaction that fails leaves nothing', async () => {
    const { status } = await transact([
      { resource: exampleTask({ id: 'never' }), request: { method: 'PUT', url: 'Task/never' } },
      { resource: exampleTask({ id: 'race' }), request: { method: 'PUT', url: 'Task/race', ifMatch: 'W/"1"' } },
    ])
    expect(status).toBe(412)
    expect((await api.get('/Task/never')).status).toBe(404)
  })

  test('of 10 transactions at the same time with one conditional create one creates', async () => {
    const request = { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:test:ids|tx' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => transact([{ resource: examplePatient(identifiedBy('tx')), request }])),
    )
    expect(answers.map(({ body }) => body.entry?.[0]?.response?.status).sort()).toEqual([
      ...Array(9).fill('200 OK'),
      '201 Created',
    ])
  })
})
