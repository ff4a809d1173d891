import { type Clock, instantOf } from '../clock.ts'
import type { Ids } from '../ids.ts'
import { boundedly } from './backoff.ts'
import { type Outcome, withIntent } from './intent.ts'
import { compareKeys } from './order.ts'
import type { PlannedPut } from './plan-write.ts'
import { putTogether, type Refusal, TRANSACTIONS_AT_ONCE, transactionsOf } from './put-together.ts'
import { settleAll } from './settle-all.ts'
import { ConditionFailed, type Item, type Table } from './table.ts'
import { begin, decide, decideFor, finish } from './transaction-record.ts'

export interface IntentParts {
  table: Table
  clock: Clock
  ids: Ids
  /** The most puts of one TransactWriteItems. */
  transactionLimit: number
  /** milliseconds after which anybody may abort a transaction that is still pending */
  pendingFor: number
}

/**
 * Puts all of these or none, however many, as docs/adr/0005-large-transactions.md says: an intent on every item, one conditional
 * update of the transaction's record, which is the commit, and then the intents become what they say.
 * @returns undefined when they are put; no position is refused when somebody else aborted it
 */
export const commitByIntents = async (
  parts: IntentParts,
  puts: readonly PlannedPut[],
): Promise<Refusal | undefined> => {
  const { table, clock, ids, pendingFor, transactionLimit } = parts
  const id = ids.next()
  const expires = instantOf(Date.parse(clock.now()) + pendingFor)
  const keys = puts.map(({ item }) => item)
  const record = await begin(table, id, keys, expires)

  const begun: Item[] = []
  let refused: readonly number[] | undefined
  let failure: unknown
  try {
    refused = await place(parts, puts, id, begun)
    if (!refused) await decideFor(table, record)
  } catch (error) {
    failure = error
  }
  // After a failure only the record knows whether the commit got there. What is undecided is decided here.
  const decided = failure || refused ? await decide(table, id) : 'committed'
  const outcome: Outcome = decided ?? 'aborted'
  // What cannot be settled now is by whoever meets it, and by the tick of the clock.
  await finish(table, record, outcome, () => settleAll(table, begun, outcome, transactionLimit)).catch(() => undefined)
  if (outcome === 'committed') return undefined
  if (failure && !(failure instanceof ConditionFailed)) throw failure
  // A record that is gone was finished by the tick of the clock, whichever way it had been decided.
  return { failed: refused ?? [], isSure: decided !== undefined }
}

/**
 * Puts the intents, all in one order so that of two rivals one gets nearly everything; stops at the first refusal.
 * @param begun is given every item that may have been put
 */
const place = async (
  { table, transactionLimit }: IntentParts,
  puts: readonly PlannedPut[],
  id: string,
  begun: Item[],
): Promise<number[] | undefined> => {
  let refused: number[] | undefined
  const inOrder = [...puts.keys()].sort((a, b) => compareKeys(puts[a]!.item.pk, puts[b]!.item.pk))
  const intents = inOrder.map((position) => ({
    ...{ position, item: withIntent(puts[position]!, id), condition: puts[position]!.condition },
  }))
  await boundedly(transactionsOf(intents, transactionLimit), TRANSACTIONS_AT_ONCE, async (chunk) => {
    if (refused) return
    begun.push(...chunk.map(({ item }) => item))
    const refusal = await putTogether(table, chunk)
    if (refusal) refused = [...(refused ?? []), ...refusal.failed.map((index) => chunk[index]!.position)]
  })
  return refused
}
