import {
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import type { Instant } from '../fhir.ts'
import { backoff, boundedly, chunksOf, type Sleep, sleep } from './backoff.ts'
import { asThrottled, busy, isThrottling, wasSentAgain } from './dynamodb-errors.ts'
import { boundsOf, conditionOf, keyCondition } from './dynamodb-expressions.ts'
import { itemBytes, sameItem } from './item.ts'
import {
  type Condition,
  type ConditionalPut,
  ConditionFailed,
  type Consistency,
  type DueItem,
  type Item,
  type Key,
  type RowPage,
  type RowQuery,
  type Table,
  TransactionRefused,
} from './table.ts'

export interface DynamoDbTableParts {
  client: DynamoDBDocumentClient
  tableName: string
  /** Told what each request has cost, by the name of the operation; indexes are included. */
  onCapacity?: (operation: string, units: Units) => void
  sleep?: Sleep
}

/** Capacity units: one read unit is a strongly consistent read of 4 KB, one write unit a write of 1 KB. */
export interface Units {
  read: number
  write: number
}

/** Limits of BatchGetItem and BatchWriteItem. */
const READS_A_BATCH = 100
const WRITES_A_BATCH = 25
const BATCHES_AT_ONCE = 8
const RETRIES = 8
const CONFLICT_RETRIES = 5
const WRITE_UNIT = 1024

type Capacity = ConsumedCapacity | ConsumedCapacity[] | undefined

/** The tenant's table on DynamoDB. */
export class DynamoDbTable implements Table {
  private readonly client: DynamoDBDocumentClient
  private readonly tableName: string
  private readonly onCapacity: DynamoDbTableParts['onCapacity']
  private readonly sleep: Sleep

  constructor(parts: DynamoDbTableParts) {
    this.client = parts.client
    this.tableName = parts.tableName
    this.onCapacity = parts.onCapacity
    this.sleep = parts.sleep ?? sleep
  }

  async get(key: Key, consistency: Consistency = 'strong'): Promise<Item | undefined> {
    const input = { ...this.target(), Key: keyOf(key), ConsistentRead: consistency === 'strong' }
    const output = await this.answer(this.client.send(new GetCommand(input)))
    this.read('GetItem', output.ConsumedCapacity)
    return output.Item as Item | undefined
  }

  async getMany(keys: readonly Key[]): Promise<Item[]> {
    const pages = await boundedly(chunksOf(distinct(keys), READS_A_BATCH), BATCHES_AT_ONCE, (chunk) =>
      this.readBatch(chunk),
    )
    return pages.flat()
  }

  async query(query: RowQuery): Promise<RowPage> {
    const bounds = boundsOf(query)
    if (!bounds) return { items: [], more: false }
    const items: Item[] = []
    let start = bounds.after === undefined ? undefined : { pk: query.pk, sk: bounds.after }
    for (;;) {
      const input = {
        ...this.target(),
        ...keyCondition(query.pk, bounds),
        ConsistentRead: true,
        ScanIndexForward: !query.descending,
        Limit: query.limit - items.length,
        ...(start && { ExclusiveStartKey: start }),
      }
      const output = await this.answer(this.client.send(new QueryCommand(input)))
      this.read('Query', output.ConsumedCapacity)
      items.push(...((output.Items ?? []) as Item[]))
      start = output.LastEvaluatedKey as Key | undefined
      if (!start || items.length >= query.limit) return { items, more: start !== undefined }
    }
  }

  async put(item: Item, condition: Condition): Promise<void> {
    const input = { ...this.target(), Item: definedOf(item), ...conditionOf(condition) }
    try {
      const output = await this.outOfTransactions(() => this.client.send(new PutCommand(input)))
      this.wrote('PutItem', output.ConsumedCapacity)
    } catch (error) {
      if (!(error instanceof ConditionFailed) || error.isSure) throw error
      const stored = await this.get(item)
      if (!stored || !sameItem(stored, item)) throw error
    }
  }

  async delete(key: Key, condition: Readonly<Record<string, string | number>>): Promise<void> {
    const input = { ...this.target(), Key: keyOf(key), ...conditionOf(condition) }
    const output = await this.outOfTransactions(() => this.client.send(new DeleteCommand(input)))
    this.wrote('DeleteItem', output.ConsumedCapacity)
  }

  async transact(puts: readonly ConditionalPut[]): Promise<void> {
    const { TableName, ReturnConsumedCapacity } = this.target()
    const TransactItems = puts.map(({ item, condition }) => ({
      Put: { TableName, Item: definedOf(item), ...conditionOf(condition) },
    }))
    let mayBeDone = false
    for (let attempt = 0; ; attempt += 1) {
      try {
        const output = await this.client.send(new TransactWriteCommand({ TransactItems, ReturnConsumedCapacity }))
        this.wrote('TransactWriteItems', output.ConsumedCapacity, transactionUnits(puts))
        return
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw asThrottled(error)
        mayBeDone ||= wasSentAgain(error)
        const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None')
        const failed = codes.flatMap((code, position) => (code === 'ConditionalCheckFailed' ? [position] : []))
        if (failed.length) {
          if (mayBeDone && (await this.areThere(puts))) return
          throw new TransactionRefused(failed, !mayBeDone)
        }
        const throttled = codes.some(isThrottling)
        if (!throttled && !codes.includes('TransactionConflict')) throw error
        if (attempt === CONFLICT_RETRIES) throw throttled ? busy() : new TransactionRefused([], !mayBeDone)
        await this.sleep(backoff(attempt))
      }
    }
  }

  async writeMany(puts: readonly Item[], deletes: readonly Key[]): Promise<void> {
    const requests = new Map<string, Request>()
    for (const item of puts) requests.set(addressOf(item), { PutRequest: { Item: definedOf(item) } })
    for (const key of deletes) requests.set(addressOf(key), { DeleteRequest: { Key: keyOf(key) } })
    await boundedly(chunksOf([...requests.values()], WRITES_A_BATCH), BATCHES_AT_ONCE, (chunk) =>
      this.writeBatch(chunk),
    )
  }

  async due(wake: string, until: Instant, limit: number): Promise<DueItem[]> {
    const due: DueItem[] = []
    let start: Record<string, unknown> | undefined
    do {
      const input = {
        ...this.target(),
        IndexName: 'wake',
        KeyConditionExpression: '#wake = :wake AND #wakeAt <= :until',
        ExpressionAttributeNames: { '#wake': 'wake', '#wakeAt': 'wakeAt' },
        ExpressionAttributeValues: { ':wake': wake, ':until': until },
        Limit: limit - due.length,
        ...(start && { ExclusiveStartKey: start }),
      }
      const output = await this.answer(this.client.send(new QueryCommand(input)))
      this.read('Query', output.ConsumedCapacity)
      for (const { pk, sk, wakeAt } of (output.Items ?? []) as DueItem[]) due.push({ pk, sk, wakeAt })
      start = output.LastEvaluatedKey
    } while (start && due.length < limit)
    return due
  }

  /** Sends a write of one item again while a transaction holds the item. @throws ConditionFailed */
  private async outOfTransactions<Output>(send: () => Promise<Output>): Promise<Output> {
    let mayBeDone = false
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send()
      } catch (error) {
        mayBeDone ||= wasSentAgain(error)
        if (error instanceof ConditionalCheckFailedException) throw new ConditionFailed(!mayBeDone)
        if (!(error instanceof TransactionConflictException)) throw asThrottled(error)
        if (attempt === CONFLICT_RETRIES) throw new ConditionFailed(!mayBeDone)
        await this.sleep(backoff(attempt))
      }
    }
  }

  private async readBatch(keys: readonly Key[]): Promise<Item[]> {
    const items: Item[] = []
    let left = keys
    for (let attempt = 0; ; attempt += 1) {
      const { TableName, ReturnConsumedCapacity } = this.target()
      const RequestItems = { [TableName]: { Keys: [...left], ConsistentRead: true } }
      const output = await this.answer(this.client.send(new BatchGetCommand({ RequestItems, ReturnConsumedCapacity })))
      this.read('BatchGetItem', output.ConsumedCapacity)
      const found = (output.Responses?.[TableName] ?? []) as Item[]
      items.push(...found)
      left = (output.UnprocessedKeys?.[TableName]?.Keys ?? []) as Key[]
      if (!left.length) return items
      // A batch of more than 16 MB comes in parts: only a part without anything is a failed attempt.
      if (found.length) attempt = -1
      else if (attempt === RETRIES) throw busy()
      else await this.sleep(backoff(attempt))
    }
  }

  private async writeBatch(requests: readonly Request[]): Promise<void> {
    let left = requests
    for (let attempt = 0; ; attempt += 1) {
      const { TableName, ReturnConsumedCapacity } = this.target()
      const RequestItems = { [TableName]: [...left] }
      const output = await this.answer(
        this.client.send(new BatchWriteCommand({ RequestItems, ReturnConsumedCapacity })),
      )
      this.wrote('BatchWriteItem', output.ConsumedCapacity)
      left = (output.UnprocessedItems?.[TableName] ?? []) as Request[]
      if (!left.length) return
      if (attempt === RETRIES) throw busy()
      await this.sleep(backoff(attempt))
    }
  }

  /** Whether what these puts were to write is what is stored. */
  private async areThere(puts: readonly ConditionalPut[]): Promise<boolean> {
    const stored = new Map((await this.getMany(puts.map(({ item }) => item))).map((item) => [addressOf(item), item]))
    return puts.every(({ item }) => {
      const there = stored.get(addressOf(item))
      return there !== undefined && sameItem(there, item)
    })
  }

  private target(): { TableName: string; ReturnConsumedCapacity?: 'TOTAL' } {
    return { TableName: this.tableName, ...(this.onCapacity && { ReturnConsumedCapacity: 'TOTAL' }) }
  }

  private async answer<T>(sent: Promise<T>): Promise<T> {
    try {
      return await sent
    } catch (error) {
      throw asThrottled(error)
    }
  }

  private read(operation: string, consumed: Capacity): void {
    this.onCapacity?.(operation, { read: unitsOf(consumed), write: 0 })
  }

  private wrote(operation: string, consumed: Capacity, atLeast = 0): void {
    this.onCapacity?.(operation, { read: 0, write: Math.max(unitsOf(consumed), atLeast) })
  }
}

type Request = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Key } }

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })

/** A batch must not name an item twice. */
const addressOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`
const distinct = (keys: readonly Key[]): Key[] => [...new Map(keys.map((key) => [addressOf(key), keyOf(key)])).values()]

const definedOf = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as Item

const unitsOf = (consumed: Capacity): number =>
  [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)

/**
 * Two write units a KB; DynamoDB Local counts one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling
 */
const transactionUnits = (puts: readonly ConditionalPut[]): number =>
  puts.reduce((sum, { item }) => sum + 2 * Math.ceil(itemBytes(item) / WRITE_UNIT), 0)
