import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
})

const write = async (versions: number) => {
  for (let v = 1; v <= versions; v++) await api.put('/Task/1', exampleTask({ id: '1', description: `${v}` }))
}
const versionsOf = (bundle: Bundle) => bundle.entry?.map(({ resource }) => resource!.meta!.versionId)
const linkOf = (bundle: Bundle, relation: string) =>
  bundle.link?.find((link) => link.relation === relation)?.url.slice(TEST_BASE.length)

describe('history of an instance', () => {
  test('lists versions, newest first, with what was asked and answered', async () => {
    const { body: created } = await api.post<{ id: string }>('/Task', exampleTask())
    const path = `/Task/${created.id}`
    await api.put(path, exampleTask({ id: created.id, status: 'accepted' }))
    await api.delete(path)
    const { status, body } = await api.get<Bundle>(`${path}/_history`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 'history', total: 3 })
    expect(
      body.entry!.map(({ request, response, resource }) => [
        request,
        response!.status,
        response!.etag,
        resource?.resourceType,
      ]),
    ).toEqual([
      [{ method: 'DELETE', url: `Task/${created.id}` }, '204 No Content', 'W/"3"', undefined],
      [{ method: 'PUT', url: `Task/${created.id}` }, '200 OK', 'W/"2"', 'Task'],
      [{ method: 'POST', url: 'Task' }, '201 Created', 'W/"1"', 'Task'],
    ])
    expect(new Set(body.entry!.map(({ fullUrl }) => fullUrl))).toEqual(new Set([`${TEST_BASE}${path}`]))
  })

  test('pages follow one another without gap or overlap', async () => {
    await write(7)
    const seen: (string | undefined)[] = []
    let url: string | undefined = '/Task/1/_history?_count=3'
    while (url) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      seen.push(...(versionsOf(body) ?? []))
      expect(linkOf(body, 'self')).toBe(url)
      url = linkOf(body, 'next')
    }
    expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1'])
  })

  test('_since keeps what was written at or after an instant, in any time zone', async () => {
    await write(4)
    const { body } = await api.get<Bundle>('/Task/1/_history')
    const third = body.entry![1]!.resource!.meta!.lastUpdated!
    const elsewhere = `${new Date(Date.parse(third) + 7_200_000).toISOString().slice(0, 19)}+02:00`
    for (const since of [third, encodeURIComponent(elsewhere), elsewhere]) {
      const { body: later } = await api.get<Bundle>(`/Task/1/_history?_since=${since}`)
      expect(versionsOf(later)).toEqual(['4', '3'])
      expect(later.total).toBe(2)
      expect(linkOf(later, 'next')).toBeUndefined()
    }
    const { body: none } = await api.get<Bundle>('/Task/1/_history?_since=2040-01-01T00:00:00Z')
    expect(none).toMatchObject({ resourceType: 'Bundle', total: 0 })
    expect(none.entry).toBeUndefined()
  })

  test('of what never was is 404', async () => {
    expect((await api.get('/Task/1/_history')).status).toBe(404)
  })

  test.each([
    '_count=0',
    '_count=x',
    '_count=-1',
    '_since=yesterday',
    '_since=2026-01-01',
    '_cursor=x',
    '_at=sometime',
    '_sort=x',
  ])('%s is 400', async (query) => {
    await write(1)
    const { status, body } = await api.get<OperationOutcome>(`/Task/1/_history?${query}`)
    expect(status).toBe(400)
    expect(body.issue[0]!.diagnostics).toContain(query.split('=')[0])
  })

  test('a lenient client gets the history without the parameter, and sees so', async () => {
    await write(1)
    const { body } = await api.get<Bundle>('/Task/1/_history?_sort=x&_count=5', { Prefer: 'handling=lenient' })
    expect(linkOf(body, 'self')).toBe('/Task/1/_history?_count=5')
  })

  test('_at keeps what was in force at a time', async () => {
    await write(4)
    const { body } = await api.get<Bundle>('/Task/1/_history')
    const [fourth, third, second] = body.entry!.map(({ resource }) => resource!.meta!.lastUpdated!)
    const between = new Date(Date.parse(third!) + 1).toISOString()
    const at = async (time: string) => versionsOf((await api.get<Bundle>(`/Task/1/_history?_at=${time}`)).body)
    expect(await at(second!)).toEqual(['2'])
    expect(await at(between)).toEqual(['3'])
    expect(await at('2026-01-05')).toEqual(['4', '3', '2', '1'])
    expect(await at('2026')).toEqual(['4', '3', '2', '1'])
    expect(await at('2025')).toBeUndefined()
    expect(await at('2027')).toEqual(['4'])
    expect(await at(fourth!)).toEqual(['4'])
    const { body: paged } = await api.get<Bundle>(`/Task/1/_history?_at=${second}&_count=2`)
    expect(paged.entry).toBeUndefined()
    const { body: next } = await api.get<Bundle>(linkOf(paged, 'next')!)
    expect(versionsOf(next)).toEqual(['2'])
  })

  test('what is deleted is in force no more', async () => {
    await write(1)
    await api.delete('/Task/1')
    const at = async (time: string) => (await api.get<Bundle>(`/Task/1/_history?_at=${time}`)).body.entry
    expect(await at('2027')).toBeUndefined()
    expect((await at('2026'))!.map(({ request }) => request!.method)).toEqual(['DELETE', 'PUT'])
  })
})
