import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { examplePatient, exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
  await api.put('/Task/1', exampleTask({ id: '1' }))
  await api.put('/Patient/1', examplePatient({ id: '1' }))
  await api.put('/Task/2', exampleTask({ id: '2' }))
  await api.put('/Task/1', exampleTask({ id: '1', status: 'accepted' }))
  await api.delete('/Task/2')
})

const said = (bundle: Bundle) =>
  (bundle.entry ?? []).map(({ request, response }) => `${request!.method} ${request!.url} ${response!.etag}`)
const nextOf = (bundle: Bundle) => bundle.link?.find(({ relation }) => relation === 'next')?.url.slice(TEST_BASE.length)

const ALL_TASKS = ['DELETE Task/2 W/"2"', 'PUT Task/1 W/"2"', 'PUT Task/2 W/"1"', 'PUT Task/1 W/"1"']

describe('history of a type', () => {
  test('lists all versions of all resources, newest first, deletes included', async () => {
    const { status, body } = await api.get<Bundle>('/Task/_history')
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 'history', total: 4 })
    expect(said(body)).toEqual(ALL_TASKS)
    expect(body.entry!.map(({ resource }) => resource?.resourceType)).toEqual([undefined, 'Task', 'Task', 'Task'])
    expect(body.entry!.map(({ response }) => response!.status)).toEqual([
      ...['204 No Content', '200 OK', '201 Created', '201 Created'],
    ])
  })

  test.each([1, 2, 3, 4, 5])('pages of %i follow one another without gap or overlap', async (count) => {
    const seen: string[] = []
    let url: string | undefined = `/Task/_history?_count=${count}`
    let isFirst = true
    while (url) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      seen.push(...said(body))
      url = nextOf(body)
      // What is written meanwhile does not move the pages.
      if (isFirst) await api.put('/Task/3', exampleTask({ id: '3' }))
      isFirst = false
    }
    expect(seen).toEqual(ALL_TASKS)
  })

  test('_since and _at choose by time', async () => {
    const { body } = await api.get<Bundle>('/Task/_history')
    const time = body.entry![2]!.response!.lastModified!
    expect(said((await api.get<Bundle>(`/Task/_history?_since=${time}`)).body)).toEqual(ALL_TASKS.slice(0, 3))
    expect(said((await api.get<Bundle>(`/Task/_history?_at=${time}`)).body)).toEqual(ALL_TASKS.slice(2))
    expect(said((await api.get<Bundle>('/Task/_history?_at=2027')).body)).toEqual(['PUT Task/1 W/"2"'])
    expect(said((await api.get<Bundle>('/Task/_history?_at=2025')).body)).toEqual([])
  })

  test('a row of a write that never came to its commit does not count', async () => {
    const { table } = api.careloop.store
    const { body } = await api.get<Bundle>('/Task/_history')
    const row = (id: string, v: number, shard: number) => ({
      pk: `Task!${shard}`,
      sk: `2026-01-06T00:00:00.000Z#${id}@${v}`,
    })
    await table.writeMany([row('1', 3, 0), row('9', 1, 0), row('1', 2, 1)], [])
    expect((await api.get<Bundle>('/Task/_history')).body.entry).toEqual(body.entry)
  })

  test('of a type without resources is empty', async () => {
    expect((await api.get<Bundle>('/Goal/_history')).body).toMatchObject({ total: 0 })
  })

  test.each(['_cursor=x', '_at=x', '_since=2026', '_count=0', '_sort=x'])('%s is 400', async (query) => {
    expect((await api.get(`/Task/_history?${query}`)).status).toBe(400)
  })

  test('a cursor opens its own history only', async () => {
    const { body } = await api.get<Bundle>('/Task/_history?_count=1')
    const cursor = /_cursor=.*/.exec(nextOf(body)!)![0]
    expect((await api.get(`/Goal/_history?_count=1&${cursor}`)).status).toBe(400)
  })
})

test('history of the system lists all types', async () => {
  const { body } = await api.get<Bundle>('/_history?_count=3')
  expect(said(body)).toEqual(['DELETE Task/2 W/"2"', 'PUT Task/1 W/"2"', 'PUT Task/2 W/"1"'])
  const { body: rest } = await api.get<Bundle>(nextOf(body)!)
  expect(said(rest)).toEqual(['PUT Patient/1 W/"1"', 'PUT Task/1 W/"1"'])
})
