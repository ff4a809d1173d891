import type { Instant } from '../fhir.ts'
import { itemBytes, sameItem } from './item.ts'
import { postingHash, rowSortKey, shardOf, wakeShard } from './keys.ts'
import { type Indexing, LARGEST_ITEM } from './plan-write.ts'
import type { ConditionalPut, Item } from './table.ts'
import { versionOf } from './version.ts'

/** What it takes to have a resource in the lists that today's rules make, and on its clock. */
export interface ReindexPlan {
  /** rows to be put first */
  before: Item[]
  commit: ConditionalPut
}

/**
 * The plan for a current item, or undefined when there is nothing to do. Pure. @throws Error for one that cannot be planned
 *
 * The version stays, so what is added is asserted by the version to come: a row above the current version is left alone by whoever meets it
 * before the commit, and a writer who makes that version at the same time asserts the very same row. Rows that only former rules made cannot
 * be named from the body; they are dead from the commit on, and a reader that meets one deletes it.
 */
export const planReindex = (current: Item, { postings, wakeAt }: Indexing): ReindexPlan | undefined => {
  if (current.deleted) return undefined
  const { id, v, content } = versionOf(current)
  const held = (current.asserted ?? {}) as Record<string, number>
  const asserted: Record<string, number> = {}
  const before: Item[] = []
  for (const key of postings(content)) {
    const hash = postingHash(key)
    if (held[hash] === undefined && asserted[hash] === undefined)
      before.push({ pk: key.pk, sk: rowSortKey(key.prefix, key.order, id, v + 1) })
    asserted[hash] = held[hash] ?? v + 1
  }
  const { wake: _wake, wakeAt: _wakeAt, ...rest } = current
  const woken = current.woken as Instant | undefined
  const next = wakeAt(content, woken)
  const item: Item = { ...rest, asserted, ...(next && { wake: wakeShard(shardOf(id)), wakeAt: next }) }
  if (sameItem(item, current)) return undefined
  if (itemBytes(item) > LARGEST_ITEM)
    throw new Error('it has no room for what its lists take: at most 400 KB after compression')
  return { before, commit: { item, condition: { v, woken, tx: undefined } } }
}
