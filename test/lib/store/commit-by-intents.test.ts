import { describe, expect, test } from '@jest/globals'
import { createCareloop } from '../../../lib/careloop.ts'
import { type Clock, instantOf } from '../../../lib/clock.ts'
import { changeToEvents } from '../../../lib/events/change-to-events.ts'
import { randomIds } from '../../../lib/ids.ts'
import { shards, wakeShard } from '../../../lib/store/keys.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { createStore, type Store } from '../../../lib/store/store.ts'
import {
  type Condition,
  type ConditionalPut,
  ConditionFailed,
  type Item,
  type Table,
  TransactionRefused,
} from '../../../lib/store/table.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { NoteWorld } from '../../support/note-world.ts'
import { byIdentifier, byOwner, everyNote, type Note, type NoteContent, notes, openNotes } from '../../support/notes.ts'

const START = Date.parse('2026-11-25T06:00:00.000Z')
const note = (content: Partial<NoteContent> = {}): Note => ({
  ...{ resourceType: 'Note', owner: 'A', patient: 'p', tags: [], open: true },
  ...content,
})
const create = (id: string, content?: Partial<NoteContent>, criteria?: string) => ({
  ...{ type: 'Note', id, resource: note(content), method: 'POST' as const },
  ...(criteria && { claim: { criteria } }),
})
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

/** A store whose puts go through `onPut`, which may refuse or lose the answer. */
const setUp = (
  onPut: (item: Item, condition: Condition, put: () => Promise<void>) => Promise<void> = (_i, _c, put) => put(),
) => {
  const memory = new MemoryTable()
  const time = { seconds: 0 }
  const clock: Clock = { now: () => instantOf(START + time.seconds * 1_000) }
  const table = new Proxy(memory, {
    get: (target, name: keyof Table) =>
      name === 'put'
        ? (item: Item, condition: Condition) => onPut(item, condition, () => memory.put(item, condition))
        : (target[name] as () => unknown).bind(target),
  })
  return { memory, time, clock, store: createStore({ table, clock, indexing: () => notes, transactionLimit: 1 }) }
}

const ids = async (store: Store) =>
  (await store.readMany(times(9, (n) => ({ type: 'Note', id: `n${n}` })))).map(({ id }) => id).sort()
const records = async (memory: Table) =>
  (await Promise.all(shards().map((shard) => memory.due(wakeShard(shard), '2027', 99)))).flat()

describe('a transaction of any size', () => {
  test('leaves nothing of its own behind', async () => {
    const { store, memory } = setUp()
    const versions = await store.write(times(500, (n) => create(`n${n}`, {}, `identifier=${n}`)))
    expect(versions).toHaveLength(500)
    for (const { item } of versions) expect(await memory.get(item)).toEqual(item)
    expect(await store.claimOwner('Note', 'identifier=7')).toBe('n7')
    expect(await records(memory)).toEqual([])
  })

  test('that is refused leaves nothing at all, and says which write it was', async () => {
    const { store, memory } = setUp()
    const [first] = await store.write([create('n0')])
    await store.write([{ ...create('n0', { owner: 'B' }), base: first, method: 'PUT' }])
    const stale = { ...create('n0', { owner: 'C' }), base: first, method: 'PUT' as const }
    await expect(store.write([create('n1'), create('n2'), stale])).rejects.toMatchObject({
      ...{ name: 'VersionConflict', positions: [2] },
    })
    expect(await ids(store)).toEqual(['n0'])
    expect(await memory.get({ pk: 'Note/n1', sk: 'current' })).toBeUndefined()
    expect(await records(memory)).toEqual([])
    expect((await store.write([create('n1'), create('n2'), create('n3')])).map(({ v }) => v)).toEqual([1, 1, 1])
  })

  test('cannot take a claim that is taken', async () => {
    const { store } = setUp()
    await store.write([create('n0', {}, 'identifier=1')])
    await expect(store.write([create('n1'), create('n2', {}, 'identifier=1')])).rejects.toMatchObject({
      ...{ name: 'ClaimTaken', position: 1 },
    })
    expect(await ids(store)).toEqual(['n0'])
    expect(await store.claimOwner('Note', 'identifier=1')).toBe('n0')
  })

  test('gives one event a resource, as if each had been written by itself', async () => {
    const images: [before: Item | undefined, after: Item | undefined][] = []
    const memory = new MemoryTable()
    const transact = async (puts: readonly ConditionalPut[]) => {
      const before = await Promise.all(puts.map(({ item }) => memory.get(item)))
      await memory.transact(puts)
      for (const [n, { item }] of puts.entries())
        if (item.sk === 'current') images.push([before[n], await memory.get(item)])
    }
    const put = (item: Item, condition: Condition) => transact([{ item, condition }])
    const table = new Proxy(memory, {
      get: (target, name: keyof Table) =>
        ({ put, transact })[name as string] ?? (target[name] as () => unknown).bind(target),
    })
    const careloop = createCareloop({
      ...{ table, clock: { now: () => instantOf(START) }, ids: randomIds, tenant: defaultSettings },
    })
    const task = (id: string, status = 'completed') => ({
      ...{ type: 'Task', id, method: 'PUT' as const },
      resource: { resourceType: 'Task', status, intent: 'order' },
    })
    const [, base] = [
      await careloop.store.write([task('alone')]),
      ...(await careloop.store.write([task('open', 'requested')])),
    ]
    const single = images.splice(0).flatMap(([before, after]) => changeToEvents(before, after, defaultSettings))
    expect(single).not.toEqual([])
    await careloop.store.write([...times(120, (n) => task(`t${n}`)), { ...task('open'), base }])
    const events = images.flatMap(([before, after]) => changeToEvents(before, after, defaultSettings))
    const references = events.map(({ detail }) => `${detail.reference} ${detail.version}`)
    expect(references.sort()).toEqual([...times(120, (n) => `Task/t${n} 1`), 'Task/open 2'].sort())
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set(single.map(({ name }) => name)))
  })
})

describe('when the database does not answer as it should', () => {
  const isCommit = (item: Item) => item.state === 'committed'
  const isPromotion = (item: Item, condition: Condition) => !item.state && condition !== 'absent' && !!condition.tx
  const three = [create('n1'), create('n2'), create('n3')]

  test('a commit whose answer is lost has happened', async () => {
    const { store } = setUp(async (item, _condition, put) => {
      await put()
      if (isCommit(item)) throw new Error('socket hang up')
    })
    expect(await store.write(three)).toHaveLength(3)
    expect(await ids(store)).toEqual(['n1', 'n2', 'n3'])
  })

  test('a commit whose answer is lost has happened, also when the tick of the clock has finished it by then', async () => {
    const { store, memory, time } = setUp(async (item, _condition, put) => {
      await put()
      if (!isCommit(item)) return
      time.seconds = 31
      for (const due of await records(memory)) await store.wake(due, instantOf(START + 31_000))
      throw new ConditionFailed(false)
    })
    expect(await store.write(three)).toMatchObject([{ v: 1 }, { v: 1 }, { v: 1 }])
    expect(await ids(store)).toEqual(['n1', 'n2', 'n3'])
    expect(await records(memory)).toEqual([])
  })

  test('a commit that never arrived has not, and the writer hears of it', async () => {
    const { store, memory } = setUp((item, _condition, put) =>
      isCommit(item) ? Promise.reject(new Error('socket hang up')) : put(),
    )
    await expect(store.write(three)).rejects.toThrow('socket hang up')
    expect(await ids(store)).toEqual([])
    expect(await records(memory)).toEqual([])
  })

  test('an intent that cannot be put takes the others with it', async () => {
    const { store, memory } = setUp((item, _condition, put) =>
      item.tx && item.pk === 'Note/n2' ? Promise.reject(new Error('throttled')) : put(),
    )
    await expect(store.write(three)).rejects.toThrow('throttled')
    expect(await ids(store)).toEqual([])
    expect(await memory.get({ pk: 'Note/n1', sk: 'current' })).toBeUndefined()
  })

  // A refusal may mean no more than that some TransactWriteItems touched the item at that moment.
  test.each([
    ['as refused', new ConditionFailed()],
    ['as throttled', new Error('throttled')],
  ])('promotions that fail %s are made up for', async (_how, error) => {
    let failing = true
    const { store, memory, time } = setUp((item, condition, put) =>
      failing && isPromotion(item, condition) && item.pk !== 'Note/n1' ? Promise.reject(error) : put(),
    )
    expect(await store.write(three)).toHaveLength(3)
    expect(await memory.get({ pk: 'Note/n2', sk: 'current' })).toHaveProperty('tx')
    failing = false
    time.seconds = 31
    for (const due of await records(memory)) expect(await store.wake(due, instantOf(START + 31_000))).toBe(true)
    expect(await memory.get({ pk: 'Note/n2', sk: 'current' })).toMatchObject({ v: 1, body: expect.any(String) })
    expect(await ids(store)).toEqual(['n1', 'n2', 'n3'])
    expect(await records(memory)).toEqual([])
  })

  test('promotions go one by one when they cannot go together', async () => {
    const memory = new MemoryTable()
    const transact = (puts: readonly ConditionalPut[]) =>
      puts.some(({ item, condition }) => isPromotion(item, condition))
        ? Promise.reject(new TransactionRefused([]))
        : memory.transact(puts)
    const table = new Proxy(memory, {
      get: (target, name: keyof Table) =>
        name === 'transact' ? transact : (target[name] as () => unknown).bind(target),
    })
    const clock = { now: () => instantOf(START) }
    const store = createStore({ table, clock, indexing: () => notes, transactionLimit: 2 })
    for (const { item } of await store.write(three)) expect(await memory.get(item)).toEqual(item)
    expect(await records(memory)).toEqual([])
  })

  test('a late promotion does not undo what was written since', async () => {
    const memory = new MemoryTable()
    let late = false
    const transact = async (puts: readonly ConditionalPut[]) => {
      if (!late && puts.every(({ item }) => item.sk === 'current' && !item.tx)) {
        late = true
        const base = (await store.read('Note', 'n1'))!
        await store.write([{ ...create('n1', { owner: 'B' }), base, method: 'PUT' }])
      }
      await memory.transact(puts)
    }
    const table = new Proxy(memory, {
      get: (target, name: keyof Table) =>
        name === 'transact' ? transact : (target[name] as () => unknown).bind(target),
    })
    const clock = { now: () => instantOf(START) }
    const store = createStore({ table, clock, indexing: () => notes, transactionLimit: 2 })
    await store.write(three)
    expect([late, (await store.read('Note', 'n1'))?.v]).toEqual([true, 2])
  })

  test('nobody else writes what a transaction holds, be it a writer or a clock', async () => {
    let commit = () => {}
    let reached = () => {}
    const committing = new Promise<void>((resolve) => {
      commit = resolve
    })
    const held = new Promise<void>((resolve) => {
      reached = resolve
    })
    let holding = false
    const { store, memory } = setUp(async (item, _condition, put) => {
      if (holding && isCommit(item)) {
        reached()
        await committing
      }
      await put()
    })
    const clocks = [instantOf(START + 1_000)]
    const [base] = await store.write([create('n1', { clocks }, 'identifier=1')])
    const change = (owner: string) => ({ ...create('n1', { owner, clocks }), base, method: 'PUT' as const })
    const claim = { criteria: 'identifier=1', voidOwner: 'n1' }
    holding = true
    const large = store.write([change('B'), create('n2'), { ...create('n3'), claim }])
    await held
    expect(await store.wake({ pk: 'Note/n1', sk: 'current' }, instantOf(START + 1_000))).toBe(false)
    await expect(store.write([change('C')])).rejects.toMatchObject({ name: 'VersionConflict' })
    await expect(store.write([create('n2')])).rejects.toMatchObject({ name: 'VersionConflict' })
    await expect(store.write([{ ...create('n4'), claim }])).rejects.toMatchObject({ name: 'ClaimTaken' })
    expect(await store.claimOwner('Note', 'identifier=1')).toBe('n1')
    commit()
    expect(await large).toHaveLength(3)
    expect((await store.read('Note', 'n1'))?.v).toBe(2)
    expect(await store.claimOwner('Note', 'identifier=1')).toBe('n3')
    for (const { pk, sk, wakeAt } of (await records(memory)).filter(({ pk }) => pk === 'Note/n1'))
      expect(await store.wake({ pk, sk }, wakeAt)).toBe(true)
  })

  test('the tick leaves a transaction alone that may still be under way', async () => {
    const { store, memory, time } = setUp((item, _condition, put) =>
      isCommit(item) ? new Promise(() => undefined) : put(),
    )
    void store.write(three)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const [record] = await records(memory)
    expect(await store.wake(record!, instantOf(START + 29_999))).toBe(false)
    expect(await memory.get({ pk: 'Note/n1', sk: 'current' })).toHaveProperty('tx')
    time.seconds = 30
    expect(await store.wake(record!, instantOf(START + 30_000))).toBe(true)
    expect(await memory.get({ pk: 'Note/n1', sk: 'current' })).toBeUndefined()
  })
})

describe('a writer that is killed after so many steps', () => {
  const searches = [byOwner('A', 'B'), byIdentifier('1'), openNotes(), everyNote()]
  const content = (owner: string): NoteContent => ({ owner, patient: 'p', tags: ['x'], date: '2026-01-02', open: true })
  const STEPS = 60

  test.each(['readers', 'tick'] as const)('leaves all or nothing, for whoever comes next (%s)', async (by) => {
    const outcomes = new Set<string>()
    for (let calls = 0; calls <= STEPS; calls += 1) {
      const world = new NoteWorld([], { transactionLimit: 2 })
      const quiet = world.quietStore()
      for (const id of ['a', 'b', 'c']) await world.change(quiet, { id, note: content('A') })
      world.begin(
        (store) => world.change(store, { id: 'a', note: content('B') }, { id: 'b' }, { id: 'n', note: content('B') }),
        {
          calls,
        },
      )
      await world.run()
      // Before it has expired, and after it.
      for (const _time of [1, 2]) {
        await world.checkedReads(quiet, ['a', 'b', 'c', 'n'], true)
        await world.checkQuietSearches(searches)
      }
      await world.checkRecovery(by)
      const versions = await quiet.readMany(['a', 'b', 'c', 'n'].map((id) => ({ type: 'Note', id })))
      outcomes.add(
        versions
          .map(({ id, v, deleted }) => `${id}${v}${deleted ? 'x' : ''}`)
          .sort()
          .join(' '),
      )
      await world.checkWritable()
      await world.checkQuietSearches(searches)
      await world.checkHistories()
    }
    expect([...outcomes].sort()).toEqual(['a1 b1 c1', 'a2 b2x c1 n1'])
  })
})
