import { expect } from '@jest/globals'
import { heldIn, intendedIn, transactionOf } from '../../lib/store/intent.ts'
import {
  currentKey,
  logRowKey,
  parseRow,
  postingHash,
  rowSortKey,
  shards,
  transactionKey,
  versionKey,
  wakeShard,
} from '../../lib/store/keys.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import { ClaimTaken, createStore, type Store, VersionConflict } from '../../lib/store/store.ts'
import type { Condition, Item, Table } from '../../lib/store/table.ts'
import { resourceOf, type Version, versionOf } from '../../lib/store/version.ts'
import { type Hit, Walk, type WalkedTable } from '../../lib/store/walk.ts'
import { Interleaving, TickingClock } from './interleaving.ts'
import { byIdentifier, type Note, type NoteContent, type NoteSearch, notes, orderOf, positionOf } from './notes.ts'

/** What a resource was from one step of the world on. */
interface State {
  since: number
  item: Item
}

export interface Paging {
  descending: boolean
  /** hits on a page */
  page: number
  /** positions looked at in one go */
  stride: number
}

/** Resources that were committed together, each with the version it got. */
interface Group {
  members: Map<string, number>
  /** the first step by which an answer had shown one of them */
  seen?: number
}

export interface WorldOptions {
  /** The most writes that go by TransactWriteItems; more go by intents. */
  transactionLimit?: number
}

/** Long enough for most, not for all: the clock moves with every look at it. */
const PENDING_FOR_MS = 25
const LONGER_THAN_ANY_SKEW_MS = 600_000
const END_OF_TIME = '2026-12-31T00:00:00.000Z'

/** Notes in a table in memory, actors that work on them, and somebody who writes down what is committed when. */
export class NoteWorld {
  private readonly table = new MemoryTable()
  private readonly interleaving: Interleaving
  private readonly clock = new TickingClock()
  private readonly states = new Map<string, State[]>()
  private readonly groups: Group[] = []
  /** what transactions under way will have written, by their ids */
  private readonly intents = new Map<string, Map<string, Item>>()
  private readonly owned = new Set<string>()
  private readonly transactionLimit: number | undefined
  private readonly claimedInstants: string[] = []
  private answered: Version[] = []
  private created = 0
  private unchecked = false

  constructor(choices: readonly number[], { transactionLimit }: WorldOptions = {}) {
    this.transactionLimit = transactionLimit
    this.interleaving = new Interleaving(this.observed(), choices, () => this.checkTable())
  }

  /** The store without anybody in between, for the time before and after. */
  quietStore(): Store {
    return this.storeOn(this.observed(), 0)
  }

  begin(run: (store: Store) => Promise<void>, { calls, skew = 0 }: { calls?: number; skew?: number } = {}): void {
    this.interleaving.actor((table) => run(this.storeOn(table, skew)), calls)
  }

  run(): Promise<void> {
    return this.interleaving.run()
  }

  /** Reads, changes, and lets go when somebody else was first. */
  async change(store: Store, ...changes: { id: string; note?: NoteContent }[]): Promise<void> {
    const bases = await Promise.all(changes.map(({ id }) => store.read('Note', id)))
    const writes = changes.flatMap(({ id, note }, n) => {
      const base = bases[n]
      if (!note && (!base || base.deleted)) return []
      const resource = note && ({ resourceType: 'Note', ...note } as Note)
      return [{ type: 'Note', id, resource, base, method: note ? ('PUT' as const) : ('DELETE' as const) }]
    })
    try {
      this.answered.push(...(await store.write(writes)))
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error
    }
  }

  /** The conditional create of https://hl7.org/fhir/R4/http.html#ccreate, as the interaction does it. Gives the id of the resource there is. */
  async createIfNoneExists(store: Store, identifier: string, note: NoteContent): Promise<string> {
    this.created += 1
    const id = `made-${this.created}`
    const criteria = `identifier=${identifier}`
    for (let voidOwner: string | undefined; ; ) {
      const [found] = await this.search(store, byIdentifier(identifier))
      if (found) return found.version.id
      try {
        const resource: Note = { resourceType: 'Note', ...note, identifier }
        this.owned.add(id)
        await store.write([{ type: 'Note', id, resource, method: 'POST', claim: { criteria, voidOwner } }])
        return id
      } catch (error) {
        if (!(error instanceof ClaimTaken || error instanceof VersionConflict)) throw error
        voidOwner = await store.claimOwner('Note', criteria)
        const owner = voidOwner === undefined ? undefined : await store.read('Note', voidOwner)
        if (owner && !owner.deleted && byIdentifier(identifier).matches(resourceOf(owner) as Note)) return owner.id
      }
    }
  }

  async search(store: Store, search: NoteSearch, descending = false, stride = 2): Promise<Hit[]> {
    const walk = new Walk(store.table, search.streams, { descending })
    const hits: Hit[] = []
    while (!walk.done) hits.push(...matching(search, await walk.next(stride)))
    return hits
  }

  /**
   * Searches, and says what of the answer is wrong given what was committed while it searched: see
   * docs/adr/0006-what-moves-during-a-walk.md for what may be missed.
   */
  async checkedSearch(store: Store, search: NoteSearch, paging: Paging): Promise<void> {
    const from = this.interleaving.step
    const seen = this.seenGroups()
    const met = new Set<string>()
    const noting = { ...store, table: notingRows(store.table, met) }
    const hits = await this.search(noting, search, paging.descending, paging.stride)
    const to = this.interleaving.step
    this.checkWhole(
      seen,
      hits.map(({ version }) => version),
    )
    for (const { version } of hits) expect(this.statesDuring(from, to, version.id)).toContain(version.v)
    const given = hits.map(({ version }) => version.id)
    expect(new Set(given).size).toBe(given.length)
    for (const id of this.alwaysMatching(search, from, to)) {
      const changes = this.during(from, to, id).length - 1
      if (met.has(id) || changes <= 1) expect(given).toContain(id)
    }
  }

  /** Reads page after page, each a request of its own: what did not change meanwhile is there exactly once. */
  async checkedPages(store: Store, search: NoteSearch, { descending, page, stride }: Paging): Promise<void> {
    const from = this.interleaving.step
    const given: string[] = []
    for (let after: string | undefined, last = false; !last; ) {
      const walk = new Walk(store.table, search.streams, { descending, ...(after !== undefined && { after }) })
      const hits: Hit[] = []
      while (!walk.done && hits.length < page) hits.push(...matching(search, await walk.next(stride)))
      given.push(...hits.slice(0, page).map(({ version }) => version.id))
      last = walk.done && hits.length <= page
      after = hits.length > page ? hits[page - 1]!.position : walk.position
    }
    const to = this.interleaving.step
    for (const id of this.unchanged(from, to)) {
      const times = given.filter((other) => other === id).length
      expect([id, times]).toEqual([id, this.alwaysMatching(search, from, to).includes(id) ? 1 : 0])
    }
  }

  /** Reads resources, together or one by one: each as it was at some moment during the reading. */
  async checkedReads(store: Store, ids: readonly string[], together: boolean): Promise<void> {
    const from = this.interleaving.step
    const seen = this.seenGroups()
    const versions = together
      ? await store.readMany(ids.map((id) => ({ type: 'Note', id })))
      : (await Promise.all(ids.map((id) => store.read('Note', id)))).filter((version) => version !== undefined)
    const to = this.interleaving.step
    for (const { id, v } of versions) expect(this.statesDuring(from, to, id)).toContain(v)
    const given = versions.map(({ id }) => id)
    const missing = ids.filter((id) => !given.includes(id))
    for (const id of missing) expect([id, this.states.get(id)?.some(({ since }) => since <= from)]).not.toContain(true)
    this.checkWhole(seen, versions, missing)
  }

  /** Transactions of which somebody has seen something. */
  private seenGroups(): Group[] {
    return this.groups.filter(({ seen }) => seen !== undefined && seen <= this.interleaving.step)
  }

  /** I6: once anything of a transaction has been seen, nobody who looks later misses any other part of it. */
  private checkWhole(seen: readonly Group[], versions: readonly Version[], missing: readonly string[] = []): void {
    for (const { members } of seen) {
      for (const id of missing) expect(members.has(id)).toBe(false)
      for (const { id, v } of versions) expect(v).toBeGreaterThanOrEqual(members.get(id) ?? 0)
    }
    for (const group of this.groups)
      if (versions.some(({ id, v }) => v >= (group.members.get(id) ?? Number.POSITIVE_INFINITY)))
        group.seen ??= this.interleaving.step
  }

  /**
   * Some time after everybody is gone, with whatever they left behind: transactions are there wholly or not at all, for whoever
   * reads and after the tick of the clock, and nothing of them is in the way any more.
   */
  async checkRecovery(by: 'readers' | 'tick'): Promise<void> {
    this.clock.advance(LONGER_THAN_ANY_SKEW_MS)
    const ids = [...new Set([...this.states.keys(), ...this.intended()])]
    if (by === 'tick') {
      await this.wakeDue(this.quietStore(), END_OF_TIME)
      for (const shard of shards()) expect(await this.table.due(wakeShard(shard), END_OF_TIME, 10)).toEqual([])
      for (const tx of this.intents.keys())
        expect((await this.table.query({ pk: transactionKey(tx).pk, limit: 9 })).items).toEqual([])
    } else await this.checkedReads(this.quietStore(), ids, true)
    for (const id of ids) expect(transactionOf(await this.table.get(currentKey('Note', id)))).toBeUndefined()
    await this.checkedReads(this.quietStore(), ids, false)
  }

  /** Every resource can be written, whatever happened to it. */
  async checkWritable(): Promise<void> {
    for (const id of new Set([...this.states.keys(), ...this.intended()])) {
      const answered = this.answered.length
      await this.change(this.quietStore(), { id, note: { owner: 'B', patient: 'q', tags: [], open: false } })
      expect(this.answered).toHaveLength(answered + 1)
    }
  }

  /** Ids that a transaction meant to write, whether it did or not. */
  private intended(): string[] {
    const items = [...this.intents.values()].flatMap((items) => [...items.values()])
    return items.flatMap((item) => (item.sk === 'current' ? [versionOf(item).id] : []))
  }

  /** Reads one resource's past: whole as of some moment during the reading, and each version by its number. */
  async checkedHistory(store: Store, id: string): Promise<void> {
    const known = this.versionsOf(id)
    const { versions } = await store.history('Note', id, 100)
    expect(versions.length).toBeGreaterThanOrEqual(known.length)
    expect(versions.map(contentOf)).toEqual(this.versionsOf(id).slice(0, versions.length).map(contentOf).reverse())
    for (const version of known) {
      const read = await store.vread('Note', id, version.v)
      expect(read && contentOf(read)).toEqual(contentOf(version))
    }
  }

  async wakeDue(store: Store, now: string): Promise<void> {
    for (const shard of shards())
      for (const due of await store.table.due(wakeShard(shard), now, 10)) await store.wake(due, now)
  }

  /** With nobody at work every search is exact, page by page or at once, in either direction; the first one tidies up. */
  async checkQuietSearches(searches: readonly NoteSearch[]): Promise<void> {
    const store = this.quietStore()
    const live = [...this.states.keys()].map((id) => this.versionsOf(id).at(-1)!).filter(({ deleted }) => !deleted)
    for (const [n, search] of searches.entries()) {
      const matching = live.filter((version) => search.matches(resourceOf(version) as Note))
      const expected = matching.map((version) => `${positionOf(search, version)}@`).sort()
      for (const descending of n % 2 ? [false, true] : [true, false]) {
        await this.checkedPages(store, search, { descending, page: 1, stride: 2 })
        const hits = await this.search(store, search, descending, 3)
        expect(hits.map(({ position }) => `${position}@`)).toEqual(descending ? expected.toReversed() : expected)
      }
    }
  }

  /** Every version of every resource can be read, once, newest first; and a version was answered to one writer at most. */
  async checkHistories(): Promise<void> {
    const store = this.quietStore()
    for (const id of this.states.keys()) {
      const versions = this.versionsOf(id)
      const read: Version[] = []
      for (let below: number | undefined, more = true; more; ) {
        const page = await store.history('Note', id, 2, below)
        read.push(...page.versions)
        below = page.versions.at(-1)?.v
        more = page.more
      }
      expect(read.map(contentOf)).toEqual(versions.map(contentOf).reverse())
      expect(read.map(({ v }) => v)).toEqual(versions.map((_item, n) => versions.length - n))
      for (const version of versions)
        expect(contentOf((await store.vread('Note', id, version.v))!)).toEqual(contentOf(version))
      expect(await store.vread('Note', id, versions.length + 1)).toBeUndefined()
    }
    const answers = this.answered.map(({ id, v }) => `${id} ${v}`)
    expect(new Set(answers).size).toBe(answers.length)
    for (const answer of this.answered) {
      expect(contentOf(answer)).toEqual(contentOf(this.versionsOf(answer.id)[answer.v - 1]!))
    }
  }

  /** No instant was claimed twice, and none that has come is left. */
  async checkClocks(now: string): Promise<void> {
    expect(new Set(this.claimedInstants).size).toBe(this.claimedInstants.length)
    await this.wakeDue(this.quietStore(), now)
    for (const shard of shards()) expect(await this.table.due(wakeShard(shard), now, 10)).toEqual([])
    expect(new Set(this.claimedInstants).size).toBe(this.claimedInstants.length)
  }

  get claims(): readonly string[] {
    return this.claimedInstants
  }

  private storeOn(table: Table, skew: number): Store {
    const { transactionLimit } = this
    const parts = { table, clock: this.clock.skewed(skew), indexing: () => notes, pendingFor: PENDING_FOR_MS }
    return createStore({ ...parts, ...(transactionLimit !== undefined && { transactionLimit }) })
  }

  /** The table, with a note taken of each commit at the very moment it happens. */
  private observed(): Table {
    const { table } = this
    return {
      get: (key) => table.get(key),
      getMany: (keys) => table.getMany(keys),
      query: (query) => table.query(query),
      writeMany: (puts, deletes) => {
        this.unchecked = true
        return table.writeMany(puts, deletes)
      },
      due: (wake, until, limit) => table.due(wake, until, limit),
      put: async (item, condition) => {
        await table.put(item, condition)
        if (!this.notedIntent(item, condition)) this.noteCommit([item])
      },
      delete: (key, condition) => table.delete(key, condition),
      transact: async (puts) => {
        await table.transact(puts)
        const plain = puts.filter(({ item, condition }) => !this.notedIntent(item, condition))
        if (plain.length) this.noteCommit(plain.map(({ item }) => item))
      },
    }
  }

  /** Whether a put belongs to a transaction by intents, of which the record alone commits. */
  private notedIntent(item: Item, condition: Condition): boolean {
    const tx = transactionOf(item)
    if (tx !== undefined) {
      const { pk, sk } = item
      this.intents.set(tx, (this.intents.get(tx) ?? new Map()).set(`${pk} ${sk}`, intendedIn(item)))
      return true
    }
    if (item.sk !== 'transaction') return condition !== 'absent' && condition.tx !== undefined
    const id = [...this.intents.keys()].find((other) => transactionKey(other).pk === item.pk)
    if (item.state === 'committed') this.noteCommit([...this.intents.get(id!)!.values()])
    return true
  }

  /** What the stored item is, given what its transaction is. */
  private async truth(id: string): Promise<Item | undefined> {
    const item = await this.table.get(currentKey('Note', id))
    const tx = transactionOf(item)
    if (tx === undefined) return item
    return (await this.table.get(transactionKey(tx)))?.state === 'committed' ? intendedIn(item!) : heldIn(item!)
  }

  private noteCommit(items: readonly Item[]): void {
    this.unchecked = true
    const written = items.filter(({ sk }) => sk === 'current').map(versionOf)
    if (written.length > 1) this.groups.push({ members: new Map(written.map(({ id, v }) => [id, v])) })
    for (const item of items) {
      if (item.sk !== 'current') continue
      const { id, v } = versionOf(item)
      const states = this.states.get(id) ?? []
      const before = states.at(-1)?.item
      if (before?.v === v) this.claimedInstants.push(`${id} ${before.wakeAt}`)
      else expect(v).toBe(((before?.v as number | undefined) ?? 0) + 1)
      this.states.set(id, [...states, { since: this.interleaving.step, item: structuredClone(item) }])
    }
  }

  /** What holds at every moment: all rows of every committed resource, all copies of its former versions, one owner of an identifier. */
  private async checkTable(): Promise<void> {
    if (!this.unchecked) return
    this.unchecked = false
    const owners: string[] = []
    for (const [id, states] of this.states) {
      const current = versionOf(states.at(-1)!.item)
      const expected = notesOf(current.item).flatMap((note) =>
        notes.postings(note).map((key) => {
          const v = (current.item.asserted as Record<string, number>)[postingHash(key)] ?? 0
          return { pk: key.pk, sk: rowSortKey(key.prefix, orderOf(note), id, v) }
        }),
      )
      const rows = [...expected, logRowKey('Note', id, current.v, current.updated)]
      expect(await this.missing(rows)).toEqual([])
      for (const version of this.versionsOf(id).slice(0, -1)) {
        const copy = await this.table.get(versionKey('Note', id, version.v))
        expect(copy && contentOf(versionOf(copy))).toEqual(contentOf(version))
      }
      expect((await this.truth(id))?.v).toBe(current.v)
      if (this.owned.has(id)) owners.push(...notesOf(current.item).flatMap((note) => note.identifier ?? []))
    }
    expect(new Set(owners).size).toBe(owners.length)
  }

  private async missing(rows: readonly { pk: string; sk: string }[]) {
    const found = new Set((await this.table.getMany(rows)).map(({ pk, sk }) => `${pk} ${sk}`))
    return rows.filter(({ pk, sk }) => !found.has(`${pk} ${sk}`))
  }

  /** One of each: a clock that moves leaves the version as it is. */
  private versionsOf(id: string): Version[] {
    const states = this.states.get(id) ?? []
    return [...new Map(states.map(({ item }) => [item.v, versionOf(item)])).values()]
  }

  private during(from: number, to: number, id: string): Item[] {
    const states = this.states.get(id) ?? []
    return states
      .filter(({ since }, n) => since <= to && (states[n + 1]?.since ?? to + 1) > from)
      .map(({ item }) => item)
  }

  private statesDuring(from: number, to: number, id: string): number[] {
    return this.during(from, to, id).map(({ v }) => v as number)
  }

  private alwaysMatching(search: NoteSearch, from: number, to: number): string[] {
    return [...this.states.keys()].filter((id) => {
      const existed = this.states.get(id)![0]!.since <= from
      return existed && this.during(from, to, id).every((item) => notesOf(item).some(search.matches))
    })
  }

  private unchanged(from: number, to: number): string[] {
    return [...this.states.keys()].filter((id) => {
      const states = this.states.get(id)!
      return states[0]!.since <= from && !states.some(({ since }) => since > from && since <= to)
    })
  }
}

/** A table that notes of which resources it has shown rows. */
const notingRows = (table: WalkedTable, met: Set<string>): WalkedTable => ({
  ...table,
  query: async (bounds) => {
    const page = await table.query(bounds)
    for (const { sk } of page.items) met.add(parseRow(sk, '').id)
    return page
  },
})

const matching = (search: NoteSearch, hits: readonly Hit[]): Hit[] =>
  hits.filter(({ version }) => search.matches(resourceOf(version) as Note))

const notesOf = (item: Item): Note[] => (item.deleted ? [] : [resourceOf(versionOf(item)) as Note])

const contentOf = ({ id, v, updated, method, deleted, item }: Version) => ({
  id,
  v,
  updated,
  method,
  deleted,
  body: item.body,
})
