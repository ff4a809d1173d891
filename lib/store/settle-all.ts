import { boundedly } from './backoff.ts'
import { intendedIn, type Outcome, settle, transactionOf } from './intent.ts'
import { putTogether, TRANSACTIONS_AT_ONCE, transactionsOf } from './put-together.ts'
import type { Item, Table } from './table.ts'

const WRITES_AT_ONCE = 32

/**
 * Makes these items what their transaction, which is over, has made of them.
 * @param limit the most puts of one TransactWriteItems: one spares a hundred requests, for twice the write units
 * @returns whether no intent is left
 */
export const settleAll = async (
  table: Table,
  items: readonly Item[],
  outcome: Outcome,
  limit = 1,
): Promise<boolean> => {
  const left = outcome === 'committed' && limit > 1 ? await promoteTogether(table, items, limit) : items
  const settled = await boundedly(left, WRITES_AT_ONCE, (item) => settle(table, item, outcome))
  return settled.every(Boolean)
}

/** Gives the items of which it cannot be said. */
const promoteTogether = async (table: Table, items: readonly Item[], limit: number): Promise<Item[]> => {
  const promotions = items.map((intent) => ({
    ...{ intent, item: intendedIn(intent), condition: { tx: transactionOf(intent)! } },
  }))
  const left = await boundedly(transactionsOf(promotions, limit), TRANSACTIONS_AT_ONCE, async (part) =>
    (await putTogether(table, part)) ? part.map(({ intent }) => intent) : [],
  )
  return left.flat()
}
