import { itemBytes } from './item.ts'
import { type ConditionalPut, ConditionFailed, type Table, TransactionRefused } from './table.ts'

/** DynamoDB's limit on what one TransactWriteItems holds. */
export const LARGEST_TRANSACTION = 4 * 1024 * 1024
export const TRANSACTIONS_AT_ONCE = 8

export const bytesOf = (puts: readonly ConditionalPut[]): number =>
  puts.reduce((sum, { item }) => sum + itemBytes(item), 0)

/** Parts that fit one TransactWriteItems each. */
export const transactionsOf = <Put extends ConditionalPut>(puts: readonly Put[], limit: number): Put[][] => {
  const parts: Put[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const put of puts) {
    const size = itemBytes(put.item)
    const part = parts.at(-1)
    if (part && part.length < limit && bytes + size <= LARGEST_TRANSACTION) {
      part.push(put)
      bytes += size
    } else {
      parts.push([put])
      bytes = size
    }
  }
  return parts
}

/** Why puts were not made. */
export interface Refusal {
  /** the indices of those that were refused: none when it was contention alone */
  failed: readonly number[]
  /** false: they may have been made all the same, see {@link ConditionFailed} */
  isSure: boolean
}

/** Puts all or none. @returns undefined when they are put */
export const putTogether = async (table: Table, puts: readonly ConditionalPut[]): Promise<Refusal | undefined> => {
  const [first] = puts
  if (!first) return undefined
  try {
    await (puts.length === 1 ? table.put(first.item, first.condition) : table.transact(puts))
    return undefined
  } catch (error) {
    if (error instanceof ConditionFailed) return { failed: [0], isSure: error.isSure }
    if (error instanceof TransactionRefused) return error
    throw error
  }
}
