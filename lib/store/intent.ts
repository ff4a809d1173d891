import type { PlannedPut } from './plan-write.ts'
import { type Attribute, type AttributeMap, ConditionFailed, type Item, type Table } from './table.ts'

/**
 * An intent: what an item becomes when the transaction named in its `tx` commits. It stands in the item itself, as `next`, so that
 * nobody who meets it has to look elsewhere for what it says; everybody's conditions include that no `tx` is there.
 */

/** What a transaction came to. */
export type Outcome = 'committed' | 'aborted'

/** The item as it is while the transaction holds it: what it was, and the intent. */
export const withIntent = ({ item, held }: PlannedPut, transaction: string): Item => {
  const { pk, sk, ...next } = item
  const defined = Object.entries(next).filter(([, value]) => value !== undefined)
  return {
    // For a resource that is not there yet: `deleted` makes it nothing for whoever reads the stream.
    ...(held ?? { pk, sk, absent: true, deleted: true }),
    tx: transaction,
    next: Object.fromEntries(defined) as Record<string, Attribute>,
  }
}

/** The transaction that holds this item. */
export const transactionOf = (item: Item | undefined): string | undefined => item?.tx as string | undefined

/** What the item is as long as the transaction has not been committed; undefined: it is not there. */
export const heldIn = ({ tx: _tx, next: _next, ...held }: Item): Item | undefined => (held.absent ? undefined : held)

/** What the item is from the commit on. */
export const intendedIn = ({ pk, sk, next }: Item): Item => ({ ...(next as AttributeMap), pk, sk })

/**
 * Makes an item what its transaction, which is over, has made of it. Any number of helpers may do so at the same time, at any later
 * time: only as long as the intent stands is anything written.
 * @returns whether the intent is gone
 */
export const settle = async (table: Table, item: Item, outcome: Outcome): Promise<boolean> => {
  const tx = transactionOf(item)!
  const settled = outcome === 'committed' ? intendedIn(item) : heldIn(item)
  try {
    await (settled ? table.put(settled, { tx }) : table.delete(item, { tx }))
    return true
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    // Settled by somebody else, as a rule. The refusal alone does not say so: a transaction that touches the item refuses too.
    return transactionOf(await table.get(item)) !== tx
  }
}
