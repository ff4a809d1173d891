import { beforeAll, expect, test } from '@jest/globals'
import type { Bundle, Goal, OperationOutcome, Patient, Resource, Task } from 'fhir/r4'
import { loadClient, type Untyped } from './load-client.ts'

const SYSTEM = 'urn:test:medplum'

const task = (value: string): Task => ({
  resourceType: 'Task',
  identifier: [{ system: SYSTEM, value }],
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/medplum' },
})

/** https://www.medplum.com/docs/sdk/core.medplumclient: its FHIR part, which is below `fhirUrlPath` */
export const medplumClient = (baseUrl: () => string, accessToken: () => string): void => {
  let core: Untyped
  let medplum: Untyped
  beforeAll(async () => {
    core = await loadClient('@medplum/core')
    medplum = connect()
    const patient: Patient = { resourceType: 'Patient', id: 'medplum', name: [{ family: 'Example' }] }
    await medplum.updateResource(patient)
  })
  const connect = (options = {}) =>
    new core.MedplumClient({
      baseUrl: new URL('/', baseUrl()).href,
      fhirUrlPath: 'fhir',
      cacheTime: 0,
      accessToken: accessToken(),
      ...options,
    })

  const outcomeOf = async (attempt: Promise<unknown>): Promise<OperationOutcome> => {
    const error = await attempt.then(
      () => undefined,
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(core.OperationOutcomeError)
    return error.outcome
  }

  test('creates, reads, and reads a version', async () => {
    const created = await medplum.createResource(task('crud'))
    expect(created).toMatchObject({ ...task('crud'), meta: { versionId: '1' } })
    expect(await medplum.readResource('Task', created.id)).toEqual(created)
    expect(await medplum.readVersion('Task', created.id, '1')).toEqual(created)
    expect(await medplum.readReference({ reference: `Task/${created.id}` })).toEqual(created)
  })

  test('creates once what is conditional', async () => {
    const ifNoneExist = () => medplum.createResourceIfNoneExist(task('conditional'), `identifier=${SYSTEM}|conditional`)
    const first = await ifNoneExist()
    expect(await ifNoneExist()).toEqual(first)
  })

  test('updates what has not changed, and is told what has', async () => {
    const created = await medplum.createResource(task('update'))
    const update = (status: Task['status'], etag: string) =>
      medplum.updateResource({ ...created, status }, { headers: { 'If-Match': etag } })
    expect(await update('accepted', 'W/"1"')).toMatchObject({ status: 'accepted', meta: { versionId: '2' } })
    expect(await outcomeOf(update('rejected', 'W/"1"'))).toMatchObject({ issue: [{ code: 'conflict' }] })
  })

  test('updates by criteria what is there, and creates what is not', async () => {
    const upsert = (status: Task['status']) =>
      medplum.upsertResource({ ...task('upsert'), status }, { identifier: `${SYSTEM}|upsert` })
    const made = await upsert('requested')
    expect(await upsert('accepted')).toMatchObject({ id: made.id, status: 'accepted', meta: { versionId: '2' } })
  })

  test('patches', async () => {
    const { id } = await medplum.createResource(task('patch'))
    const replace = { op: 'replace', path: '/status', value: 'accepted' } as const
    expect(await medplum.patchResource('Task', id, [replace])).toMatchObject({ id, status: 'accepted' })
    const failing = medplum.patchResource('Task', id, [{ op: 'test', path: '/status', value: 'draft' }, replace])
    expect(await outcomeOf(failing)).toMatchObject({ issue: [{ code: 'processing' }] })
  })

  test('deletes', async () => {
    const { id } = await medplum.createResource(task('delete'))
    await medplum.deleteResource('Task', id)
    expect(await outcomeOf(medplum.readResource('Task', id))).toMatchObject({ issue: [{ code: 'deleted' }] })
    expect(await outcomeOf(medplum.readResource('Task', 'never'))).toMatchObject({ issue: [{ code: 'not-found' }] })
  })

  test('searches', async () => {
    const { id } = await medplum.createResource(task('search'))
    const identifier = `${SYSTEM}|search`
    expect(await medplum.searchOne('Task', { identifier })).toMatchObject({ id })
    expect(await medplum.searchOne('Task', { identifier: `${SYSTEM}|none` })).toBeUndefined()
    expect((await medplum.search('Task', `identifier=${identifier}&_total=accurate`)).total).toBe(1)
    const found = await medplum.searchResources('Task', new URLSearchParams({ identifier }))
    expect(found.map((resource: Resource) => resource.id)).toEqual([id])
    const unknown = await outcomeOf(medplum.search('Task', { pateint: 'Patient/medplum' }))
    expect(unknown.issue[0]?.diagnostics).toContain('pateint')
  })

  test('walks the pages of a search to the end', async () => {
    const values = [...Array(7).keys()].map((n) => `page-${n}`)
    const made = await Promise.all(values.map((value) => medplum.createResource(task(value))))
    const identifier = values.map((value) => `${SYSTEM}|${value}`).join()
    const paged = async (query: Record<string, string>) => {
      const pages: (string | undefined)[][] = []
      for await (const page of medplum.searchResourcePages('Task', query))
        pages.push(page.map(({ id }: Resource) => id))
      return pages
    }
    const ids = made.map(({ id }) => id).sort()
    const pages = await paged({ identifier, _sort: '_lastUpdated', _count: '3' })
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(pages.flat().sort()).toEqual(ids)
    // Without a _count it asks for 1,000 a page: more than there are to be had.
    expect((await paged({ identifier })).flat().sort()).toEqual(ids)
  })

  test('sends a transaction', async () => {
    const fullUrl = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'
    const goal: Goal = {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text: 'Walk' },
      subject: { reference: 'Patient/medplum' },
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
    const done: Bundle = await medplum.executeBatch(bundle)
    expect(done.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created'])
    const [goalUrl, taskUrl] = done.entry!.map(({ response }) => response!.location!.replace(/\/_history.*/, ''))
    expect(await medplum.readReference({ reference: taskUrl! })).toMatchObject({ focus: { reference: goalUrl } })
  })

  test('puts reads that come together into one batch by itself', async () => {
    const { id } = await medplum.createResource(task('auto-batch'))
    const sent: string[] = []
    const batching = connect({
      autoBatchTime: 10,
      fetch: (url: string, init: RequestInit) => {
        sent.push(init.method!)
        return fetch(url, init)
      },
    })
    const [read, found, missing] = await Promise.all([
      batching.readResource('Task', id),
      batching.searchResources('Task', { identifier: `${SYSTEM}|auto-batch` }),
      outcomeOf(batching.readResource('Task', 'never')),
    ])
    expect([read.id, found.map((resource: Resource) => resource.id), missing.issue[0]?.code]).toEqual([
      id,
      [id],
      'not-found',
    ])
    expect(sent).toEqual(['POST'])
  })

  test('lists the history of a resource, page by page, and of a type', async () => {
    const created = await medplum.createResource(task('history'))
    await medplum.updateResource({ ...created, status: 'accepted' })
    await medplum.deleteResource('Task', created.id)
    const history: Bundle = await medplum.readHistory('Task', created.id)
    expect(history.entry?.map(({ request }) => request?.method)).toEqual(['DELETE', 'PUT', 'POST'])
    const page: Bundle = await medplum.readHistory('Task', created.id, { count: 2 })
    expect(page.entry).toHaveLength(2)
    const next = page.link?.find(({ relation }) => relation === 'next')?.url
    expect((await medplum.get(next!)).entry).toHaveLength(1)
    const ofType: Bundle = await medplum.get(medplum.fhirUrl('Task', '_history'))
    expect(ofType.entry?.[0]).toMatchObject({ request: { method: 'DELETE', url: `Task/${created.id}` } })
  })

  test('validates, and reads everything of a patient', async () => {
    const outcome = await medplum.validateResource({ resourceType: 'Task', intent: 'order' })
    expect(outcome.issue).toContainEqual(expect.objectContaining({ expression: ['Task.status'] }))
    const everything = await medplum.readPatientEverything('medplum')
    expect(everything.entry?.[0]?.resource).toMatchObject({ resourceType: 'Patient', id: 'medplum' })
  })
}
