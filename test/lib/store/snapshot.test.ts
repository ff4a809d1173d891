import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Careloop } from '../../../lib/careloop.ts'
import { createCareloop, onStore } from '../../../lib/careloop.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { originOf, snapshotOf } from '../../../lib/store/snapshot.ts'
import { VersionConflict } from '../../../lib/store/store.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { TickingClock } from '../../support/interleaving.ts'
import { CountingTable } from '../search/counting-table.ts'

let table: CountingTable
let careloop: Careloop

const task = (id: string, others: object = {}): Resource => ({
  resourceType: 'Task',
  id,
  status: 'ready',
  intent: 'order',
  for: { reference: 'Patient/amelia' },
  authoredOn: `2026-11-0${id.length}T10:00:00Z`,
  ...others,
})
const put = async (resource: Resource, { store } = careloop) => {
  const { resourceType: type, id } = resource
  await store.write([{ type, id: id!, resource, base: await store.read(type, id!), method: 'PUT' }])
}
const statusOf = async (id: string, { store }: Pick<Careloop, 'store'>) =>
  (await store.read('Task', id))?.content.status
const search = async ({ search: { all } }: Careloop, query: string) => (await all('Task', query)).map(({ id }) => id)

beforeEach(async () => {
  table = new CountingTable()
  careloop = createCareloop({
    table,
    clock: new TickingClock(),
    ids: { next: () => 'unused' },
    tenant: { ...defaultSettings },
  })
  for (const id of ['aaa', 'b', 'cc']) await put(task(id))
  await put(task('other', { for: { reference: 'Patient/other' } }))
  await put({ resourceType: 'Goal', id: 'g', lifecycleStatus: 'active', subject: { reference: 'Patient/amelia' } })
})

test('what was read once stays as it was, and is not read again, whether it was there or not', async () => {
  const snapshot = snapshotOf(careloop.store)
  await snapshot.readMany([
    { type: 'Task', id: 'b' },
    { type: 'Task', id: 'none' },
  ])
  await put(task('b', { status: 'completed' }))
  await put(task('none'))
  table.reset()
  expect(await statusOf('b', { store: snapshot })).toBe('ready')
  expect(await statusOf('none', { store: snapshot })).toBeUndefined()
  expect(await snapshot.readMany([{ type: 'Task', id: 'b' }])).toHaveLength(1)
  expect(table.units).toBe(0)
  expect(await statusOf('b', { store: snapshotOf(careloop.store) })).toBe('completed')
})

test('what is written through it is as it was written', async () => {
  const store = snapshotOf(careloop.store)
  await put(task('b', { status: 'completed' }), { ...careloop, store })
  expect(await statusOf('b', { store })).toBe('completed')
  expect(await statusOf('b', careloop)).toBe('completed')
})

test('what another has written through itself is not read again, whoever has changed it since', async () => {
  const before = snapshotOf(careloop.store)
  await before.readMany([{ type: 'Task', id: 'cc' }])
  await put(task('b', { status: 'in-progress' }), { ...careloop, store: before })
  await put(task('b', { status: 'completed' }))
  await put(task('cc', { status: 'completed' }))
  const store = snapshotOf(careloop.store, before.written)
  expect(await statusOf('cc', { store })).toBe('completed')
  table.reset()
  expect(await statusOf('b', { store })).toBe('in-progress')
  expect(table.units).toBe(0)
})

test('former versions are read ahead with the rest, and those that were not, when they are asked for', async () => {
  for (const status of ['in-progress', 'completed']) await put(task('b', { status }))
  const store = snapshotOf(careloop.store)
  const b = { type: 'Task', id: 'b' }
  await store.readAhead(
    [b],
    [
      { ...b, v: 2 },
      { ...b, v: 7 },
    ],
  )
  table.reset()
  expect([(await store.vread('Task', 'b', 2))?.content.status, await statusOf('b', { store })]).toEqual([
    'in-progress',
    'completed',
  ])
  expect(table.units).toBe(0)
  expect((await store.vread('Task', 'b', 1))?.content.status).toBe('ready')
  expect(await store.vread('Task', 'b', 7)).toBeUndefined()
})

test('what others have written since makes a write of what was read fail', async () => {
  const store = snapshotOf(careloop.store)
  const base = await store.read('Task', 'b')
  await put(task('b', { status: 'in-progress' }))
  const write = store.write([{ type: 'Task', id: 'b', resource: task('b', { status: 'failed' }), base, method: 'PUT' }])
  await expect(write).rejects.toThrow(VersionConflict)
  expect(await statusOf('b', careloop)).toBe('in-progress')
})

describe('a compartment', () => {
  test('tells of all that is in it, of any type', async () => {
    const found = await snapshotOf(careloop.store).compartment('amelia')
    expect(found.map(({ type, id }) => `${type}/${id}`).sort()).toEqual(['Goal/g', 'Task/aaa', 'Task/b', 'Task/cc'])
  })

  test.each([
    'patient=Patient/amelia',
    'patient=Patient/amelia&status=ready',
    'patient=Patient/amelia&status=completed',
    'patient=Patient/amelia&authored-on=ge2026-11-02',
    'patient=Patient/amelia&_sort=-authored-on',
    'patient=Patient/other',
  ])('once it is read, a search for %s gives what it always does', async (query) => {
    await put(task('b', { status: 'completed' }))
    const look = onStore(careloop, snapshotOf(careloop.store))
    await look.store.compartment('amelia')
    expect(await search(look, query)).toEqual(await search(careloop, query))
  })

  test('too large to be read at once is searched as ever', async () => {
    const writes = Array.from({ length: 1_000 }, (_, n) => task(`many-${n}`))
    await careloop.store.write(
      writes.map((resource) => ({ type: 'Task', id: resource.id!, resource, method: 'PUT' as const })),
    )
    const look = onStore(careloop, snapshotOf(careloop.store))
    expect(await look.store.compartment('amelia')).toEqual([])
    expect(await look.search.all('Task', 'patient=Patient/amelia', 2_000)).toHaveLength(1_003)
  })

  test('and what is in it cost nothing more to search', async () => {
    const look = onStore(careloop, snapshotOf(careloop.store))
    await look.store.readMany(await look.store.compartment('amelia'))
    table.reset()
    expect(await search(look, 'patient=Patient/amelia&status=ready')).toHaveLength(3)
    expect(table.units).toBe(0)
  })
})

test('knows the store that it is of', () => {
  const snapshot = snapshotOf(careloop.store)
  expect(originOf(snapshotOf(snapshot))).toBe(careloop.store)
  expect(originOf(careloop.store)).toBe(careloop.store)
})
