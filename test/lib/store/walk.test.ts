import { describe, expect, test } from '@jest/globals'
import { logPartition, shardOf, valuePartition } from '../../../lib/store/keys.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { createStore } from '../../../lib/store/store.ts'
import type { Item, Table } from '../../../lib/store/table.ts'
import { type Hit, type RowStream, Walk, type WalkedTable, type WalkOptions } from '../../../lib/store/walk.ts'
import { TickingClock } from '../../support/interleaving.ts'
import { byOwner, everyNote, type Note, type NoteContent, notes, openNotes } from '../../support/notes.ts'

const setUp = () => {
  const store = createStore({ table: new MemoryTable(), clock: new TickingClock(), indexing: () => notes })
  const { table } = store
  const put = async (id: string, content: Partial<NoteContent> = {}) => {
    const note = { ...{ resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true }, ...content } as Note
    await store.write([{ type: 'Note', id, resource: note, base: await store.read('Note', id), method: 'PUT' }])
  }
  const remove = async (id: string) =>
    store.write([{ type: 'Note', id, base: await store.read('Note', id), method: 'DELETE' }])
  return { table, store, put, remove }
}

const ids = (hits: readonly Hit[]) => hits.map(({ version }) => version.id)

const walkAll = async (table: WalkedTable, streams: readonly RowStream[], options: WalkOptions = {}, stride = 3) => {
  const walk = new Walk(table, streams, options)
  const hits: Hit[] = []
  while (!walk.done) hits.push(...(await walk.next(stride)))
  return hits
}

const owned = (...owners: string[]) => byOwner(...owners).streams
const ownerList = valuePartition('Note', 'owner', 'A')
const row = (sk: string): Item => ({ pk: ownerList, sk })
const rowsOf = async (table: Table) => (await table.query({ pk: ownerList, limit: 999 })).items.map(({ sk }) => sk)

/** The reads of a walk one after the other, and what happens before some of them: by kind and number, from 1. */
const meanwhile = (table: WalkedTable, events: Record<`${'query' | 'getMany'} ${number}`, () => Promise<unknown>>) => {
  const calls = { query: 0, getMany: 0 }
  let last: Promise<unknown> = Promise.resolve()
  const after = <T>(kind: keyof typeof calls, read: () => Promise<T>): Promise<T> => {
    calls[kind] += 1
    const event = events[`${kind} ${calls[kind]}`]
    const result = last.then(event).then(read)
    last = result
    return result
  }
  return {
    ...table,
    query: (bounds) => after('query', () => table.query(bounds)),
    getMany: (keys) => after('getMany', () => table.getMany(keys)),
  } satisfies WalkedTable
}

describe('a walk', () => {
  test('gives resources in order, in either direction, from anywhere, however many at a time', async () => {
    const { table, put } = setUp()
    const order = ['10', '1', '9', 'a-1', 'a.1', 'a1', 'a']
    for (const id of [...order].reverse()) await put(id, { date: '2026-01-01' })
    await put('first', { date: '2025-01-01' })
    await put('none')
    await put('closed', { open: false, date: '2020-01-01' })
    const expected = ['first', ...order, 'none', 'closed']
    for (const stride of [1, 2, 100])
      for (const descending of [false, true]) {
        const directed = descending ? expected.toReversed() : expected
        const hits = await walkAll(table, owned('A'), { descending }, stride)
        expect(ids(hits)).toEqual(directed)
        for (const [index, { position }] of hits.entries())
          expect(ids(await walkAll(table, owned('A'), { descending, after: position }, stride))).toEqual(
            directed.slice(index + 1),
          )
      }
  })

  test('merges streams in the order of their sort keys, also where one id begins with another', async () => {
    const { table, put } = setUp()
    const expected = ['1-1', '10', '11', '1']
    for (const [n, id] of expected.entries()) await put(id, { owner: n % 2 ? 'A' : 'B' })
    expect(ids(await walkAll(table, owned('A', 'B'), {}, 1))).toEqual(expected)
    const walk = new Walk(table, owned('A', 'B'), {})
    await walk.next(2)
    expect(ids(await walkAll(table, owned('A', 'B'), { after: walk.position }))).toEqual(['11', '1'])
  })

  test('gives a resource of several streams once', async () => {
    const { table, put } = setUp()
    await put('1', { tags: ['x', 'y'] })
    await put('2', { tags: ['y'] })
    const streams = [...owned('A'), ...['x', 'y'].map((tag) => ({ ...owned('A')[0]!, pk: `Note?tag=${tag}` }))]
    expect(ids(await walkAll(table, streams, {}, 1))).toEqual(['1', '2'])
  })

  test('stays within the bounds of its streams, both included', async () => {
    const { table, put } = setUp()
    for (const day of [1, 2, 3, 4]) await put(`d${day}`, { date: `2026-01-0${day}` })
    const [stream] = owned('A')
    const bounded = { ...stream!, from: '02026-01-02', to: '02026-01-03' }
    expect(ids(await walkAll(table, [bounded]))).toEqual(['d2', 'd3'])
    expect(ids(await walkAll(table, [bounded], { descending: true, after: '02026-01-03#d3' }))).toEqual(['d2'])
    expect(await walkAll(table, [bounded], { after: '02026-01-04#d4' })).toEqual([])
    expect(ids(await walkAll(table, [bounded], { after: '02026-01-01#d1' }))).toEqual(['d2', 'd3'])
  })

  test('knows its place and its cost', async () => {
    const { table, put } = setUp()
    for (const id of ['1', '2', '3']) await put(id)
    const walk = new Walk(table, owned('A'), {})
    expect([walk.done, walk.position, walk.rows]).toEqual([false, undefined, 0])
    expect(ids(await walk.next(2))).toEqual(['1', '2'])
    expect([walk.done, walk.position, walk.rows]).toEqual([false, '0~#2', 2])
    expect(ids(await walk.next(2))).toEqual(['3'])
    expect([walk.done, walk.position]).toEqual([true, '0~#3'])
    expect(await walk.next(2)).toEqual([])
  })

  test('of nothing', async () => {
    const { table } = setUp()
    expect(await walkAll(table, owned('A', 'B'))).toEqual([])
    expect(await walkAll(table, [])).toEqual([])
  })

  test('of more rows than one query takes', async () => {
    const { table, put } = setUp()
    const all = Array.from({ length: 450 }, (_, n) => `n${String(n).padStart(3, '0')}`)
    for (const id of all) await put(id)
    expect(ids(await walkAll(table, owned('A'), {}, 1000))).toEqual(all)
    expect(ids(await walkAll(table, openNotes().streams, {}, 7))).toEqual(all)
  })

  test('of the change log gives each live resource once, at its last change', async () => {
    const { table, put, remove } = setUp()
    for (const id of ['1', '2', '3', '1', '2', '4']) await put(id)
    await remove('4')
    expect(ids(await walkAll(table, everyNote().streams, {}, 1))).toEqual(['3', '1', '2'])
    expect(ids(await walkAll(table, everyNote().streams, { descending: true }, 2))).toEqual(['2', '1', '3'])
  })
})

describe('a row', () => {
  test('that no version asserts is dead: not given, and removed in passing', async () => {
    const { table, put, remove } = setUp()
    await put('1')
    await put('1', { owner: 'B' })
    await put('2')
    await put('3')
    await remove('3')
    await table.writeMany(['0~#1@1', '0~#1@2', '09999#2@1', '0~#3@1', '0~#3@2'].map(row), [])
    expect(ids(await walkAll(table, owned('A'), {}, 1))).toEqual(['2'])
    expect(await rowsOf(table)).toEqual(['0~#2@1'])
  })

  test('of a write that has not been committed yet is not given, and stays', async () => {
    const { table, put } = setUp()
    await put('1', { owner: 'B' })
    await table.writeMany(['0~#1@2', '0~#2@1'].map(row), [])
    expect(await walkAll(table, owned('A'))).toEqual([])
    expect(await rowsOf(table)).toEqual(['0~#1@2', '0~#2@1'])
  })

  test('that cannot be removed does not fail the walk', async () => {
    const { table, put } = setUp()
    await put('1')
    await put('1', { owner: 'B' })
    await table.writeMany([row('0~#1@1')], [])
    let queries = 0
    const stubborn = new Proxy(table, {
      get: (target, name: keyof WalkedTable) => {
        if (name === 'query') queries += 1
        return name === 'writeMany' ? () => Promise.reject(new Error('no')) : target[name].bind(target)
      },
    })
    const [stream] = owned('A')
    expect(await walkAll(stubborn, [stream!])).toEqual([])
    // The resource itself tells that it has not moved to where the walk would have to look.
    expect(queries).toBe(1)
  })

  test('is not what a claim is, though it shares the partition', async () => {
    const { table, store } = setUp()
    const resource = { resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true }
    await store.write([{ type: 'Note', id: '1', resource, method: 'POST', claim: { criteria: 'owner=A' } }])
    expect(await rowsOf(table)).toEqual(['0~#1@1', 'claim'])
    for (const descending of [false, true]) {
      const walk = new Walk(table, owned('A'), { descending })
      expect(ids(await walk.next(1))).toEqual(['1'])
      expect([walk.done, walk.rows, walk.position]).toEqual([true, 1, '0~#1'])
    }
  })

  test('of the log that lost the race for its version is not a change', async () => {
    const { table, put } = setUp()
    await put('1')
    const lost = { pk: logPartition('Note', shardOf('1')), sk: '2026-12-31T00:00:00.000Z#1@1' }
    await table.writeMany([lost], [])
    const [hit, ...others] = await walkAll(table, everyNote().streams, { descending: true })
    expect(hit?.position).toBe(`${hit?.version.updated}#1`)
    expect(others).toEqual([])
  })
})

describe('a resource that moves while it is walked past', () => {
  test('from ahead to behind is given at the end', async () => {
    const { table, put } = setUp()
    for (const [n, id] of ['a', 'b', 'c', 'd'].entries()) await put(id, { date: `2026-01-0${n + 2}` })
    const moving = meanwhile(table, { 'query 2': () => put('d', { date: '2026-01-01' }) })
    const hits = await walkAll(moving, owned('A'), {}, 1)
    expect(ids(hits)).toEqual(['a', 'b', 'c', 'd'])
    expect(hits.at(-1)).toMatchObject({ version: { v: 2 }, position: hits.at(-2)!.position })
  })

  test('from a list still to be read to one read already is given at the end', async () => {
    const { table, put } = setUp()
    await put('a', { owner: 'B' })
    const moving = meanwhile(table, { 'query 2': () => put('a', { owner: 'A' }) })
    expect(ids(await walkAll(moving, owned('A', 'B')))).toEqual(['a'])
  })

  test('is given however often it moves, once a row of it was met', async () => {
    const { table, put } = setUp()
    await put('a', { owner: 'B' })
    const moving = meanwhile(table, {
      'getMany 1': () => put('a', { owner: 'A' }),
      // The lists are looked at once more, and it passes from the second to the first in between.
      'query 3': () => put('a', { owner: 'B' }),
      'query 4': () => put('a', { owner: 'A' }),
    })
    expect(ids(await walkAll(moving, owned('A', 'B')))).toEqual(['a'])
  })

  test('within a list that takes one query is given without another', async () => {
    const { table, put } = setUp()
    await put('a', { date: '2026-01-08' })
    const moving = meanwhile(table, {
      'getMany 1': () => put('a', { date: '2026-01-01' }),
      'query 2': () => Promise.reject(new Error('a query too many')),
    })
    expect(ids(await walkAll(moving, owned('A')))).toEqual(['a'])
  })

  test('is given when the row that was met is one of a write to come', async () => {
    const { table, put } = setUp()
    await put('a', { owner: 'B' })
    const moving = meanwhile(table, {
      'query 2': async () => {
        await put('a', { owner: 'A' })
        await table.writeMany([{ pk: valuePartition('Note', 'owner', 'B'), sk: '0~#a@3' }], [])
      },
      'query 3': () => put('a', { owner: 'B' }),
      'query 4': () => put('a', { owner: 'A' }),
    })
    expect(ids(await walkAll(moving, owned('A', 'B')))).toEqual(['a'])
  })

  test('out of what is walked is not given, be it into another list or before where the page begins', async () => {
    const { table, put } = setUp()
    await put('a', { date: '2026-01-08' })
    await put('b', { date: '2026-01-09' })
    const moving = meanwhile(table, {
      'getMany 1': () => Promise.all([put('a', { date: '2026-01-01' }), put('b', { owner: 'B', date: '2026-01-09' })]),
    })
    expect(ids(await walkAll(moving, owned('A'), { after: '02026-01-05#x' }))).toEqual([])
  })

  test('is not given again when a page begins behind it', async () => {
    const { table, put } = setUp()
    for (const [n, id] of ['a', 'b', 'c', 'd'].entries()) await put(id, { date: `2026-01-0${n + 2}` })
    const first = new Walk(table, owned('A'), {})
    expect(ids(await first.next(2))).toEqual(['a', 'b'])
    await put('a', { date: '2026-01-09' })
    await table.writeMany([row('02026-01-02#a@1')], [])
    expect(ids(await walkAll(table, owned('A'), { after: first.position }, 1))).toEqual(['c', 'd', 'a'])
    expect(ids(await walkAll(table, owned('A'), { after: '02026-01-09#a' }, 1))).toEqual([])
  })
})

describe('what a page of 20 costs', () => {
  test('one query of 21 rows and 20 items', async () => {
    const { table, put } = setUp()
    for (let n = 0; n < 60; n += 1) await put(`n${n}`)
    const asked: unknown[] = []
    const counted = new Proxy(table, {
      get: (target, name: keyof Table) => {
        const operation = target[name] as (...parts: unknown[]) => Promise<unknown>
        return (...parts: unknown[]) => {
          const [first] = parts as [{ limit?: number } | unknown[]]
          asked.push([name, Array.isArray(first) ? first.length : first.limit])
          return operation.apply(target, parts)
        }
      },
    })
    expect(await new Walk(counted, owned('A'), {}).next(20)).toHaveLength(20)
    expect(asked).toEqual([
      ['query', 21],
      ['getMany', 20],
    ])
  })
})
