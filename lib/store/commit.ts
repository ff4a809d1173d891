import { fail } from '../outcome.ts'
import { commitByIntents, type IntentParts } from './commit-by-intents.ts'
import { withIntent } from './intent.ts'
import { itemBytes } from './item.ts'
import { currentKey, versionKey } from './keys.ts'
import type { PlannedPut, WritePlan } from './plan-write.ts'
import { bytesOf, LARGEST_TRANSACTION, putTogether } from './put-together.ts'
import type { Table } from './table.ts'
import { versionOf } from './version.ts'

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

/** More writes than one commit can hold. */
export class TooManyWrites extends Error {
  readonly writes: number
  constructor(writes: number) {
    super(`${writes} writes do not fit one transaction of ${MOST_WRITES}`)
    this.name = 'TooManyWrites'
    this.writes = writes
  }
}

/** The most resources that one commit may change. */
export const MOST_WRITES = 5_000

/** DynamoDB's limit on an item, less room for the id of the transaction. */
const LARGEST_WITH_INTENT = 400 * 1024 - 1024

const putsOf = (plans: readonly WritePlan[]): PlannedPut[] => plans.flatMap((plan) => plan.commit)

/** Whether these puts are more than DynamoDB can take as one. */
const needIntents = (puts: readonly PlannedPut[], { transactionLimit }: IntentParts): boolean =>
  puts.length > transactionLimit || (puts.length > 1 && bytesOf(puts) > LARGEST_TRANSACTION)

/** Looks before anything is written. @throws TooManyWrites, FhirError when the commits of these plans cannot be one */
export const refuseUnfit = (parts: IntentParts, plans: readonly WritePlan[]): void => {
  if (plans.length > MOST_WRITES) throw new TooManyWrites(plans.length)
  const puts = putsOf(plans)
  if (new Set(puts.map(({ item }) => `${item.pk} ${item.sk}`)).size < puts.length)
    throw fail(
      'invalid',
      'Two entries of one transaction change the same resource or create on the same criteria. Keep one of them.',
    )
  if (needIntents(puts, parts) && puts.some((put) => itemBytes(withIntent(put, '')) > LARGEST_WITH_INTENT))
    throw fail(
      'tooLarge',
      'A transaction of this size changes a resource that is too large for it: what is stored and what is to replace it are more ' +
        'than 400 KB together, after compression. Send that change by itself.',
    )
}

/** Puts the current items and claims of all of the plans, or none of them; then it gives the reason. */
export const commit = async (
  parts: IntentParts,
  plans: readonly WritePlan[],
): Promise<VersionConflict | ClaimTaken | undefined> => {
  const puts = putsOf(plans)
  const refused = needIntents(puts, parts) ? await commitByIntents(parts, puts) : await putTogether(parts.table, puts)
  if (!refused || (!refused.isSure && (await areThere(parts.table, plans)))) return undefined
  return refusal(plans, refused.failed)
}

/** Whether the versions that these plans make are there, superseded or not. */
const areThere = async (table: Table, plans: readonly WritePlan[]): Promise<boolean> => {
  const keys = plans.flatMap(({ version: { type, id, v } }) => [versionKey(type, id, v), currentKey(type, id)])
  const stored = new Map((await table.getMany(keys)).map((item) => [`${item.pk} ${item.v}`, versionOf(item)]))
  return plans.every(({ version }) => {
    const there = stored.get(`${version.item.pk} ${version.v}`)
    return there?.updated === version.updated && there.method === version.method && there.text === version.text
  })
}

/** Which writes the refused puts belong to; a claim tells more than the version of a resource that is only to be created. */
const refusal = (plans: readonly WritePlan[], failed: readonly number[]): VersionConflict | ClaimTaken => {
  const owners = plans.flatMap((plan, position) => plan.commit.map((_put, nth) => ({ position, claim: nth > 0 })))
  const refused = failed.map((index) => owners[index]!)
  const claim = refused.find((owner) => owner.claim)
  return claim ? new ClaimTaken(claim.position) : new VersionConflict(refused.map((owner) => owner.position))
}
