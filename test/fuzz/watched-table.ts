import { MemoryTable } from '../../lib/store/memory-table.ts'
import type { Condition, ConditionalPut, Item, Key, RowPage, RowQuery } from '../../lib/store/table.ts'

/** What DynamoDB would have refused with a ValidationException, and a table in memory takes. */
export class RefusedByDynamoDb extends Error {
  constructor(what: string) {
    super(`DynamoDB would refuse ${what}`)
    this.name = 'RefusedByDynamoDb'
  }
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const LONGEST_PARTITION_KEY = 2_048
const LONGEST_SORT_KEY = 1_024
const LARGEST_ITEM = 400 * 1_024

const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.entries(value).reduce((size, [name, one]) => size + Buffer.byteLength(name) + sizeOf(one), 3)
}

const requireText = (text: string, longest: number, what: string): void => {
  if (!text) throw new RefusedByDynamoDb(`an empty ${what}`)
  if (Buffer.byteLength(text) > longest) throw new RefusedByDynamoDb(`a ${what} of ${Buffer.byteLength(text)} bytes`)
  if (!text.isWellFormed()) throw new RefusedByDynamoDb(`a ${what} that is no UTF-8`)
}

const requireKey = ({ pk, sk }: Key): void => {
  requireText(pk, LONGEST_PARTITION_KEY, 'partition key')
  requireText(sk, LONGEST_SORT_KEY, 'sort key')
}

const requireItem = (item: Item): void => {
  requireKey(item)
  const size = sizeOf(item)
  if (size > LARGEST_ITEM) throw new RefusedByDynamoDb(`an item of ${size} bytes`)
}

/** Secrets are made when they are first needed, whatever becomes of the request. */
const isSecret = ({ pk }: Key): boolean => pk === '!settings'

/** A table in memory that holds to DynamoDB's limits and says how often it was written to. */
export class WatchedTable extends MemoryTable {
  /** keys of what was written, in order */
  readonly written: string[] = []
  readonly #items = new Map<string, Item>()

  /** Everything in it. */
  items(): Item[] {
    return [...this.#items.values()]
  }

  override async get(key: Key): Promise<Item | undefined> {
    requireKey(key)
    return super.get(key)
  }

  override async getMany(keys: readonly Key[]): Promise<Item[]> {
    for (const key of keys) requireKey(key)
    return super.getMany(keys)
  }

  override async query(query: RowQuery): Promise<RowPage> {
    requireText(query.pk, LONGEST_PARTITION_KEY, 'partition key')
    // An empty bound is none: lib/store/dynamodb-expressions.ts
    for (const bound of [query.from, query.to, query.after]) if (bound) requireText(bound, LONGEST_SORT_KEY, 'sort key')
    return super.query(query)
  }

  override async put(item: Item, condition: Condition): Promise<void> {
    requireItem(item)
    await super.put(item, condition)
    this.#note([item])
  }

  override async delete(key: Key, condition: Readonly<Record<string, string | number>>): Promise<void> {
    requireKey(key)
    await super.delete(key, condition)
    this.#noteDeleted([key])
  }

  override async transact(puts: readonly ConditionalPut[]): Promise<void> {
    for (const { item } of puts) requireItem(item)
    await super.transact(puts)
    this.#note(puts.map(({ item }) => item))
  }

  override async writeMany(puts: readonly Item[], deletes: readonly Key[]): Promise<void> {
    for (const item of puts) requireItem(item)
    for (const key of deletes) requireKey(key)
    await super.writeMany(puts, deletes)
    this.#note(puts)
    this.#noteDeleted(deletes)
  }

  #note(items: readonly Item[]): void {
    for (const item of items) {
      if (!isSecret(item)) this.written.push(nameOf(item))
      this.#items.set(nameOf(item), item)
    }
  }

  #noteDeleted(keys: readonly Key[]): void {
    for (const key of keys) {
      this.written.push(nameOf(key))
      this.#items.delete(nameOf(key))
    }
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} / ${sk}`
