import { beforeAll, expect, test } from '@jest/globals'
import type { Bundle, Goal, Patient, Task } from 'fhir/r4'
import { loadClient, type Untyped } from './load-client.ts'

const SYSTEM = 'urn:test:fhir-kit-client'

const task = (value: string): Task => ({
  resourceType: 'Task',
  identifier: [{ system: SYSTEM, value }],
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/kit' },
})

/** https://github.com/Vermonster/fhir-kit-client#api-reference */
export const fhirKitClient = (baseUrl: () => string, accessToken: () => string): void => {
  let kit: Untyped
  let client: Untyped
  beforeAll(async () => {
    kit = await loadClient('fhir-kit-client')
    client = new kit.Client({ baseUrl: baseUrl(), bearerToken: accessToken() })
    const patient: Patient = { resourceType: 'Patient', id: 'kit', name: [{ family: 'Example' }] }
    await client.update({ resourceType: 'Patient', id: 'kit', body: patient })
  })

  const create = (body: Task, headers?: Record<string, string>): Promise<Task> =>
    client.create({ resourceType: body.resourceType, body, options: { headers } })
  const answerOf = (resource: object): Response => kit.Client.httpFor(resource).response
  const failureOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => undefined,
      (error) => error.response,
    )
  /** Ids of the resources on a page and all that follow it. */
  const walk = async (first: Bundle): Promise<(string | undefined)[]> => {
    const ids: (string | undefined)[] = []
    for (let bundle = first; bundle; bundle = await client.nextPage({ bundle }))
      ids.push(...(bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource.id] : [])))
    return ids
  }

  test('reads the CapabilityStatement', async () => {
    const tool = new kit.CapabilityTool(await client.capabilityStatement())
    expect([tool.serverCan('transaction'), tool.serverCan('batch'), tool.serverCan('history-system')]).toEqual([
      true,
      true,
      true,
    ])
    expect(tool.serverSearch('_lastUpdated')).toBe(true)
    expect(tool.resourceCan('Task', 'patch')).toBe(true)
    expect(tool.resourceSearch('Task', 'due-date')).toBe(true)
    expect(tool.resourceSearch('Task', 'no-such')).toBe(false)
    expect(tool.capabilityContents({ resourceType: 'Task', capabilityType: 'conditionalDelete' })).toBe('multiple')
  })

  test('creates, reads, and reads a version', async () => {
    const created = await create(task('crud'))
    expect(answerOf(created).status).toBe(201)
    expect(answerOf(created).headers.get('location')).toBe(`${baseUrl()}/Task/${created.id}/_history/1`)
    expect(await client.read({ resourceType: 'Task', id: created.id })).toEqual(created)
    expect(await client.vread({ resourceType: 'Task', id: created.id, version: '1' })).toEqual(created)
    expect(await client.resolve({ reference: `Task/${created.id}` })).toEqual(created)
    expect(await client.resolve({ reference: `${baseUrl()}/Task/${created.id}` })).toEqual(created)
  })

  test('gets an empty body when it prefers a minimal return', async () => {
    const created = await create(task('minimal'), { Prefer: 'return=minimal' })
    expect([answerOf(created).status, Object.keys(created)]).toEqual([201, []])
  })

  test('creates once what is conditional', async () => {
    const ifNoneExist = { 'If-None-Exist': `identifier=${SYSTEM}|conditional` }
    const first = await create(task('conditional'), ifNoneExist)
    const second = await create(task('conditional'), ifNoneExist)
    expect([answerOf(first).status, answerOf(second).status]).toEqual([201, 200])
    expect(second).toEqual(first)
  })

  test('updates what has not changed, and is told what has', async () => {
    const { id, ...created } = await create(task('update'))
    const update = (status: Task['status'], etag: string) =>
      client.update({
        resourceType: 'Task',
        id,
        body: { ...created, id, status },
        options: { headers: { 'If-Match': etag } },
      })
    const updated = await update('accepted', 'W/"1"')
    expect(updated).toMatchObject({ status: 'accepted', meta: { versionId: '2' } })
    expect(answerOf(updated).headers.get('etag')).toBe('W/"2"')
    const stale = await failureOf(update('rejected', 'W/"1"'))
    expect(stale).toMatchObject({ status: 412, data: { resourceType: 'OperationOutcome' } })
  })

  test('updates by criteria', async () => {
    const update = (status: Task['status']) =>
      client.update({
        resourceType: 'Task',
        searchParams: { identifier: `${SYSTEM}|by-criteria` },
        body: { ...task('by-criteria'), status },
      })
    const [made, updated] = [await update('requested'), await update('accepted')]
    expect([answerOf(made).status, answerOf(updated).status]).toEqual([201, 200])
    expect(updated).toMatchObject({ id: made.id, status: 'accepted' })
  })

  test('patches', async () => {
    const { id } = await create(task('patch'))
    const patch = (jsonPatch: object[]) => client.patch({ resourceType: 'Task', id, jsonPatch })
    const replace = { op: 'replace', path: '/status', value: 'accepted' }
    expect(await patch([replace])).toMatchObject({ status: 'accepted', meta: { versionId: '2' } })
    const failing = await failureOf(patch([{ op: 'test', path: '/status', value: 'draft' }, replace]))
    expect(failing.status).toBe(422)
  })

  test('deletes', async () => {
    const { id } = await create(task('delete'))
    expect(answerOf(await client.delete({ resourceType: 'Task', id })).status).toBe(204)
    expect((await failureOf(client.read({ resourceType: 'Task', id }))).status).toBe(410)
    expect((await failureOf(client.read({ resourceType: 'Task', id: 'never-was' }))).status).toBe(404)
  })

  test('searches a type, a compartment and the system, by GET and by POST', async () => {
    const { id } = await create(task('search'))
    const identifier = `${SYSTEM}|search`
    const compartment = { resourceType: 'Patient', id: 'kit' }
    for (const options of [{}, { postSearch: true }]) {
      const found: Bundle[] = await Promise.all([
        client.search({ resourceType: 'Task', searchParams: { identifier, _count: '5' }, options }),
        client.search({ resourceType: 'Task', compartment, searchParams: { identifier }, options }),
        client.search({ searchParams: { _type: 'Task,ServiceRequest', identifier }, options }),
      ])
      expect(found.map(({ type, entry }) => [type, entry?.map(({ resource }) => resource?.id)])).toEqual(
        found.map(() => ['searchset', [id]]),
      )
    }
  })

  test('is told of a search parameter that is not there', async () => {
    const failure = await failureOf(client.search({ resourceType: 'Task', searchParams: { pateint: 'Patient/kit' } }))
    expect(failure).toMatchObject({
      status: 400,
      data: { issue: [{ diagnostics: expect.stringContaining('pateint') }] },
    })
  })

  test('walks the pages of a search to the end', async () => {
    const made = await Promise.all([...Array(7).keys()].map((n) => create({ ...task(`page-${n}`), priority: 'stat' })))
    const first = await client.search({
      resourceType: 'Task',
      searchParams: { patient: 'Patient/kit', priority: 'stat', _sort: '_lastUpdated', _count: '3' },
    })
    expect(client.prevPage({ bundle: first })).toBeUndefined()
    const ids = await walk(first)
    expect(ids.sort()).toEqual(made.map(({ id }) => id).sort())
  })

  test('sends a transaction and a batch', async () => {
    const fullUrl = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'
    const goal: Goal = {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text: 'Walk' },
      subject: { reference: 'Patient/kit' },
    }
    const body: Bundle<Goal | Task> = {
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
    const done: Bundle = await client.transaction({ body })
    expect(done.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created'])
    const [goalUrl, taskUrl] = done.entry!.map(({ response }) => response!.location!.replace(/\/_history.*/, ''))
    expect(await client.request(taskUrl!)).toMatchObject({ focus: { reference: goalUrl } })

    const urls = [taskUrl!, 'Task/never-was', `Task?identifier=${SYSTEM}|transaction`]
    const batch: Bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: urls.map((url) => ({ request: { method: 'GET', url } })),
    }
    const { entry }: Bundle = await client.batch({ body: batch })
    expect(entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual(['200', '404', '200'])
  })

  test('lists the history of a resource, a type and the system', async () => {
    const { id } = await create(task('history'))
    await client.update({ resourceType: 'Task', id, body: { ...task('history'), id, status: 'accepted' } })
    await client.delete({ resourceType: 'Task', id })
    const ofInstance: Bundle = await client.history({ resourceType: 'Task', id })
    expect(ofInstance.entry?.map(({ request }) => request?.method)).toEqual(['DELETE', 'PUT', 'POST'])
    for (const history of [await client.history({ resourceType: 'Task' }), await client.history()]) {
      expect(history.type).toBe('history')
      expect(history.entry?.[0]).toMatchObject({ request: { method: 'DELETE', url: `Task/${id}` } })
      const versions = await walk(history)
      expect(versions.filter((version) => version === id)).toHaveLength(2)
    }
  })

  test('calls operations', async () => {
    const validated = await client.operation({ name: 'validate', resourceType: 'Task', input: task('valid') })
    expect(validated.resourceType).toBe('OperationOutcome')
    const everything = { name: 'everything', resourceType: 'Patient', id: 'kit' }
    const input = { resourceType: 'Parameters', parameter: [{ name: '_count', valueInteger: 1 }] }
    const answers: Bundle[] = await Promise.all([
      client.operation(everything),
      client.operation({ ...everything, input }),
      client.operation({ ...everything, method: 'GET', input: { _count: 1 } }),
    ])
    for (const { entry } of answers) expect(entry?.[0]?.resource).toMatchObject({ resourceType: 'Patient', id: 'kit' })
    const meta = await client.operation({ name: 'meta', resourceType: 'Patient', id: 'kit' })
    expect(meta).toMatchObject({ resourceType: 'Parameters' })
  })
}
