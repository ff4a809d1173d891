import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Clock, instantOf } from '../../../lib/clock.ts'
import { readChangeLog } from '../../../lib/store/change-log.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { createStore, type Store } from '../../../lib/store/store.ts'

const indexing = () => ({ postings: () => [], wakeAt: () => undefined })

/** Two writes in a row may have the same instant. */
const slowClock = (): Clock => {
  let asked = 0
  return { now: () => instantOf(Date.UTC(2026, 0, 1) + Math.floor(asked++ / 2)) }
}

const pages = async (store: Store, types: string[], limit: number): Promise<string[]> => {
  const seen: string[] = []
  let after: string | undefined
  for (;;) {
    const { changes, position, more } = await readChangeLog(store, { types, after, limit })
    expect(changes.length).toBeLessThanOrEqual(limit)
    seen.push(...changes.map(({ change: { version } }) => `${version.type}/${version.id}@${version.v}`))
    if (!more) return seen
    after = position
  }
}

const write = fc.record({ type: fc.constantFrom('A', 'B'), id: fc.constantFrom('1', '2', '3'), isDelete: fc.boolean() })

test('pages of any size hold every version once, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (writes, limit) => {
      const store = createStore({ table: new MemoryTable(), clock: slowClock(), indexing })
      const updated = new Map<string, string>()
      for (const { type, id, isDelete } of writes) {
        const base = await store.read(type, id)
        const resource = isDelete && base ? undefined : { resourceType: type, n: updated.size }
        const [version] = await store.write([{ type, id, resource, base, method: resource ? 'PUT' : 'DELETE' }])
        updated.set(`${type}/${id}@${version!.v}`, version!.updated)
      }
      const seen = await pages(store, ['A', 'B'], limit)
      expect([...seen].sort()).toEqual([...updated.keys()].sort())
      const instants = seen.map((key) => updated.get(key)!)
      expect(instants).toEqual([...instants].sort().reverse())
      expect(await pages(store, ['A'], limit)).toEqual(seen.filter((key) => key.startsWith('A')))
    }),
    { numRuns: 50 },
  )
})

test('a version is told with when the next one superseded it', async () => {
  const store = createStore({ table: new MemoryTable(), clock: slowClock(), indexing })
  const [first] = await store.write([{ type: 'A', id: '1', resource: { resourceType: 'A' }, method: 'PUT' }])
  const [second] = await store.write([{ type: 'A', id: '1', base: first, method: 'DELETE' }])
  const { changes, more } = await readChangeLog(store, { types: ['A'], limit: 10 })
  expect(changes.map(({ change }) => [change.version.v, change.superseded])).toEqual([
    [2, undefined],
    [1, second!.updated],
  ])
  expect(more).toBe(false)
})

test('bounds are inclusive', async () => {
  const store = createStore({ table: new MemoryTable(), clock: slowClock(), indexing })
  const instants: string[] = []
  for (let id = 1; id <= 6; id += 1) {
    const resource = { resourceType: 'A' }
    instants.push((await store.write([{ type: 'A', id: `${id}`, resource, method: 'PUT' }]))[0]!.updated)
  }
  const [from, to] = [instants[2]!, instants[4]!]
  const { changes } = await readChangeLog(store, { types: ['A'], from, to, limit: 10 })
  expect(changes.map(({ change }) => change.version.updated).sort()).toEqual(
    instants.filter((instant) => instant >= from && instant <= to),
  )
})
