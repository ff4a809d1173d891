import { compartmentPartition, currentKey, parseRow, versionKey } from './keys.ts'
import { SortedKeys } from './order.ts'
import type { Store } from './store.ts'
import type { Item, Key } from './table.ts'
import { type Version, versionOf } from './version.ts'

export interface Reference {
  type: string
  id: string
}

/**
 * A store that reads everything once: whatever is read again is what was read first, or has been written through it since. For one look
 * at what is stored, which many share; whoever wants to know what others have written takes a new one. History is read as ever.
 */
export interface Snapshot extends Store {
  /** What may be in a patient's compartment, read at once; searches of it cost nothing from then on. None when it is too much for that. */
  compartment(patientId: string): Promise<Reference[]>
  /** Reads current versions, and former ones that may be asked for, all at once. */
  readAhead(current: readonly Reference[], former?: readonly FormerVersion[]): Promise<void>
  /** Whether it has been read that there is such a thing. */
  holds(reference: Reference): boolean
  /** Takes it that these, unless they have been read, were never there. Whoever writes them finds out when it is not so. */
  supposeAbsent(references: readonly Reference[]): void
  /** What has been written through it, as it was written. */
  readonly written: readonly Item[]
}

/** A version that has been superseded. */
export interface FormerVersion extends Reference {
  v: number
}

/** More rows than this are better searched: some 100 KB. */
const MOST_ROWS = 1_000

const origins = new WeakMap<Store, Store>()

/** The store itself, for what is known of it beyond one look. */
export const originOf = (store: Store): Store => origins.get(store) ?? store

const addressOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`

/** @param known what was read or written only a moment ago, and need not be read once more */
export const snapshotOf = (store: Store, known: readonly Item[] = []): Snapshot => {
  const { table } = store
  const items = new Map<string, Item | undefined>(known.map((item) => [addressOf(item), item]))
  const written: Item[] = []
  const lists = new Map<string, SortedKeys>()

  const keep = (key: Key, item: Item | undefined): void => {
    const address = addressOf(key)
    if (!items.has(address)) items.set(address, item)
  }

  const getMany = async (keys: readonly Key[]): Promise<Item[]> => {
    const wanted = new Map(keys.map((key) => [addressOf(key), key] as const))
    const unread = [...wanted].filter(([address]) => !items.has(address)).map(([, key]) => key)
    if (unread.length) {
      const found = new Map((await table.getMany(unread)).map((item) => [addressOf(item), item] as const))
      for (const key of unread) keep(key, found.get(addressOf(key)))
    }
    return [...wanted.keys()].flatMap((address) => items.get(address) ?? [])
  }

  const readMany = async (references: readonly Reference[]): Promise<Version[]> =>
    (await getMany(references.map(({ type, id }) => currentKey(type, id)))).map(versionOf)

  const snapshot: Snapshot = {
    ...store,
    table: {
      ...table,
      getMany,
      async query(query) {
        const list = lists.get(query.pk)
        if (!list) return table.query(query)
        const sks = list.range(query)
        return { items: sks.map((sk) => ({ pk: query.pk, sk })), more: sks.length === query.limit }
      },
    },
    readMany,
    read: async (type, id) => (await readMany([{ type, id }]))[0],
    async vread(type, id, v) {
      const copy = items.get(addressOf(versionKey(type, id, v)))
      return copy ? versionOf(copy) : store.vread(type, id, v)
    },
    async readAhead(current, former = []) {
      await getMany([
        ...current.map(({ type, id }) => currentKey(type, id)),
        ...former.map(({ type, id, v }) => versionKey(type, id, v)),
      ])
    },
    holds: ({ type, id }) => items.get(addressOf(currentKey(type, id))) !== undefined,
    supposeAbsent(references) {
      for (const { type, id } of references) keep(currentKey(type, id), undefined)
    },
    written,
    async write(writes) {
      const versions = await store.write(writes)
      for (const { item } of versions) {
        items.set(addressOf(item), item)
        written.push(item)
      }
      return versions
    },
    async compartment(patientId) {
      const pk = compartmentPartition(patientId)
      if (!lists.has(pk)) {
        const { items: rows, more } = await table.query({ pk, limit: MOST_ROWS })
        if (more) return []
        const list = new SortedKeys()
        for (const { sk } of rows) list.add(sk)
        lists.set(pk, list)
      }
      return lists.get(pk)!.keys.map((sk) => {
        const { order, id } = parseRow(sk, '')
        return { type: order.slice(0, order.indexOf('/')), id }
      })
    },
  }
  origins.set(snapshot, originOf(store))
  return snapshot
}
