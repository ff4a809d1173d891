import type { Clock } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { type Ids, randomIds } from '../ids.ts'
import { ClaimTaken, commit, MOST_WRITES, refuseUnfit, TooManyWrites, VersionConflict } from './commit.ts'
import { claimKey, currentKey, isTransactionKey, versionKey } from './keys.ts'
import { type Indexing, planWrite, rowsInForce, type Write } from './plan-write.ts'
import { resolveIntents } from './resolve-intents.ts'
import { ConditionFailed, type Consistency, type Item, type Key, type Table, TRANSACTION_LIMIT } from './table.ts'
import { recover } from './transaction-record.ts'
import { type Version, versionOf } from './version.ts'
import type { WalkedTable } from './walk.ts'

export { ClaimTaken, MOST_WRITES, TooManyWrites, VersionConflict }

export interface History {
  versions: Version[]
  more: boolean
}

/** Resources with versions on a {@link Table}: what the interactions work with. All reads are strongly consistent. */
export interface Store {
  /** The table as it is to be read: intents of transactions resolved, see resolve-intents.ts. */
  readonly table: WalkedTable
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
   * @throws VersionConflict, ClaimTaken, TooManyWrites, FhirError (tooLarge, invalid: one resource or criteria twice): nothing was written
   */
  write(writes: readonly Write[]): Promise<Version[]>
  /**
   * Moves the clock of an item whose `wakeAt` has come: notes `now` in `woken` and sets the next `wakeAt`. The stream carries the
   * change; the version stays. False when the item has changed meanwhile: whoever changed it set its clock anew. The clock of a
   * transaction rings when its writer has had its time: then what it has left behind is finished.
   */
  wake(key: Key, now: Instant): Promise<boolean>
}

export interface StoreParts {
  table: Table
  clock: Clock
  indexing: (type: string) => Indexing
  /** Where the ids of transactions come from. @default random */
  ids?: Ids
  /** The most puts that go by one TransactWriteItems; more go by intents. @default 100, what DynamoDB takes */
  transactionLimit?: number
  /** Milliseconds a transaction by intents may take before others abort it. @default 30,000: longer than a request can last */
  pendingFor?: number
  /** Told of failures that do no harm (rows of dropped keys left behind), for a metric. */
  onLeftover?: (rows: number) => void
}

/** How often a write gives way to a clock that moves at the same time. */
const CLOCK_RACES = 3
const PENDING_FOR_MS = 30_000

export const createStore = (parts: StoreParts): Store => {
  const { table: stored, clock, indexing, ids = randomIds, onLeftover } = parts
  const { transactionLimit = TRANSACTION_LIMIT, pendingFor = PENDING_FOR_MS } = parts
  const table = resolveIntents(stored, clock)
  const commitParts = { table: stored, clock, ids, transactionLimit, pendingFor }

  const read = async (type: string, id: string) => {
    const item = await table.get(currentKey(type, id))
    return item && versionOf(item)
  }

  const versionIn = async (type: string, id: string, v: number, consistency: Consistency) => {
    // A version that has a copy is what the copy says, even while it is still the current one.
    const copy = await table.get(versionKey(type, id, v), consistency)
    if (copy) return versionOf(copy)
    const current = await table.get(currentKey(type, id), consistency)
    if (!current || (current.v as number) < v) return undefined
    if (current.v === v) return versionOf(current)
    // Superseded between the two reads: now the copy is there.
    const late = await table.get(versionKey(type, id, v))
    return late && versionOf(late)
  }

  /** Superseded versions from `last` downwards. */
  const copies = async (type: string, id: string, last: number, limit: number): Promise<Version[]> => {
    if (limit < 1) return []
    const { pk, sk: from } = versionKey(type, id, 1)
    const { items } = await table.query({ pk, from, to: versionKey(type, id, last).sk, descending: true, limit })
    return items.map(versionOf)
  }

  /**
   * The same writes on what is stored now, when a refusal came of nothing but clocks that have moved (see {@link Store.wake}): their
   * versions are still those that the writes were decided on.
   */
  const onMovedClocks = async (writes: readonly Write[]): Promise<Write[] | undefined> => {
    // Of all writes, so that intents of transactions that are over do not stand in their way again.
    const items = await table.getMany(writes.map(({ type, id }) => currentKey(type, id)))
    const current = new Map(items.map((item) => [item.pk, versionOf(item)]))
    const rebased = writes.map((write) => {
      const stored = current.get(currentKey(write.type, write.id).pk)
      return write.base?.v === stored?.v ? { ...write, base: stored } : undefined
    })
    const moved = rebased.some((write, n) => write?.base?.item.woken !== writes[n]!.base?.item.woken)
    return moved && rebased.every((write) => write !== undefined) ? rebased : undefined
  }

  return {
    table: { ...table, rowsOf: (version) => rowsInForce(version, indexing(version.type)) },
    read,

    async readMany(references) {
      return (await table.getMany(references.map(({ type, id }) => currentKey(type, id)))).map(versionOf)
    },

    async vread(type, id, v) {
      // A version never changes, so what an old look finds is what there is; only what it does not find has to be looked for again.
      return (await versionIn(type, id, v, 'eventual')) ?? (await versionIn(type, id, v, 'strong'))
    },

    async history(type, id, count, below = Number.POSITIVE_INFINITY) {
      const current = await read(type, id)
      if (!current) return { versions: [], more: false }
      const newest = current.v < below ? [current] : []
      // The current version may have a copy already, of a write that has not been committed.
      const last = Math.min(current.v, below) - 1
      const superseded = last < 1 ? [] : await copies(type, id, last, count + 1 - newest.length)
      const versions = [...newest, ...superseded]
      return { versions: versions.slice(0, count), more: versions.length > count }
    },

    async claimOwner(type, criteria) {
      return (await table.get(claimKey(type, criteria)))?.owner as string | undefined
    },

    async write(writes) {
      const now = clock.now()
      const plan = (decided: readonly Write[]) => decided.map((write) => planWrite(write, now, indexing))
      let plans = plan(writes)
      refuseUnfit(commitParts, plans)
      await table.writeMany(
        plans.flatMap(({ before }) => before),
        [],
      )
      for (let decided = writes, race = 0; ; race += 1) {
        const refused = await commit(commitParts, plans)
        if (!refused) break
        const again =
          refused instanceof VersionConflict && race < CLOCK_RACES ? await onMovedClocks(decided) : undefined
        if (!again) throw refused
        decided = again
        plans = plan(decided)
      }
      const dropped = plans.flatMap((plan) => plan.after)
      // Rows of dropped keys are dead already; a reader that meets one deletes it.
      if (dropped.length) await table.writeMany([], dropped).catch(() => onLeftover?.(dropped.length))
      return plans.map((plan) => plan.version)
    },

    async wake(key, now) {
      if (isTransactionKey(key)) return recover(stored, key, now)
      const item = await table.get(key)
      if (!item || item.deleted || !item.wakeAt || (item.wakeAt as Instant) > now) return false
      const version = versionOf(item)
      const next = indexing(version.type).wakeAt(version.content, now)
      const { wake: _wake, wakeAt, ...rest } = item
      const woken: Item = { ...rest, woken: now, ...(next && { wake: item.wake, wakeAt: next }) }
      try {
        await table.put(woken, { v: version.v, wakeAt: wakeAt as string, tx: undefined })
        return true
      } catch (error) {
        if (error instanceof ConditionFailed) return false
        throw error
      }
    },
  }
}
