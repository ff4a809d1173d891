import type { Instant } from '../fhir.ts'

/** Primary key of an item of the tenant's table. */
export interface Key {
  pk: string
  sk: string
}

export type Attribute = string | number | boolean | Uint8Array | AttributeMap

/** No attribute of a map may be undefined when it is written. */
export interface AttributeMap {
  [attribute: string]: Attribute | undefined
}

/** An item: its key and its attributes. The kinds of item are listed in docs/data-model.md. */
export type Item = Key & { [attribute: string]: Attribute | undefined }

/** What must hold of the stored item for a write to happen: it is absent, or its attributes have these values (undefined: not there). */
export type Condition = 'absent' | Readonly<Record<string, string | number | undefined>>

export interface ConditionalPut {
  item: Item
  condition: Condition
}

/** Rows of one partition, in the order of their sort keys. Bounds are inclusive; `after` is exclusive in the direction of reading. */
export interface RowQuery {
  pk: string
  from?: string
  to?: string
  after?: string
  descending?: boolean
  limit: number
}

export interface RowPage {
  items: Item[]
  /** true when the partition may hold more rows within the bounds */
  more: boolean
}

/** `eventual` may give an item as it was some time ago, or not at all; it costs half. */
export type Consistency = 'strong' | 'eventual'

export interface DueItem extends Key {
  wakeAt: Instant
}

/**
 * The port to the tenant's table: the few DynamoDB operations that Careloop uses, strongly consistent unless said otherwise. Two adapters keep this
 * contract (test/lib/store/table-contract.ts): DynamoDB and memory.
 */
export interface Table {
  /** @param consistency default strong */
  get(key: Key, consistency?: Consistency): Promise<Item | undefined>
  /** The items that exist among `keys`, in no particular order. Any number of keys; duplicates are read once. */
  getMany(keys: readonly Key[]): Promise<Item[]>
  query(query: RowQuery): Promise<RowPage>
  /** @throws ConditionFailed when `condition` does not hold; nothing is written */
  put(item: Item, condition: Condition): Promise<void>
  /** @throws ConditionFailed when `condition` does not hold, as it never does of an item that is not there; nothing is deleted */
  delete(key: Key, condition: Readonly<Record<string, string | number>>): Promise<void>
  /** All or none, at most {@link TRANSACTION_LIMIT}. @throws TransactionRefused */
  transact(puts: readonly ConditionalPut[]): Promise<void>
  /** Unconditional, in any order, not atomic. Resolves only when every one is done. Any number. */
  writeMany(puts: readonly Item[], deletes: readonly Key[]): Promise<void>
  /** Items of the clock shard `wake` whose `wakeAt` is not after `until`, earliest first. Eventually consistent. */
  due(wake: string, until: Instant, limit: number): Promise<DueItem[]>
}

/** DynamoDB's limit on the actions of one TransactWriteItems. */
export const TRANSACTION_LIMIT = 100

/**
 * A condition did not hold: somebody else wrote first. When it is not sure, the write was sent more than once, and what came first may have
 * been the write itself.
 */
export class ConditionFailed extends Error {
  readonly isSure: boolean
  constructor(isSure = true) {
    super('the condition of the write did not hold')
    this.name = 'ConditionFailed'
    this.isSure = isSure
  }
}

/**
 * Nothing of the transaction was written, at least not now: see {@link ConditionFailed} for `isSure`. `failed` are the positions whose
 * condition did not hold; empty: contention only.
 */
export class TransactionRefused extends Error {
  readonly failed: readonly number[]
  readonly isSure: boolean
  constructor(failed: readonly number[], isSure = true) {
    super('the transaction was refused')
    this.name = 'TransactionRefused'
    this.failed = failed
    this.isSure = isSure
  }
}
