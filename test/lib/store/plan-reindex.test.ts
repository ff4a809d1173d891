import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import type { Resource } from '../../../lib/fhir.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { planReindex, type ReindexPlan } from '../../../lib/store/plan-reindex.ts'
import type { Indexing } from '../../../lib/store/plan-write.ts'
import { createStore, type Store } from '../../../lib/store/store.ts'
import { steppingClock, type TestApi, testApi } from '../../support/api.ts'
import { exampleTask } from '../../support/example-resources.ts'

const today = createIndexing({ declarations, timeZone: 'America/Chicago' })

/** A release that did not list Tasks by their owner. */
const before = (type: string): Indexing => ({
  ...today(type),
  postings: (resource: Resource) =>
    today(type)
      .postings(resource)
      .filter(({ pk }) => !pk.startsWith('Task?owner=')),
})

const OWNED = exampleTask({ owner: { reference: 'Practitioner/nurse' } })

let table: MemoryTable
let old: Store
let api: TestApi
beforeEach(async () => {
  table = new MemoryTable()
  old = createStore({ table, clock: steppingClock(), indexing: before })
  api = testApi({ table })
  await old.write([{ type: 'Task', id: '1', resource: OWNED, method: 'PUT' }])
})

const owned = async (): Promise<number> =>
  ((await api.get<Bundle>('/Task?owner=Practitioner/nurse')).body.entry ?? []).length

const plan = async (): Promise<ReindexPlan | undefined> =>
  planReindex((await table.get({ pk: 'Task/1', sk: 'current' }))!, today('Task'))

describe('the plan of a reindex', () => {
  test('puts a resource into its new list, and then there is nothing to do', async () => {
    expect(await owned()).toBe(0)
    const { before: rows, commit } = (await plan())!
    await table.writeMany(rows, [])
    await table.put(commit.item, commit.condition)
    expect(await owned()).toBe(1)
    expect(await plan()).toBeUndefined()
    expect((await api.get('/Task/1')).headers.etag).toBe('W/"1"')
  })

  test('is not undone by a search that meets its rows before the commit', async () => {
    const { before: rows, commit } = (await plan())!
    await table.writeMany(rows, [])
    expect(await owned()).toBe(0)
    await table.put(commit.item, commit.condition)
    expect(await owned()).toBe(1)
  })

  test('does not stand in the way of a writer who read before it and commits after it', async () => {
    const base = (await api.careloop.store.read('Task', '1'))!
    const { before: rows, commit } = (await plan())!
    await table.writeMany(rows, [])
    await table.put(commit.item, commit.condition)
    const resource = { ...OWNED, description: 'changed meanwhile' }
    await api.careloop.store.write([{ type: 'Task', id: '1', resource, base, method: 'PUT' }])
    expect(await owned()).toBe(1)
    expect(await plan()).toBeUndefined()
  })

  test('is refused when somebody has written since', async () => {
    const { before: rows, commit } = (await plan())!
    await api.put('/Task/1', { ...OWNED, id: '1', owner: { reference: 'Practitioner/other' } })
    await table.writeMany(rows, [])
    await expect(table.put(commit.item, commit.condition)).rejects.toThrow('did not hold')
    expect(await owned()).toBe(0)
  })
})
