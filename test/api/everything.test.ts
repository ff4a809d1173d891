import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, Parameters, Task } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { examplePatient, exampleTask } from '../support/example-resources.ts'

let api: TestApi

const found = (bundle: Bundle) =>
  (bundle.entry ?? []).map(({ resource }) => `${resource!.resourceType}/${resource!.id}`)
const nextOf = (bundle: Bundle) => bundle.link?.find(({ relation }) => relation === 'next')?.url.slice(TEST_BASE.length)
const subject = { reference: 'Patient/1' }
const recordOf = async (query = '') => found((await api.get<Bundle>(`/Patient/1/$everything${query}`)).body).sort()

beforeEach(async () => {
  api = testApi()
  await api.put('/Patient/1', examplePatient({ id: '1' }))
  await api.put('/Patient/2', examplePatient({ id: '2' }))
  await api.put('/Goal/g', {
    resourceType: 'Goal',
    id: 'g',
    lifecycleStatus: 'active',
    description: { text: 'walk' },
    subject,
  })
  for (const id of ['a', 'b', 'c']) await api.put(`/Task/${id}`, exampleTask({ id, for: subject }))
  await api.put('/Task/other', exampleTask({ id: 'other', for: { reference: 'Patient/2' } }))
  await api.put('/Task/gone', exampleTask({ id: 'gone', for: subject }))
  await api.delete('/Task/gone')
})

const ALL = ['Goal/g', 'Patient/1', 'Task/a', 'Task/b', 'Task/c']

test('gives the patient and all of the compartment', async () => {
  const { status, body } = await api.get<Bundle>('/Patient/1/$everything')
  expect(status).toBe(200)
  expect(body).toMatchObject({ type: 'searchset', total: 5 })
  expect(found(body)[0]).toBe('Patient/1')
  expect(found(body).sort()).toEqual(ALL)
})

test('costs one query however many types there are', async () => {
  let queries = 0
  const { table } = api.careloop.store
  const { query } = table
  table.query = (asked) => {
    queries += 1
    return query(asked)
  }
  expect(await recordOf()).toEqual(ALL)
  expect(queries).toBe(1)
})

describe.each(['', '&_type=Task,Goal,Patient', '&_type=Patient&_type=Task,Goal'])('with %s', (types) => {
  test.each([1, 2, 3])('pages of %i follow one another', async (count) => {
    const seen: string[] = []
    let url: string | undefined = `/Patient/1/$everything?_count=${count}${types}`
    while (url) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      seen.push(...found(body))
      url = nextOf(body)
    }
    expect(seen.sort()).toEqual(ALL)
  })
})

test('_type and _since choose', async () => {
  expect(await recordOf('?_type=Task')).toEqual(['Task/a', 'Task/b', 'Task/c'])
  const since = (await api.get<Task>('/Task/b')).body.meta!.lastUpdated!
  expect(await recordOf(`?_since=${since}`)).toEqual(['Task/b', 'Task/c'])
})

describe('start and end', () => {
  const put = (type: string, id: string, elements: object) =>
    api.put(`/${type}/${id}`, { resourceType: type, id, subject, ...elements })
  const code = { text: 'x' }

  beforeEach(async () => {
    await put('Encounter', 'winter', {
      status: 'finished',
      class: { code: 'IMP' },
      period: { start: '2026-01-10T08:00:00-06:00', end: '2026-02-03T11:00:00-06:00' },
    })
    await put('Encounter', 'stay', { status: 'in-progress', class: { code: 'IMP' }, period: { start: '2026-03-20' } })
    await put('Observation', 'march', { status: 'final', code, effectiveDateTime: '2026-03-15' })
    await put('Condition', 'old', { code, onsetDateTime: '2019', recordedDate: '2026-03-15' })
    await put('Condition', 'undated', { code, recordedDate: '2026-03-15' })
    await api.put('/Task/b', exampleTask({ id: 'b', for: subject, restriction: { period: { end: '2026-03-15' } } }))
  })

  /** Resources without a date of care are about any time. */
  const always = ['Condition/undated', 'Goal/g', 'Patient/1', 'Task/a', 'Task/c']

  test.each([
    ['?start=2026-02-03&end=2026-02-28', ['Encounter/winter']],
    ['?start=2026-02-04&end=2026-03-14', []],
    ['?start=2026-03-15&end=2026-03-15', ['Observation/march', 'Task/b']],
    ['?start=2026-03', ['Encounter/stay', 'Observation/march', 'Task/b']],
    ['?end=2019-12-31', ['Condition/old']],
    ['?end=2026-01', ['Condition/old', 'Encounter/winter']],
  ])('%s gives what is about care at that time', async (query, expected) => {
    expect(await recordOf(query)).toEqual([...always, ...expected].sort())
  })

  test('are days of the tenant', async () => {
    api = testApi({ tenant: { timeZone: 'America/Chicago' } })
    await api.put('/Patient/1', examplePatient({ id: '1' }))
    await put('Observation', 'evening', { status: 'final', code, effectiveDateTime: '2026-05-01T23:30:00-05:00' })
    expect(await recordOf('?start=2026-05-01&end=2026-05-01&_type=Observation')).toEqual(['Observation/evening'])
    expect(await recordOf('?start=2026-05-02&end=2026-05-02&_type=Observation')).toEqual([])
  })

  test('come in a Parameters too, with the others', async () => {
    const parameters: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDate: '2026-03-15' },
        { name: 'end', valueDate: '2026-03-15' },
        { name: '_type', valueCode: 'Observation' },
        { name: '_type', valueCode: 'Task' },
        { name: '_count', valueInteger: 2 },
      ],
    }
    const seen: string[] = []
    let { body } = await api.post<Bundle>('/Patient/1/$everything', parameters)
    for (;;) {
      seen.push(...found(body))
      const next = nextOf(body)
      if (!next) break
      body = (await api.get<Bundle>(next)).body
    }
    expect(seen.sort()).toEqual(['Observation/march', 'Task/a', 'Task/b', 'Task/c'])
  })
})

test.each([
  ['/Patient/9/$everything', 404],
  ['/Task/a/$everything', 404],
  ['/Patient/1/$everything?_type=Spaceship', 400],
  ['/Patient/1/$everything?start=spring', 400],
  ['/Patient/1/$everything?start=2026-02&end=2026-01', 400],
  ['/Patient/1/$everything?_cursor=x', 400],
])('%s is %i', async (url, expected) => {
  expect((await api.get(url)).status).toBe(expected)
})
