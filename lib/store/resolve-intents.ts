import type { Clock } from '../clock.ts'
import { boundedly } from './backoff.ts'
import { heldIn, intendedIn, type Outcome, settle, transactionOf } from './intent.ts'
import { transactionKey } from './keys.ts'
import type { Item, Table } from './table.ts'
import { decide, hasExpired, type State, stateOf } from './transaction-record.ts'

const WRITES_AT_ONCE = 32

/**
 * The table as everybody reads it: an item with an intent is what its transaction says, and is settled in passing when the
 * transaction is over. Costs nothing for items without an intent. What stands in the way of settling does not stand in the way of
 * reading.
 */
export const resolveIntents = (table: Table, clock: Clock): Table => {
  const resolve = async (items: readonly Item[]): Promise<Item[]> => {
    if (!items.some(transactionOf)) return [...items]
    const states = await statesOf(items)
    const unknown: Item[] = []
    const resolved = await boundedly(items, WRITES_AT_ONCE, async (item) => {
      const tx = transactionOf(item)
      if (tx === undefined) return item
      const state = states.get(tx)
      if (state === 'pending') return heldIn(item)
      if (state) return settled(item, state)
      unknown.push(item)
      return undefined
    })
    const known = resolved.filter((item) => item !== undefined)
    return unknown.length ? [...known, ...(await resolveAgain(unknown))] : known
  }

  /** Of transactions that are forgotten: either their intents have been settled since they were read, or they came too late. */
  const resolveAgain = async (before: readonly Item[]): Promise<Item[]> => {
    const transactions = new Map(before.map((item) => [`${item.pk} ${item.sk}`, transactionOf(item)]))
    const items = await table.getMany(before)
    const aborted = (item: Item) => transactionOf(item) === transactions.get(`${item.pk} ${item.sk}`)
    const cleared = await boundedly(items.filter(aborted), WRITES_AT_ONCE, (item) => settled(item, 'aborted'))
    return [...cleared.filter((item) => item !== undefined), ...(await resolve(items.filter((item) => !aborted(item))))]
  }

  const settled = async (item: Item, outcome: Outcome): Promise<Item | undefined> => {
    await settle(table, item, outcome).catch(() => undefined)
    return outcome === 'committed' ? intendedIn(item) : heldIn(item)
  }

  const statesOf = async (items: readonly Item[]): Promise<Map<string, State | undefined>> => {
    const ids = [...new Set(items.flatMap((item) => transactionOf(item) ?? []))]
    const records = new Map((await table.getMany(ids.map(transactionKey))).map((record) => [record.pk, record]))
    const states = ids.map(async (id): Promise<[string, State | undefined]> => {
      const record = records.get(transactionKey(id).pk)
      if (!record || stateOf(record) !== 'pending' || !hasExpired(record, clock.now()))
        return [id, record && stateOf(record)]
      return [id, await decide(table, id).catch(() => 'pending' as const)]
    })
    return new Map(await Promise.all(states))
  }

  return {
    get: async (key, consistency) => {
      const item = await table.get(key, consistency)
      return transactionOf(item) === undefined ? item : (await resolve([item!]))[0]
    },
    getMany: async (keys) => resolve(await table.getMany(keys)),
    query: (query) => table.query(query),
    put: (item, condition) => table.put(item, condition),
    delete: (key, condition) => table.delete(key, condition),
    transact: (puts) => table.transact(puts),
    writeMany: (puts, deletes) => table.writeMany(puts, deletes),
    due: (wake, until, limit) => table.due(wake, until, limit),
  }
}
