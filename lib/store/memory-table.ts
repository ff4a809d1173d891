import type { Instant } from '../fhir.ts'
import { SortedKeys } from './order.ts'
import {
  type Attribute,
  type AttributeMap,
  type Condition,
  type ConditionalPut,
  ConditionFailed,
  type DueItem,
  type Item,
  type Key,
  type RowPage,
  type RowQuery,
  type Table,
  TRANSACTION_LIMIT,
  TransactionRefused,
} from './table.ts'

interface Partition {
  items: Map<string, Item>
  order: SortedKeys
}

/** Parts the fields of an entry of the wake index: sorts before every character of a key. */
const FIELD = '\u0000'

/** The tenant's table in memory: for tests and for trying things out. Each operation happens at once and as a whole. */
export class MemoryTable implements Table {
  private readonly partitions = new Map<string, Partition>()
  private readonly wakes = new Map<string, SortedKeys>()

  async get(key: Key): Promise<Item | undefined> {
    const item = this.stored(key)
    return item && copyOf(item)
  }

  async getMany(keys: readonly Key[]): Promise<Item[]> {
    const items = new Set(keys.map((key) => this.stored(key)))
    return [...items].flatMap((item) => (item ? [copyOf(item)] : []))
  }

  async query({ pk, ...bounds }: RowQuery): Promise<RowPage> {
    const partition = this.partitions.get(pk)
    const sks = partition?.order.range(bounds) ?? []
    // As DynamoDB does: a page that is full may be followed by an empty one.
    return { items: sks.map((sk) => copyOf(partition!.items.get(sk)!)), more: sks.length === bounds.limit }
  }

  async put(item: Item, condition: Condition): Promise<void> {
    if (!this.holds(item, condition)) throw new ConditionFailed()
    this.store(item)
  }

  async delete(key: Key, condition: Readonly<Record<string, string | number>>): Promise<void> {
    if (!this.stored(key) || !this.holds(key, condition)) throw new ConditionFailed()
    this.remove(key)
  }

  async transact(puts: readonly ConditionalPut[]): Promise<void> {
    if (puts.length > TRANSACTION_LIMIT) throw new RangeError(`a transaction of ${puts.length} actions`)
    if (new Set(puts.map(({ item }) => `${item.pk}${FIELD}${item.sk}`)).size < puts.length)
      throw new RangeError('a transaction with two actions on one item')
    const failed = puts.flatMap(({ item, condition }, position) => (this.holds(item, condition) ? [] : [position]))
    if (failed.length) throw new TransactionRefused(failed)
    for (const { item } of puts) this.store(item)
  }

  async writeMany(puts: readonly Item[], deletes: readonly Key[]): Promise<void> {
    for (const item of puts) this.store(item)
    for (const key of deletes) this.remove(key)
  }

  async due(wake: string, until: Instant, limit: number): Promise<DueItem[]> {
    const entries = this.wakes.get(wake)?.range({ to: `${until}\u0001`, limit }) ?? []
    return entries.map((entry) => {
      const [wakeAt, pk, sk] = entry.split(FIELD) as [Instant, string, string]
      return { pk, sk, wakeAt }
    })
  }

  private stored({ pk, sk }: Key): Item | undefined {
    return this.partitions.get(pk)?.items.get(sk)
  }

  private holds(key: Key, condition: Condition): boolean {
    const item = this.stored(key)
    if (condition === 'absent') return item === undefined
    return Object.entries(condition).every(([attribute, value]) => item?.[attribute] === value)
  }

  private store(item: Item): void {
    if (!item.pk || !item.sk) throw new RangeError('an item without a key')
    this.remove(item)
    const partition = this.partitions.get(item.pk) ?? { items: new Map(), order: new SortedKeys() }
    this.partitions.set(item.pk, partition)
    partition.items.set(item.sk, copyOf(item))
    partition.order.add(item.sk)
    if (item.wake === undefined || item.wakeAt === undefined) return
    const index = this.wakes.get(item.wake as string) ?? new SortedKeys()
    this.wakes.set(item.wake as string, index)
    index.add(wakeEntry(item))
  }

  private remove(key: Key): void {
    const item = this.stored(key)
    if (!item) return
    const partition = this.partitions.get(key.pk)!
    partition.items.delete(key.sk)
    partition.order.delete(key.sk)
    if (item.wakeAt !== undefined) this.wakes.get(item.wake as string)?.delete(wakeEntry(item))
  }
}

const wakeEntry = ({ wakeAt, pk, sk }: Item): string => [wakeAt, pk, sk].join(FIELD)

/** A copy that shares nothing with `attributes` and leaves out what is undefined. */
const copyOf = <Attributes extends AttributeMap>(attributes: Attributes): Attributes => {
  const copy: Record<string, Attribute> = {}
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (value !== undefined) copy[name] = copyOfValue(value)
  }
  return copy as Attributes
}

const copyOfValue = (value: Attribute): Attribute => {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  return typeof value === 'object' ? copyOf(value) : value
}
