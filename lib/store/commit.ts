import { fail } from '../outcome.ts'
import { itemBytes } from './item.ts'
import type { WritePlan } from './plan-write.ts'
import { ConditionFailed, type Table, TRANSACTION_LIMIT, TransactionRefused } from './table.ts'

/**
 * A write lost a race: the resources at these positions are no longer at the version the write was decided on; none when the race
 * is still on. Nothing was written.
 */
export class VersionConflict extends Error {
  readonly positions: readonly number[]
  constructor(positions: readonly number[]) {
    super('somebody else wrote first')
    this.name = 'VersionConflict'
    this.positions = positions
  }
}

/** Another conditional create owns the criteria at this position. Nothing was written. */
export class ClaimTaken extends Error {
  readonly position: number
  constructor(position: number) {
    super('the criteria of the conditional create are claimed')
    this.name = 'ClaimTaken'
    this.position = position
  }
}

/** More writes than one atomic commit can hold. */
export class TooManyWrites extends Error {
  readonly writes: number
  constructor(writes: number) {
    super(`${writes} writes do not fit one transaction of ${TRANSACTION_LIMIT}`)
    this.name = 'TooManyWrites'
    this.writes = writes
  }
}

/** DynamoDB's limit on what one TransactWriteItems holds. */
const LARGEST_TRANSACTION = 4 * 1024 * 1024

/** Looks before anything is written. @throws TooManyWrites, FhirError when the commits of these plans do not fit one transaction */
export const refuseUnfit = (plans: readonly WritePlan[]): void => {
  const puts = plans.flatMap(({ commit }) => commit)
  if (puts.length > TRANSACTION_LIMIT) throw new TooManyWrites(puts.length)
  if (new Set(puts.map(({ item }) => `${item.pk} ${item.sk}`)).size < puts.length)
    throw fail(
      'invalid',
      'Two entries of one transaction change the same resource or create on the same criteria. Keep one of them.',
    )
  const bytes = puts.reduce((sum, { item }) => sum + itemBytes(item), 0)
  if (puts.length > 1 && bytes > LARGEST_TRANSACTION)
    throw fail(
      'tooLarge',
      'The resources of this transaction are too large to be written as one: at most 4 MB after compression. Send it in parts.',
    )
}

/** Puts the current items and claims of all of the plans, or none of them; then it gives the reason. */
export const commit = async (
  table: Table,
  plans: readonly WritePlan[],
): Promise<VersionConflict | ClaimTaken | undefined> => {
  const puts = plans.flatMap((plan) => plan.commit)
  const [first] = puts
  if (!first) return undefined
  try {
    await (puts.length === 1 ? table.put(first.item, first.condition) : table.transact(puts))
    return undefined
  } catch (error) {
    if (error instanceof ConditionFailed) return refusal(plans, [0])
    if (error instanceof TransactionRefused) return refusal(plans, error.failed)
    throw error
  }
}

/** Which writes the refused puts belong to; a claim tells more than the version of a resource that is only to be created. */
const refusal = (plans: readonly WritePlan[], failed: readonly number[]): VersionConflict | ClaimTaken => {
  const owners = plans.flatMap((plan, position) => plan.commit.map((_put, nth) => ({ position, claim: nth > 0 })))
  const refused = failed.map((index) => owners[index]!)
  const claim = refused.find((owner) => owner.claim)
  return claim ? new ClaimTaken(claim.position) : new VersionConflict(refused.map((owner) => owner.position))
}
