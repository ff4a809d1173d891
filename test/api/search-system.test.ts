import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
  await api.put('/Patient/1', { resourceType: 'Patient', id: '1', name: [{ family: 'Adams' }] })
  for (const id of ['1', '2', '3']) await api.put(`/Task/${id}`, exampleTask({ id, for: { reference: 'Patient/1' } }))
})

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const namesOf = (bundle: Bundle) =>
  (bundle.entry ?? []).map(({ resource }) => `${resource!.resourceType}/${resource!.id}`)
const linkOf = (bundle: Bundle, relation: string) =>
  bundle.link?.find((link) => link.relation === relation)?.url.slice(TEST_BASE.length)

describe('search of the system', () => {
  test('GET of the base, newest first, with pages that follow one another', async () => {
    const { status, body } = await api.get<Bundle>('/?_type=Task,Patient&_count=3')
    expect(status).toBe(200)
    expect(namesOf(body)).toEqual(['Task/3', 'Task/2', 'Task/1'])
    expect(linkOf(body, 'self')).toBe('?_type=Task%2CPatient&_count=3')
    const next = await api.get<Bundle>(`/${linkOf(body, 'next')!}`)
    expect(namesOf(next.body)).toEqual(['Patient/1'])
    expect(next.body.link!.some(({ relation }) => relation === 'next')).toBe(false)
  })

  test('POST _search says the same', async () => {
    const { status, body } = await api.post<Bundle>('/_search', '_type=Task&_id=2', FORM)
    expect(status).toBe(200)
    expect(namesOf(body)).toEqual(['Task/2'])
  })
})

describe('search of a compartment', () => {
  test('of one type', async () => {
    const { status, body } = await api.get<Bundle>('/Patient/1/Task?_count=2&status=requested')
    expect(status).toBe(200)
    expect(body.entry).toHaveLength(2)
    expect(linkOf(body, 'self')).toBe('/Patient/1/Task?_count=2&status=requested')
    const next = await api.get<Bundle>(linkOf(body, 'next')!)
    expect(next.body.entry).toHaveLength(1)
    expect((await api.get<Bundle>('/Patient/2/Task')).body.total).toBe(0)
  })

  test('by form, and of every type', async () => {
    expect(namesOf((await api.post<Bundle>('/Patient/1/Task/_search', '_id=3', FORM)).body)).toEqual(['Task/3'])
    expect((await api.get<Bundle>('/Patient/1/*')).body).toMatchObject({ total: 3 })
  })

  test('a type that is not served or never in it is 404', async () => {
    expect((await api.get('/Patient/1/Spaceship')).status).toBe(404)
    expect((await api.get('/Patient/1/Organization')).status).toBe(404)
    expect((await api.get('/Practitioner/1/Task')).status).toBe(404)
  })

  test('as an entry of a batch', async () => {
    const { body } = await api.post<Bundle>('/', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Patient/1/Task?_summary=count' } }],
    })
    expect(body.entry![0]!.resource).toMatchObject({ resourceType: 'Bundle', total: 3 })
  })
})
