import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Clock } from '../../../lib/clock.ts'
import { wakeShard } from '../../../lib/store/keys.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { createStore } from '../../../lib/store/store.ts'
import {
  type ConditionalPut,
  ConditionFailed,
  type Consistency,
  type Item,
  type Key,
  type Table,
  TransactionRefused,
} from '../../../lib/store/table.ts'
import { resourceOf, type Version } from '../../../lib/store/version.ts'
import { type Note, type NoteContent, notes } from '../../support/notes.ts'

const at = (second: number) => `2026-11-25T06:00:${String(second).padStart(2, '0')}.000Z`

const setUp = (table: Table = new MemoryTable()) => {
  const time = { second: 0 }
  const clock: Clock = { now: () => at(time.second) }
  const leftovers: number[] = []
  const store = createStore({ table, clock, indexing: () => notes, onLeftover: (rows) => leftovers.push(rows) })
  const note = (content: Partial<NoteContent> = {}): Note => ({
    ...{ resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true },
    ...content,
  })
  const put = async (id: string, content?: Partial<NoteContent>, base?: Version): Promise<Version> =>
    (await store.write([{ type: 'Note', id, resource: note(content), base, method: base ? 'PUT' : 'POST' }]))[0]!
  const remove = async (base: Version): Promise<Version> =>
    (await store.write([{ type: 'Note', id: base.id, base, method: 'DELETE' }]))[0]!
  return { table, time, store, leftovers, note, put, remove }
}

/** A table of which single operations fail. */
const failing = (operations: Partial<Table>): Table => {
  const table = new MemoryTable()
  return new Proxy(table, {
    get: (target, name: keyof Table) => operations[name] ?? target[name].bind(target),
  })
}

describe('a resource over time', () => {
  test('create, update, delete, resurrect: each is a version, and all can be read', async () => {
    const { store, put, remove, time } = setUp()
    const first = await put('1', { tags: ['x'] })
    time.second = 1
    const second = await put('1', { owner: 'B' }, first)
    time.second = 2
    const third = await remove(second)
    time.second = 3
    const fourth = await put('1', {}, third)
    expect(await store.read('Note', '1')).toMatchObject({ type: 'Note', id: '1', v: 4, deleted: false, method: 'PUT' })
    const { versions, more } = await store.history('Note', '1', 10)
    expect(more).toBe(false)
    expect(versions.map(({ v, deleted, method, updated }) => [v, deleted, method, updated])).toEqual([
      [4, false, 'PUT', at(3)],
      [3, true, 'DELETE', at(2)],
      [2, false, 'PUT', at(1)],
      [1, false, 'POST', at(0)],
    ])
    for (const { v } of [first, second, third, fourth]) expect((await store.vread('Note', '1', v))?.v).toBe(v)
    expect(resourceOf((await store.vread('Note', '1', 1))!)).toEqual({
      ...{ resourceType: 'Note', id: '1', meta: { versionId: '1', lastUpdated: at(0) } },
      ...{ owner: 'A', patient: 'p', tags: ['x'], open: true },
    })
    expect((await store.vread('Note', '1', 3))?.deleted).toBe(true)
  })

  test('what never was', async () => {
    const { store, put } = setUp()
    await put('1')
    expect(await store.read('Note', '2')).toBeUndefined()
    expect(await store.vread('Note', '2', 1)).toBeUndefined()
    expect(await store.vread('Note', '1', 2)).toBeUndefined()
    expect(await store.vread('Note', '1', 0)).toBeUndefined()
    expect(await store.history('Note', '2', 5)).toEqual({ versions: [], more: false })
    expect(await store.readMany([{ type: 'Note', id: '2' }])).toEqual([])
    expect(await store.write([])).toEqual([])
  })

  test('a version is found however far behind an eventually consistent read is', async () => {
    const table = new MemoryTable()
    let seen: Table = new MemoryTable()
    const asked: (Consistency | undefined)[] = []
    const lagging = new Proxy(table, {
      get: (target, name: keyof Table) =>
        name === 'get'
          ? (key: Key, consistency?: Consistency) => {
              asked.push(consistency)
              return (consistency === 'eventual' ? seen : target).get(key)
            }
          : target[name].bind(target),
    })
    const { store, put } = setUp(lagging)
    const first = await put('1', { tags: ['x'] })
    expect((await store.vread('Note', '1', 1))?.v).toBe(1)
    seen = new MemoryTable()
    await seen.put((await table.get({ pk: 'Note/1', sk: 'current' }))!, 'absent')
    await put('1', { owner: 'B' }, first)
    asked.length = 0
    expect((await store.vread('Note', '1', 1))?.v).toBe(1)
    expect(asked).toEqual(['eventual', 'eventual'])
    expect((await store.vread('Note', '1', 2))?.v).toBe(2)
    expect(await store.vread('Note', '1', 3)).toBeUndefined()
    seen = table
    asked.length = 0
    expect((await store.vread('Note', '1', 1))?.v).toBe(1)
    expect(asked).toEqual(['eventual'])
  })

  test.each<[number, number | undefined, number[], boolean]>([
    [2, undefined, [4, 3], true],
    [4, undefined, [4, 3, 2, 1], false],
    [9, undefined, [4, 3, 2, 1], false],
    [1, undefined, [4], true],
    [0, undefined, [], true],
    [2, 5, [4, 3], true],
    [2, 4, [3, 2], true],
    [2, 3, [2, 1], false],
    [2, 2, [1], false],
    [2, 1, [], false],
    [2, 0, [], false],
  ])('history: %d versions below %s are %j', async (count, below, expected, more) => {
    const { store, put, table } = setUp()
    let version: Version | undefined
    for (const owner of ['A', 'B', 'C', 'D']) version = await put('1', { owner }, version)
    // The copy of the current version, left by a writer that crashed before its commit.
    await table.writeMany([{ ...version!.item, sk: 'v#0000000004' }], [])
    const history = await store.history('Note', '1', count, below)
    expect([history.versions.map(({ v }) => v), history.more]).toEqual([expected, more])
  })

  test('a version is never older than the one before, whatever the clocks say', async () => {
    const { put, time } = setUp()
    time.second = 30
    const first = await put('1')
    time.second = 10
    expect((await put('1', { owner: 'B' }, first)).updated).toBe(at(30))
  })
})

describe('refusals: nothing is written', () => {
  test('the version has moved on', async () => {
    const { store, put } = setUp()
    const first = await put('1')
    await put('1', { owner: 'B' }, first)
    await expect(put('1', { owner: 'C' }, first)).rejects.toMatchObject({ name: 'VersionConflict', positions: [0] })
    await expect(put('1')).rejects.toMatchObject({ name: 'VersionConflict' })
    expect(await store.read('Note', '1')).toMatchObject({ v: 2 })
  })

  test('of a transaction: which write, and whether it was its claim', async () => {
    const { store, put, note } = setUp()
    const first = await put('1')
    await put('1', {}, first)
    const create = (id: string, criteria?: string) => ({
      ...{ type: 'Note', id, resource: note(), method: 'POST' as const },
      ...(criteria && { claim: { criteria } }),
    })
    const stale = { type: 'Note', id: '1', resource: note(), base: first, method: 'PUT' as const }
    await expect(store.write([create('2'), stale, create('3')])).rejects.toMatchObject({ positions: [1] })
    await store.write([create('4', 'identifier=a')])
    await expect(
      store.write([create('5', 'identifier=b'), create('6'), create('7', 'identifier=a')]),
    ).rejects.toMatchObject({ name: 'ClaimTaken', position: 2 })
    for (const id of ['2', '3', '5', '6', '7']) expect(await store.read('Note', id)).toBeUndefined()
    expect(await store.claimOwner('Note', 'identifier=a')).toBe('4')
    expect(await store.claimOwner('Note', 'identifier=b')).toBeUndefined()
  })

  test('a void claim goes to one of those who saw it void', async () => {
    const { store, note } = setUp()
    const create = (id: string, voidOwner?: string) =>
      store.write([
        { type: 'Note', id, resource: note(), method: 'POST', claim: { criteria: 'identifier=a', voidOwner } },
      ])
    await create('1')
    await expect(create('2')).rejects.toMatchObject({ name: 'ClaimTaken', position: 0 })
    await create('3', '1')
    await expect(create('4', '1')).rejects.toMatchObject({ name: 'ClaimTaken' })
    expect(await store.claimOwner('Note', 'identifier=a')).toBe('3')
  })

  test('more than a transaction holds', async () => {
    const { store, note, table } = setUp()
    const resource = note()
    const creates = Array.from({ length: 5_001 }, (_, n) => ({
      ...{ type: 'Note', id: `n${n}`, resource, method: 'POST' as const },
    }))
    await expect(store.write(creates)).rejects.toMatchObject({ name: 'TooManyWrites', writes: 5_001 })
    expect((await table.query({ pk: 'Note?owner=A', limit: 1 })).items).toEqual([])
  })

  test('one resource, or one criteria, twice in a transaction', async () => {
    const { store, note } = setUp()
    const create = (id: string, criteria: string) => ({
      ...{ type: 'Note', id, resource: note(), method: 'POST' as const },
      claim: { criteria },
    })
    const refused = { category: 'invalid', status: 400 }
    await expect(store.write([create('1', 'a=1'), create('1', 'a=2')])).rejects.toMatchObject(refused)
    await expect(store.write([create('1', 'a=1'), create('2', 'a=1')])).rejects.toMatchObject(refused)
  })

  /** Text that no compression makes smaller. */
  const noise = (bytes: number): string =>
    Array.from({ length: Math.ceil(bytes / 32) }, (_, n) =>
      createHash('sha256').update(String(n)).digest('base64'),
    ).join('')

  test('a resource that does not fit an item, though compressed', async () => {
    const { store, put } = setUp()
    await expect(put('1', { text: noise(420_000) } as Partial<NoteContent>)).rejects.toMatchObject({
      category: 'tooLarge',
      status: 413,
    })
    expect(await store.read('Note', '1')).toBeUndefined()
    const text = 'care '.repeat(200_000)
    await put('2', { text } as Partial<NoteContent>)
    expect(resourceOf((await store.read('Note', '2'))!)).toMatchObject({ text })
  })

  test('a change in a large transaction whose before and after do not fit one item', async () => {
    const { store, put, note } = setUp()
    const large = note({ text: noise(300_000) } as Partial<NoteContent>)
    const base = await put('1', { text: noise(200_000) } as Partial<NoteContent>)
    const change = { type: 'Note', id: '1', resource: large, base, method: 'PUT' as const }
    const creates = Array.from({ length: 14 }, (_, n) => ({
      ...{ type: 'Note', id: `n${n}`, resource: large, method: 'POST' as const },
    }))
    await expect(store.write([change, ...creates])).rejects.toMatchObject({ category: 'tooLarge', status: 413 })
    expect(await store.read('Note', 'n0')).toBeUndefined()
    expect((await store.write(creates)).length).toBe(14)
    expect((await store.write([change])).length).toBe(1)
  })

  test('rows that cannot be written', async () => {
    const { store, put } = setUp(failing({ writeMany: () => Promise.reject(new Error('no')) }))
    await expect(put('1')).rejects.toThrow('no')
    expect(await store.read('Note', '1')).toBeUndefined()
  })
})

describe('rows', () => {
  const rowsOf = async (table: Table, pk: string) => (await table.query({ pk, limit: 99 })).items.map(({ sk }) => sk)

  test('are added, kept and dropped with what they stand for', async () => {
    const { table, put, remove } = setUp()
    const first = await put('1', { tags: ['x', 'y'] })
    const second = await put('1', { tags: ['y', 'z'] }, first)
    expect(await rowsOf(table, 'Note?tag=x')).toEqual([])
    expect(await rowsOf(table, 'Note?tag=y')).toEqual(['0~#1@1'])
    expect(await rowsOf(table, 'Note?tag=z')).toEqual(['0~#1@2'])
    expect(await rowsOf(table, 'Patient/p?')).toEqual(['Note/0~#1@1'])
    await remove(second)
    for (const pk of ['Note?tag=y', 'Note?tag=z', 'Patient/p?', 'Note?owner=A'])
      expect(await rowsOf(table, pk)).toEqual([])
  })

  test('that cannot be dropped do not fail the write', async () => {
    const memory = new MemoryTable()
    const writeMany = (puts: readonly Item[]) =>
      puts.length ? memory.writeMany(puts, []) : Promise.reject(new Error('no'))
    const { put, leftovers } = setUp(
      new Proxy(memory, { get: (t, name: keyof Table) => (name === 'writeMany' ? writeMany : t[name].bind(t)) }),
    )
    const first = await put('1', { tags: ['x', 'y'] })
    expect((await put('1', { tags: [] }, first)).v).toBe(2)
    expect(leftovers).toEqual([2])
  })

  test('of a list that names the resource twice are dropped all the same', async () => {
    const { table, put } = setUp()
    const first = await put('1', { tags: ['x', 'x'] })
    await put('1', { tags: [] }, first)
    expect(await rowsOf(table, 'Note?tag=x')).toEqual([])
  })
})

describe('clocks', () => {
  const clocks = [at(10), at(20)]
  const due = async (store: { table: Table }, until: string) =>
    (await Promise.all([0, 1].map((shard) => store.table.due(wakeShard(shard), until, 9)))).flat()

  test('wake once for each instant, late or not', async () => {
    const { store, put } = setUp()
    await put('1', { clocks })
    const [item] = await due(store, at(12))
    expect(item?.wakeAt).toBe(at(10))
    expect(await store.wake(item!, at(9))).toBe(false)
    expect(await store.wake(item!, at(12))).toBe(true)
    expect(await store.wake(item!, at(13))).toBe(false)
    expect(await store.read('Note', '1')).toMatchObject({ v: 1, item: { woken: at(12), wakeAt: at(20) } })
    expect(await store.wake(item!, at(20))).toBe(true)
    expect((await store.read('Note', '1'))!.item).not.toHaveProperty('wakeAt')
    expect(await due(store, at(59))).toEqual([])
  })

  test('all instants that have passed are one waking', async () => {
    const { store, put } = setUp()
    await put('1', { clocks })
    expect(await store.wake((await due(store, at(30)))[0]!, at(30))).toBe(true)
    expect(await due(store, at(59))).toEqual([])
  })

  test('stop with the resource', async () => {
    const { store, put, remove } = setUp()
    const first = await put('1', { clocks })
    const [item] = await due(store, at(30))
    await remove(first)
    expect(await due(store, at(59))).toEqual([])
    expect(await store.wake(item!, at(30))).toBe(false)
  })

  test('a clock that moves does not fail a write, and the write does not turn it back', async () => {
    const { store, put } = setUp()
    const first = await put('1', { clocks })
    await store.wake((await due(store, at(12)))[0]!, at(12))
    const second = await put('1', { clocks, owner: 'B' }, first)
    expect(second).toMatchObject({ v: 2, item: { woken: at(12), wakeAt: at(20) } })
    expect(await due(store, at(12))).toEqual([])
    expect((await store.vread('Note', '1', 1))?.v).toBe(1)
  })

  test('nor a transaction; but one that also lost a race stays refused', async () => {
    const { store, put, note } = setUp()
    const [one, two] = [await put('1', { clocks }), await put('2')]
    await store.wake((await due(store, at(12)))[0]!, at(12))
    const changes = [one, two].map((base) => ({
      ...{ type: 'Note', id: base.id, base, method: 'PUT' as const },
      resource: note({ clocks, owner: 'B' }),
    }))
    expect((await store.write(changes)).map(({ v, item }) => [v, item.woken])).toEqual([
      [2, at(12)],
      [2, undefined],
    ])
    await expect(store.write(changes)).rejects.toMatchObject({ name: 'VersionConflict', positions: [0, 1] })
  })
})

describe('a write that is refused after it was sent more than once', () => {
  /** A table that does what it is asked, and something more, before it refuses as if it had not. */
  const forgetful = (isSure: boolean, meanwhile: (table: Table) => Promise<void>) => {
    const memory = new MemoryTable()
    const forgets = { next: false, happens: true }
    const refuse = async (write: () => Promise<void>, refusal: Error): Promise<void> => {
      const isForgotten = forgets.next
      forgets.next = false
      if (!isForgotten || forgets.happens) await write()
      if (!isForgotten) return
      await meanwhile(memory)
      throw refusal
    }
    const table = new Proxy(memory, {
      get(target, name: keyof Table) {
        if (name === 'put')
          return (...[item, condition]: Parameters<Table['put']>) =>
            refuse(() => target.put(item, condition), new ConditionFailed(isSure))
        if (name === 'transact')
          return (puts: readonly ConditionalPut[]) =>
            refuse(() => target.transact(puts), new TransactionRefused([0], isSure))
        return target[name].bind(target)
      },
    }) as Table
    return { table, forgets }
  }
  const nothing = async () => undefined

  const overwrite = async (table: Table): Promise<void> => {
    const { store } = setUp(table)
    const base = await store.read('Note', '1')
    await store.write([{ type: 'Note', id: '1', base, method: 'DELETE' }])
  }

  test.each([
    ['and is the current version', nothing, 2],
    ['and has been overwritten since', overwrite, 3],
  ])('has happened when its version is there %s', async (_how, meanwhile, v) => {
    const { table, forgets } = forgetful(false, meanwhile)
    const { store, put } = setUp(table)
    const first = await put('1')
    forgets.next = true
    expect(await put('1', { owner: 'B' }, first)).toMatchObject({ v: 2 })
    expect(await store.read('Note', '1')).toMatchObject({ v })
  })

  test('has not when another has that version', async () => {
    const { table, forgets } = forgetful(false, overwrite)
    const { store, put } = setUp(table)
    const first = await put('1')
    Object.assign(forgets, { next: true, happens: false })
    await expect(put('1', { owner: 'B' }, first)).rejects.toMatchObject({ name: 'VersionConflict' })
    expect(await store.read('Note', '1')).toMatchObject({ v: 2, deleted: true })
  })

  test('has not when it was sent but once, even if another has written the same', async () => {
    const { table, forgets } = forgetful(true, nothing)
    const { put } = setUp(table)
    const first = await put('1')
    forgets.next = true
    await expect(put('1', { owner: 'B' }, first)).rejects.toMatchObject({ name: 'VersionConflict' })
  })

  test('has happened wholly or not at all, of several', async () => {
    const { table, forgets } = forgetful(false, nothing)
    const { store, note } = setUp(table)
    const both = ['1', '2'].map((id) => ({ type: 'Note', id, resource: note(), method: 'PUT' as const }))
    forgets.next = true
    expect(await store.write(both)).toMatchObject([{ v: 1 }, { v: 1 }])
  })
})
