import { describe, expect, test } from '@jest/globals'
import type { Bundle, SearchParameter } from 'fhir/r4'
import { declarations, parametersOf } from '../../lib/resources/index.ts'
import { TEST_BASE, testApi } from '../support/api.ts'

const api = testApi()
const found = async (query: string): Promise<SearchParameter[]> =>
  ((await api.get<Bundle<SearchParameter>>(`/SearchParameter?${query}`)).body.entry ?? []).map(
    ({ resource }) => resource!,
  )

describe('SearchParameter', () => {
  test('our own are those of fhir-profiles', async () => {
    const { status, body } = await api.get<SearchParameter>('/SearchParameter/task-due-date')
    expect(status).toBe(200)
    expect(body).toMatchObject({ code: 'due-date', expression: 'Task.restriction.period.end' })
  })

  test('a published one says what is done with it here', async () => {
    const [owner] = await found('base=Task&code=owner')
    expect(owner).toMatchObject({ id: 'Task-owner', type: 'reference', url: `${TEST_BASE}/SearchParameter/Task-owner` })
    expect(owner!.modifier).toEqual(expect.arrayContaining(['missing', 'identifier', 'type']))
    expect((await api.get('/SearchParameter/Task-owner')).body).toEqual(owner)
  })

  test.each(['Task', 'Observation', 'Patient'])('all of %s are there, each once', async (type) => {
    const codes = (await found(`base=${type},Resource&_count=200`)).map(({ code }) => code)
    expect(codes.sort()).toEqual([...parametersOf(type).keys()].sort())
  })

  test('pages lead through all of them; no id stands for two', async () => {
    const ids: string[] = []
    let url: string | undefined = '/SearchParameter?_count=200'
    while (url) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      ids.push(...body.entry!.map(({ resource }) => resource!.id!))
      url = body.link!.find(({ relation }) => relation === 'next')?.url.slice(TEST_BASE.length)
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(declarations.size * 5)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/)
  })

  test('cannot be written or searched by anything else', async () => {
    expect((await api.put('/SearchParameter/x', { resourceType: 'SearchParameter', id: 'x' })).status).toBe(405)
    expect((await api.get('/SearchParameter?nonsense=1')).status).toBe(400)
    expect((await api.get('/SearchParameter/unknown')).status).toBe(404)
  })
})
