import type { Clock } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { claimKey, currentKey, versionKey } from './keys.ts'
import { type Indexing, planWrite, type Write, type WritePlan } from './plan-write.ts'
import { ConditionFailed, type Item, type Key, type Table, TRANSACTION_LIMIT, TransactionRefused } from './table.ts'
import { resourceOf, type Version, versionOf } from './version.ts'

/** A write lost a race: the resources at these positions are no longer at the version the write was decided on. Nothing was written. */
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

export interface History {
  versions: Version[]
  more: boolean
}

/** Resources with versions on a {@link Table}: what the interactions work with. All reads are strongly consistent. */
export interface Store {
  readonly table: Table
  /** The current version, a tombstone included; undefined when the id has never been used. */
  read(type: string, id: string): Promise<Version | undefined>
  readMany(references: readonly { type: string; id: string }[]): Promise<Version[]>
  vread(type: string, id: string, v: number): Promise<Version | undefined>
  /** Versions of one resource, newest first, below `below` when given. */
  history(type: string, id: string, count: number, below?: number): Promise<History>
  /** Who made the conditional create with these criteria, as far as the claim says. */
  claimOwner(type: string, criteria: string): Promise<string | undefined>
  /**
   * Commits all of the writes or none; at most one write a resource.
   * @throws VersionConflict, ClaimTaken, TooManyWrites, FhirError tooLarge: nothing was written
   */
  write(writes: readonly Write[]): Promise<Version[]>
  /**
   * Moves the clock of an item whose `wakeAt` has come: notes `now` in `woken` and sets the next `wakeAt`. The stream carries the
   * change; the version stays. False when the item has changed meanwhile: whoever changed it set its clock anew.
   */
  wake(key: Key, now: Instant): Promise<boolean>
}

export interface StoreParts {
  table: Table
  clock: Clock
  indexing: (type: string) => Indexing
  /** Told of failures that do no harm (rows of dropped keys left behind), for a metric. */
  onLeftover?: (rows: number) => void
}

export const createStore = ({ table, clock, indexing, onLeftover }: StoreParts): Store => {
  const read = async (type: string, id: string) => {
    const item = await table.get(currentKey(type, id))
    return item && versionOf(item)
  }

  const commit = async (plans: readonly WritePlan[]): Promise<void> => {
    const puts = plans.flatMap((plan) => plan.commit)
    const [only] = puts
    if (!only) return
    if (puts.length === 1) return table.put(only.item, only.condition)
    return table.transact(puts)
  }

  /** Which write a refused put belongs to, and whether it was its claim. */
  const refusal = (plans: readonly WritePlan[], failed: readonly number[]): Error => {
    const owners = plans.flatMap((plan, position) => plan.commit.map((_put, nth) => ({ position, claim: nth > 0 })))
    const refused = failed.map((index) => owners[index]!)
    const claim = refused.find((owner) => owner.claim)
    return claim ? new ClaimTaken(claim.position) : new VersionConflict(refused.map((owner) => owner.position))
  }

  return {
    table,
    read,

    async readMany(references) {
      return (await table.getMany(references.map(({ type, id }) => currentKey(type, id)))).map(versionOf)
    },

    async vread(type, id, v) {
      const superseded = await table.get(versionKey(type, id, v))
      if (superseded) {
        // The copy of version n is made before n+1 commits, so it says nothing of n+1; but it is always what n was.
        return versionOf(superseded)
      }
      const current = await read(type, id)
      return current?.v === v ? current : undefined
    },

    async history(type, id, count, below) {
      const current = await read(type, id)
      if (!current) return { versions: [], more: false }
      const newest = below === undefined || current.v < below ? [current] : []
      const { pk, sk: to } = versionKey(type, id, Math.min(current.v, below ?? current.v) - 1)
      const { items } = await table.query({
        pk,
        from: versionKey(type, id, 0).sk,
        to,
        descending: true,
        limit: count + 1,
      })
      const versions = [...newest, ...items.map(versionOf)]
      return { versions: versions.slice(0, count), more: versions.length > count }
    },

    async claimOwner(type, criteria) {
      return (await table.get(claimKey(type, criteria)))?.owner as string | undefined
    },

    async write(writes) {
      const now = clock.now()
      const plans = writes.map((write) => planWrite(write, now, indexing))
      const puts = plans.reduce((sum, plan) => sum + plan.commit.length, 0)
      if (puts > TRANSACTION_LIMIT) throw new TooManyWrites(puts)

      await table.writeMany(
        plans.flatMap((plan) => plan.before),
        [],
      )
      try {
        await commit(plans)
      } catch (error) {
        if (error instanceof ConditionFailed) throw new VersionConflict([0])
        if (error instanceof TransactionRefused) throw refusal(plans, error.failed)
        throw error
      }
      const dropped = plans.flatMap((plan) => plan.after)
      // Rows of dropped keys are dead already; a reader that meets one deletes it.
      if (dropped.length) await table.writeMany([], dropped).catch(() => onLeftover?.(dropped.length))
      return plans.map((plan) => plan.version)
    },

    async wake(key, now) {
      const item = await table.get(key)
      if (!item || item.deleted || !item.wakeAt || (item.wakeAt as Instant) > now) return false
      const version = versionOf(item)
      const next = indexing(version.type).wakeAt(resourceOf(version), now)
      const { wake: _wake, wakeAt, ...rest } = item
      const woken: Item = { ...rest, woken: now, ...(next && { wake: item.wake, wakeAt: next }) }
      try {
        await table.put(woken, { v: version.v, wakeAt: wakeAt as string })
        return true
      } catch (error) {
        if (error instanceof ConditionFailed) return false
        throw error
      }
    },
  }
}
