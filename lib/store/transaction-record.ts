import type { Instant } from '../fhir.ts'
import { boundedly, chunksOf } from './backoff.ts'
import { type Outcome, transactionOf } from './intent.ts'
import { membersKey, shardOf, transactionKey, wakeShard } from './keys.ts'
import { settleAll } from './settle-all.ts'
import { ConditionFailed, type Item, type Key, type Table } from './table.ts'

/**
 * The record of a transaction: the one item whose state says whether the transaction has happened. It stands in the wake index at
 * its expiry, so that the tick of the clock finishes what a crash has left, and goes when no intent is left. A record that is not
 * there therefore means, to whoever still finds an intent, that the transaction was aborted.
 */
export type State = Outcome | 'pending'

export const stateOf = (record: Item): State => record.state as State
export const hasExpired = (record: Item, now: Instant): boolean => (record.wakeAt as Instant) <= now

/** Keys of one part of the list of members: some 100 bytes each, 600 at most. */
const MEMBERS_A_PART = 200
/** Current items may be large: not all of them at once. */
const ITEMS_AT_ONCE = 100
const DELETES_AT_ONCE = 32

/** Begins a transaction on these items. */
export const begin = async (table: Table, id: string, keys: readonly Key[], expires: Instant): Promise<Item> => {
  const parts = chunksOf(keys, MEMBERS_A_PART)
  const record: Item = {
    ...transactionKey(id),
    state: 'pending',
    parts: parts.length,
    wake: wakeShard(shardOf(id)),
    wakeAt: expires,
  }
  await table.put(record, 'absent')
  const members = parts.map((part, n): Item => {
    const key = membersKey(id, n)
    return { ...key, part: key.sk, keys: JSON.stringify(part.map(({ pk, sk }) => [pk, sk])) }
  })
  await table.writeMany(members, [])
  return record
}

/** The commit of the whole. @throws ConditionFailed when somebody has decided against it */
export const decideFor = (table: Table, record: Item): Promise<void> =>
  table.put({ ...record, state: 'committed' }, { state: 'pending' })

/** What the transaction came to; one that is pending is aborted. Undefined: it is over and no intent of it was left. */
export const decide = async (table: Table, id: string): Promise<Outcome | undefined> => {
  for (;;) {
    const record = await table.get(transactionKey(id))
    if (!record) return undefined
    const state = stateOf(record)
    if (state !== 'pending') return state
    try {
      await table.put({ ...record, state: 'aborted' }, { state: 'pending' })
      return 'aborted'
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
  }
}

/** Forgets a transaction that is over when `settleItems` says that no intent is left. @returns whether it is forgotten */
export const finish = async (
  table: Table,
  record: Item,
  outcome: Outcome,
  settleItems: () => Promise<boolean>,
): Promise<boolean> => {
  if (!(await settleItems())) return false
  // The list goes before the record, which alone leads to it.
  await boundedly(partsOf(record), DELETES_AT_ONCE, (key) => unlessGone(table.delete(key, { part: key.sk })))
  await unlessGone(table.delete(record, { state: outcome }))
  return true
}

const unlessGone = (deletion: Promise<void>): Promise<void> =>
  deletion.catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error
  })

/** Finishes a transaction that its writer has left behind. @returns false when it has not expired, is over, or cannot be finished yet */
export const recover = async (table: Table, key: Key, now: Instant): Promise<boolean> => {
  const record = await table.get(key)
  if (!record || !hasExpired(record, now)) return false
  const id = record.pk.slice(transactionKey('').pk.length)
  const outcome = await decide(table, id)
  if (!outcome) return false
  const keys = (await table.getMany(partsOf(record))).flatMap(keysIn)
  return finish(table, record, outcome, async () => {
    let settled = true
    for (const chunk of chunksOf(keys, ITEMS_AT_ONCE)) {
      const items = (await table.getMany(chunk)).filter((item) => transactionOf(item) === id)
      settled = (await settleAll(table, items, outcome)) && settled
    }
    return settled
  })
}

const partsOf = ({ pk, parts }: Item): Key[] => {
  const id = pk.slice(transactionKey('').pk.length)
  return Array.from({ length: parts as number }, (_, part) => membersKey(id, part))
}

const keysIn = ({ keys }: Item): Key[] =>
  (JSON.parse(keys as string) as [string, string][]).map(([pk, sk]) => ({ pk, sk }))
