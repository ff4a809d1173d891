import { describe, test } from '@jest/globals'
import fc from 'fast-check'
import { NoteWorld, type Paging } from '../../support/note-world.ts'
import {
  byIdentifier,
  byOwner,
  byPatient,
  byTag,
  datedBetween,
  everyNote,
  type NoteContent,
  type NoteSearch,
  openNotes,
} from '../../support/notes.ts'

/**
 * The invariants of docs/data-model.md under random interleavings of writers and readers, with crashes between any two calls.
 * RUNS=5000 npm test -- test/lib/store/invariants looks longer.
 */
const numRuns = Number(process.env.RUNS ?? 150)

/** Ids of which one begins with another, and dates that repeat: ties and prefixes are where an order goes wrong. */
const id = fc.constantFrom('a', 'a1', 'a-1', 'b', 'B')
const dates = ['2026-01-01', '2026-01-02', '2026-01-03']
const note: fc.Arbitrary<NoteContent> = fc.record(
  {
    owner: fc.constantFrom('A', 'B'),
    patient: fc.constantFrom('p', 'q'),
    tags: fc.subarray(['x', 'y']),
    date: fc.constantFrom(...dates),
    open: fc.boolean(),
    identifier: fc.constantFrom('1', '2'),
  },
  { requiredKeys: ['owner', 'patient', 'tags', 'open'] },
)
const change = fc.record({ id, note: fc.option(note, { nil: undefined, freq: 5 }) })
/** One entry: an update or a delete. More: a transaction. */
const writer = fc.array(fc.uniqueArray(change, { selector: (entry) => entry.id, minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
})
const removedNote: NoteContent = { owner: 'A', patient: 'p', tags: [], open: true }
const life = fc.option(fc.nat(80), { nil: undefined, freq: 3 })
const skew = fc.constantFrom(0, 0, -60_000, 60_000)
const searches: NoteSearch[] = [
  byOwner('A'),
  byOwner('A', 'B'),
  byTag('x'),
  byPatient('p'),
  byIdentifier('1'),
  openNotes(),
  datedBetween(dates[0]!, dates[1]!),
  everyNote(),
]
const search = fc.constantFrom(...searches)
const paging: fc.Arbitrary<Paging> = fc.record({
  descending: fc.boolean(),
  page: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 6 }),
})
const choices = fc.array(fc.nat(30), { size: 'max', maxLength: 400 })
const stock = fc.array(change, { maxLength: 8 })

/** How many writes go by one TransactWriteItems, more by intents: all of them, or those of one or two entries. */
const limit = fc.constantFrom(100, 1, 2)
/** Every transaction has expired by then. */
const END = '2026-12-31T00:00:00.000Z'
const recovery = fc.constantFrom('tick' as const, 'readers' as const)

const worldWith = async (
  order: readonly number[],
  changes: readonly { id: string; note?: NoteContent }[],
  transactionLimit: number,
) => {
  const world = new NoteWorld(order, { transactionLimit })
  for (const entry of changes) await world.change(world.quietStore(), entry)
  return world
}

describe('writers and readers at the same time, any of which may crash', () => {
  test('I1 to I4: every posting, exact answers, whole histories, one winner', async () => {
    const reader = fc.record({ search, paging })
    const actors = fc.record({
      writers: fc.array(fc.record({ changes: writer, life, skew }), { minLength: 1, maxLength: 4 }),
      readers: fc.array(reader, { maxLength: 3 }),
      pagers: fc.array(reader, { maxLength: 2 }),
      historians: fc.array(id, { maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(stock, actors, limit, choices, async (before, everybody, most, order) => {
        const { writers, readers, pagers, historians } = everybody
        const world = await worldWith(order, before, most)
        for (const { changes, life: calls, skew: off } of writers)
          world.begin(
            async (store) => {
              for (const entries of changes) await world.change(store, ...entries)
            },
            { calls, skew: off },
          )
        for (const { search: wanted, paging: how } of readers)
          world.begin((store) => world.checkedSearch(store, wanted, how))
        for (const { search: wanted, paging: how } of pagers)
          world.begin((store) => world.checkedPages(store, wanted, how))
        for (const subject of historians) world.begin((store) => world.checkedHistory(store, subject))
        await world.run()
        await world.checkQuietSearches(searches)
        await world.checkHistories()
      }),
      { numRuns },
    )
  }, 300_000)

  test('I6: a transaction is seen wholly or not at all, and is there wholly or not at all after a crash', async () => {
    const ids = ['a', 'a1', 'a-1', 'b', 'B']
    const together = fc.uniqueArray(change, { selector: (entry) => entry.id, minLength: 2, maxLength: 4 })
    const single = fc.uniqueArray(change, { selector: (entry) => entry.id, minLength: 1, maxLength: 1 })
    const writers = fc.array(
      fc.record({
        changes: fc.array(fc.oneof({ weight: 3, arbitrary: together }, { weight: 1, arbitrary: single }), {
          minLength: 1,
          maxLength: 3,
        }),
        life: fc.option(fc.nat(60), { nil: undefined }),
        skew,
      }),
      { minLength: 1, maxLength: 4 },
    )
    const readers = fc.array(
      fc.record({
        ids: fc.subarray(ids, { minLength: 1 }),
        times: fc.integer({ min: 1, max: 4 }),
        together: fc.boolean(),
        skew,
      }),
      { minLength: 1, maxLength: 4 },
    )
    const searchers = fc.array(fc.record({ search, paging, skew }), { maxLength: 2 })
    const ticks = fc.array(fc.nat(40), { maxLength: 2 })
    const actors = fc.record({ writers, readers, searchers, ticks })
    await fc.assert(
      fc.asyncProperty(
        stock,
        actors,
        fc.constantFrom(1, 1, 2),
        recovery,
        choices,
        async (before, all, most, by, order) => {
          const world = await worldWith(order, before, most)
          for (const { changes, life: calls, skew: off } of all.writers)
            world.begin(
              async (store) => {
                for (const entries of changes) await world.change(store, ...entries)
              },
              { calls, skew: off },
            )
          for (const { ids: wanted, times, together: batch, skew: off } of all.readers)
            world.begin(
              async (store) => {
                for (let time = 0; time < times; time += 1) await world.checkedReads(store, wanted, batch)
              },
              { skew: off },
            )
          for (const { search: wanted, paging: how, skew: off } of all.searchers)
            world.begin((store) => world.checkedSearch(store, wanted, how), { skew: off })
          for (const calls of all.ticks) world.begin((store) => world.wakeDue(store, END), { calls })
          await world.run()
          await world.checkRecovery(by)
          await world.checkWritable()
          await world.checkQuietSearches(searches)
          await world.checkHistories()
        },
      ),
      { numRuns },
    )
  }, 300_000)

  test('I2 while everything moves: what matches all the time is found wherever it goes', async () => {
    const moving: fc.Arbitrary<{ id: string; note: NoteContent }> = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      note: fc.record({
        owner: fc.constantFrom('A', 'B'),
        patient: fc.constant('p'),
        tags: fc.constant<string[]>(['x']),
        date: fc.constantFrom(...dates),
        open: fc.boolean(),
      }),
    })
    const still = ['a', 'b', 'c', 'd', 'e'].map((key, n) => ({
      id: key,
      note: { owner: 'A', patient: 'p', tags: ['x'], date: dates[n % 3]!, open: true },
    }))
    const all = [byOwner('A', 'B'), byPatient('p'), byTag('x'), datedBetween(dates[0]!, dates[2]!), everyNote()]
    const reader = fc.record({
      wanted: fc.constantFrom(...all),
      how: fc.record({ descending: fc.boolean(), page: fc.constant(9), stride: fc.constantFrom(1, 2, 9) }),
    })
    const moves = fc.uniqueArray(moving, { selector: (entry) => entry.id, minLength: 1, maxLength: 3 })
    const lists = fc.tuple(fc.array(moves, { minLength: 1, maxLength: 2 }), fc.array(moves, { maxLength: 2 }))
    await fc.assert(
      fc.asyncProperty(
        lists,
        fc.array(reader, { minLength: 3, maxLength: 4 }),
        limit,
        choices,
        async (moves, readers, most, order) => {
          const world = await worldWith(order, still, most)
          for (const changes of moves)
            world.begin(async (store) => {
              for (const entries of changes) await world.change(store, ...entries)
            })
          for (const { wanted, how } of readers) world.begin((store) => world.checkedSearch(store, wanted, how))
          await world.run()
          await world.checkQuietSearches(all)
        },
      ),
      { numRuns },
    )
  }, 300_000)

  test('I5: one live owner of an identifier among conditional creates, which never fail', async () => {
    const identifier = fc.constantFrom('1', '2')
    const creator = fc.record({ identifier, note, life, again: fc.boolean() })
    const remover = fc.record({ identifier, life })
    await fc.assert(
      fc.asyncProperty(
        fc.array(creator, { minLength: 2, maxLength: 5 }),
        fc.array(remover, { maxLength: 3 }),
        fc.subarray(['1', '2']),
        limit,
        choices,
        async (creators, removers, abandoned, most, order) => {
          const world = await worldWith(order, [], most)
          // Some criteria begin with the claim of a resource that is no more.
          for (const criteria of abandoned) {
            const gone = await world.createIfNoneExists(world.quietStore(), criteria, removedNote)
            await world.change(world.quietStore(), { id: gone })
          }
          for (const { identifier: wanted, note: content, life: calls, again } of creators)
            world.begin(
              async (store) => {
                for (const _time of again ? [1, 2] : [1]) await world.createIfNoneExists(store, wanted, content)
              },
              { calls },
            )
          for (const { identifier: wanted, life: calls } of removers)
            world.begin(
              async (store) => {
                const [hit] = await world.search(store, byIdentifier(wanted))
                if (hit) await world.change(store, { id: hit.version.id })
              },
              { calls },
            )
          await world.run()
          await world.checkQuietSearches(searches)
          await world.checkHistories()
        },
      ),
      { numRuns },
    )
  }, 300_000)

  test('a clock wakes its resource once for each instant, whatever else is written', async () => {
    const instants = ['2026-11-25T05:00:01.000Z', '2026-11-25T05:00:02.000Z', '2026-11-25T05:00:03.000Z']
    const now = fc.constantFrom(...instants)
    const clocked = fc.record({ id, note })
    const changes = fc.uniqueArray(clocked, { selector: (entry) => entry.id, minLength: 1, maxLength: 2 })
    const clocks = new Map(['a', 'a1', 'a-1', 'b', 'B'].map((key, n) => [key, instants.slice(0, 1 + (n % 3))]))
    const withClocks = (entry: { id: string; note: NoteContent }) => ({
      id: entry.id,
      note: { ...entry.note, clocks: clocks.get(entry.id)! },
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(clocked, { minLength: 1, maxLength: 5 }),
        fc.array(fc.record({ changes: fc.array(changes, { minLength: 1, maxLength: 3 }), life }), { maxLength: 3 }),
        fc.array(fc.record({ times: fc.array(now, { minLength: 1, maxLength: 3 }), life }), {
          minLength: 1,
          maxLength: 3,
        }),
        limit,
        choices,
        async (before, writers, wakers, most, order) => {
          const world = await worldWith(order, before.map(withClocks), most)
          for (const { changes: entries, life: calls } of writers)
            world.begin(
              async (store) => {
                for (const together of entries) await world.change(store, ...together.map(withClocks))
              },
              { calls },
            )
          for (const { times, life: calls } of wakers)
            world.begin(
              async (store) => {
                for (const time of times) await world.wakeDue(store, time)
              },
              { calls },
            )
          await world.run()
          await world.checkRecovery('readers')
          await world.checkClocks(instants.at(-1)!)
          await world.checkHistories()
        },
      ),
      { numRuns },
    )
  }, 300_000)
})
