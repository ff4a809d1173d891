import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { beforeAll, expect, test } from '@jest/globals'
import type { Bundle, Goal, Patient, Task } from 'fhir/r4'
import { loadClient, type Untyped } from './load-client.ts'

const SYSTEM = 'urn:test:fhirclient'

const task = (value: string): Task => ({
  resourceType: 'Task',
  identifier: [{ system: SYSTEM, value }],
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/smart' },
})

/** http://docs.smarthealthit.org/client-js/client.html, with the adapter for Node.js and a token that it was given */
export const fhirclient = (baseUrl: () => string, accessToken: () => string): void => {
  let client: Untyped
  beforeAll(async () => {
    const smart = (await loadClient('fhirclient')).default
    const request = new IncomingMessage(new Socket())
    const state = { serverUrl: baseUrl(), tokenResponse: { access_token: accessToken() } }
    client = smart(request, new ServerResponse(request)).client(state)
    const patient: Patient = { resourceType: 'Patient', id: 'smart', name: [{ family: 'Example' }] }
    await client.update(patient)
  })

  const create = (value: string, headers?: Record<string, string>): Promise<Task> =>
    client.create(task(value), { headers })
  const statusOf = (attempt: Promise<unknown>): Promise<number | undefined> =>
    attempt.then(
      () => undefined,
      (error) => error.status,
    )
  const idsOf = ({ entry = [] }: Bundle) => entry.map(({ resource }) => resource?.id)

  test('finds out the FHIR release', async () => {
    expect(await client.getFhirVersion()).toBe('4.0.1')
    expect(await client.getFhirRelease()).toBe(4)
  })

  test('creates and reads', async () => {
    const created = await create('crud')
    expect(created).toMatchObject({ ...task('crud'), meta: { versionId: '1' } })
    expect(await client.request(`Task/${created.id}`)).toEqual(created)
    expect(await client.request(`Task/${created.id}/_history/1`)).toEqual(created)
  })

  test('follows the Location of a minimal answer', async () => {
    const minimal = await create('minimal', { prefer: 'return=minimal' })
    expect(minimal).toMatchObject({ ...task('minimal'), meta: { versionId: '1' } })
  })

  test('creates once what is conditional', async () => {
    const ifNoneExist = { 'if-none-exist': `identifier=${SYSTEM}|conditional` }
    const first = await create('conditional', ifNoneExist)
    expect(await create('conditional', ifNoneExist)).toEqual(first)
  })

  test('updates what has not changed, and is told what has', async () => {
    const created = await create('update')
    const update = (status: Task['status'], etag: string) =>
      client.update({ ...created, status }, { headers: { 'if-match': etag } })
    expect(await update('accepted', 'W/"1"')).toMatchObject({ status: 'accepted', meta: { versionId: '2' } })
    expect(await statusOf(update('rejected', 'W/"1"'))).toBe(412)
  })

  test('patches', async () => {
    const { id } = await create('patch')
    const replace = { op: 'replace', path: '/status', value: 'accepted' } as const
    expect(await client.patch(`Task/${id}`, [replace])).toMatchObject({ id, status: 'accepted' })
    const failing = client.patch(`Task/${id}`, [{ op: 'test', path: '/status', value: 'draft' }, replace])
    expect(await statusOf(failing)).toBe(422)
  })

  test('deletes', async () => {
    const { id } = await create('delete')
    expect(await client.delete(`Task/${id}`)).toMatchObject({ status: 204 })
    expect(await statusOf(client.request(`Task/${id}`))).toBe(410)
    expect(await statusOf(client.request('Task/never-was'))).toBe(404)
  })

  test('shows what the server says of a mistake', async () => {
    await expect(client.request('Task?pateint=Patient/smart')).rejects.toThrow(/pateint/)
  })

  test('searches by GET and by POST', async () => {
    const { id } = await create('search')
    const body = `identifier=${encodeURIComponent(`${SYSTEM}|search`)}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(idsOf(await client.request(`Task?${body}`))).toEqual([id])
    expect(idsOf(await client.request({ url: 'Task/_search', method: 'POST', headers, body }))).toEqual([id])
  })

  test('walks the pages of a search to the end, in each of its ways', async () => {
    const made = await Promise.all([...Array(7).keys()].map((n) => create(`page-${n}`)))
    const identifiers = [...Array(7).keys()].map((n) => `${SYSTEM}|page-${n}`).join()
    const url = `Task?identifier=${encodeURIComponent(identifiers)}&_sort=_lastUpdated&_count=3`
    const ids = made.map(({ id }) => id).sort()

    const flat: Task[] = await client.request(url, { pageLimit: 0, flat: true })
    expect(flat.map(({ id }) => id).sort()).toEqual(ids)

    const seen: (string | undefined)[] = []
    await client.request(url, { pageLimit: 0, onPage: (page: Bundle) => void seen.push(...idsOf(page)) })
    expect(seen.sort()).toEqual(ids)

    const resources: (string | undefined)[] = []
    for await (const { id } of client.resources(url)) resources.push(id)
    expect(resources.sort()).toEqual(ids)
  })

  test('resolves references', async () => {
    const { id } = await create('references')
    const read = await client.request(`Task/${id}`, { resolveReferences: ['for'] })
    expect(read.for).toMatchObject({ resourceType: 'Patient', id: 'smart' })
  })

  test('sends a transaction', async () => {
    const fullUrl = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'
    const goal: Goal = {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text: 'Walk' },
      subject: { reference: 'Patient/smart' },
    }
    const bundle: Bundle<Goal | Task> = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { fullUrl, resource: goal, request: { method: 'POST', url: 'Goal' } },
        {
          resource: { ...task('transaction'), focus: { reference: fullUrl } },
          request: { method: 'POST', url: 'Task' },
        },
      ],
    }
    const headers = { 'content-type': 'application/fhir+json' }
    const done: Bundle = await client.request({ url: '/', method: 'POST', headers, body: JSON.stringify(bundle) })
    expect(done.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created'])
    const [goalUrl, taskUrl] = done.entry!.map(({ response }) => response!.location!.replace(/\/_history.*/, ''))
    expect(await client.request(taskUrl!)).toMatchObject({ focus: { reference: goalUrl } })
  })

  test('lists the history of a resource and of a type', async () => {
    const created = await create('history')
    await client.update({ ...created, status: 'accepted' })
    await client.delete(`Task/${created.id}`)
    const methodsOf = (history: Bundle) => history.entry?.map(({ request }) => request?.method)
    expect(methodsOf(await client.request(`Task/${created.id}/_history`))).toEqual(['DELETE', 'PUT', 'POST'])
    const pages: Bundle[] = await client.request('Task/_history?_count=3', { pageLimit: 0 })
    const versions = pages.flatMap(({ entry = [] }) => entry)
    expect(versions.filter(({ request }) => request?.url === `Task/${created.id}`)).toHaveLength(2)
    expect(pages.length).toBeGreaterThan(2)
  })
}
