import {
  ConditionalCheckFailedException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { DynamoDbTable, type Units } from '../../../lib/store/dynamodb-table.ts'
import { ConditionFailed, type Item, TransactionRefused } from '../../../lib/store/table.ts'
import { createTestTable, testClient } from '../../support/tables.ts'
import { tableContract } from './table-contract.ts'

describe('DynamoDbTable', () => tableContract(async () => (await createTestTable()).table))

describe('DynamoDbTable, what it asks of DynamoDB and what it makes of faults', () => {
  const client = DynamoDBDocumentClient.from(testClient())
  const dynamodb = mockClient(client)
  let slept: number[] = []
  const sleep = async (milliseconds: number) => void slept.push(milliseconds)
  const table = new DynamoDbTable({ client, tableName: 'T', sleep })
  beforeEach(() => {
    dynamodb.reset()
    slept = []
  })
  afterEach(() => expect(Math.max(0, ...slept)).toBeLessThanOrEqual(1_600))

  const meta = (attempts = 1) => ({ message: 'no', $metadata: { attempts } })
  const rows = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ pk: 'p', sk: `s${n}` }))
  const put = (item: Item) => ({ PutRequest: { Item: item } })
  const item: Item = { pk: 'p', sk: 'current', v: 2, asserted: { a: 1 }, z: Uint8Array.from([1, 2]) }

  test('every read is strongly consistent but that of the wake index, which takes keys only', async () => {
    dynamodb.on(GetCommand).resolves({}).on(QueryCommand).resolves({}).on(BatchGetCommand).resolves({})
    await table.get(item)
    await table.getMany([item])
    await table.query({ pk: 'p', limit: 1 })
    await table.due('wake#0', '2026', 1)
    const [get, batch, query, due] = dynamodb.calls().map((call) => call.args[0].input as Record<string, unknown>)
    expect([get, query]).toMatchObject([{ ConsistentRead: true }, { ConsistentRead: true }])
    expect(batch).toMatchObject({ RequestItems: { T: { ConsistentRead: true } } })
    expect(due).toMatchObject({ IndexName: 'wake' })
    expect(due).not.toHaveProperty('ConsistentRead')
  })

  test('capacity is asked for only when somebody wants it', async () => {
    dynamodb.onAnyCommand().resolves({})
    const metered = new DynamoDbTable({ client, tableName: 'T', onCapacity: () => undefined })
    for (const subject of [table, metered]) {
      await subject.get(item)
      await subject.put(item, 'absent')
      await subject.transact([{ item, condition: 'absent' }])
      await subject.writeMany([item], [])
      await subject.getMany([item])
      await subject.query({ pk: 'p', limit: 1 })
      await subject.due('w', '2026', 1)
    }
    const asked = dynamodb.calls().map((call) => (call.args[0].input as Record<string, unknown>).ReturnConsumedCapacity)
    expect(asked).toEqual([...Array(7).fill(undefined), ...Array(7).fill('TOTAL')])
  })

  describe('batches', () => {
    test('hold 25 writes and 100 reads', async () => {
      dynamodb.on(BatchWriteCommand).resolves({}).on(BatchGetCommand).resolves({})
      await table.writeMany(rows(60), [])
      await table.getMany(rows(230))
      const sizes = dynamodb.calls().map((call) => {
        const { T } = (call.args[0].input as { RequestItems: { T: unknown[] | { Keys: unknown[] } } }).RequestItems
        return Array.isArray(T) ? T.length : T.Keys.length
      })
      expect(sizes).toEqual([25, 25, 10, 100, 100, 30])
    })

    test('run several at a time, but no more than eight', async () => {
      let running = 0
      let most = 0
      dynamodb.on(BatchWriteCommand).callsFake(async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise(setImmediate)
        running -= 1
        return {}
      })
      await table.writeMany(rows(25 * 20), [])
      expect(most).toBe(8)
    })

    test('are sent again for what was not processed, and for that alone', async () => {
      const [first, second, third] = rows(3)
      const left = { UnprocessedItems: { T: [put(second!), put(third!)] } }
      dynamodb
        .on(BatchWriteCommand)
        .resolvesOnce(left)
        .resolvesOnce({ UnprocessedItems: { T: [put(third!)] } })
        .resolves({})
      await table.writeMany([first!, second!, third!], [])
      const sent = dynamodb.commandCalls(BatchWriteCommand).map((call) => {
        const input = call.args[0].input as BatchWriteCommandInput
        return input.RequestItems!.T!.map((request) => request.PutRequest!.Item!.sk)
      })
      expect(sent).toEqual([['s0', 's1', 's2'], ['s1', 's2'], ['s2']])
      expect(slept.length).toBe(2)
    })

    test('fail when something is never processed', async () => {
      dynamodb.on(BatchWriteCommand).resolves({ UnprocessedItems: { T: [put(rows(1)[0]!)] } })
      await expect(table.writeMany(rows(2), [])).rejects.toMatchObject({ category: 'throttled', status: 429 })
      expect(dynamodb.commandCalls(BatchWriteCommand).length).toBe(9)
      dynamodb.on(BatchGetCommand).resolves({ UnprocessedKeys: { T: { Keys: rows(1) } } })
      await expect(table.getMany(rows(2))).rejects.toMatchObject({ category: 'throttled' })
      expect(dynamodb.commandCalls(BatchGetCommand).length).toBe(9)
    })

    test('of large items are read part by part, however many parts there are', async () => {
      const all = rows(20)
      let next = 0
      dynamodb.on(BatchGetCommand).callsFake(async () => {
        const Responses = { T: [all[next]!] }
        next += 1
        return next < all.length ? { Responses, UnprocessedKeys: { T: { Keys: all.slice(next) } } } : { Responses }
      })
      expect(await table.getMany(all)).toEqual(all)
      expect(slept).toEqual([])
    })

    test('begin no further batch after one has failed, and end before the failure is told', async () => {
      let running = 0
      let calls = 0
      dynamodb.on(BatchWriteCommand).callsFake(async () => {
        calls += 1
        if (calls === 1) throw new InternalServerError(meta())
        running += 1
        await new Promise(setImmediate)
        running -= 1
        return {}
      })
      await expect(table.writeMany(rows(25 * 40), [])).rejects.toBeInstanceOf(InternalServerError)
      expect(running).toBe(0)
      expect(calls).toBe(8)
    })
  })

  describe('put', () => {
    test('that was sent once and refused', async () => {
      dynamodb.on(PutCommand).rejects(new ConditionalCheckFailedException(meta()))
      await expect(table.put(item, { v: 1 })).rejects.toBeInstanceOf(ConditionFailed)
      expect(dynamodb.calls().length).toBe(1)
    })

    test('that was sent again after a lost answer, and is there', async () => {
      dynamodb.on(PutCommand).rejects(new ConditionalCheckFailedException(meta(2)))
      dynamodb.on(GetCommand).resolves({ Item: { ...item, asserted: { a: 1 }, z: Uint8Array.from([1, 2]) } })
      await expect(table.put({ ...item, wake: undefined }, { v: 1 })).resolves.toBeUndefined()
    })

    test.each<[string, Partial<Item>]>([
      ['in its body', { z: Uint8Array.from([1, 3]) }],
      ['in a map', { asserted: { a: 2 } }],
      ['by an attribute', { woken: '2026' }],
    ])('that was sent again and meets an item that differs %s', async (_how, difference) => {
      dynamodb.on(PutCommand).rejects(new ConditionalCheckFailedException(meta(2)))
      dynamodb.on(GetCommand).resolves({ Item: { ...item, ...difference } })
      await expect(table.put(item, { v: 1 })).rejects.toBeInstanceOf(ConditionFailed)
    })

    test('whose answer was lost, and which then met a transaction on the same item, is there', async () => {
      dynamodb
        .on(PutCommand)
        .rejectsOnce(new TransactionConflictException(meta(2)))
        .rejects(new ConditionalCheckFailedException(meta()))
      dynamodb.on(GetCommand).resolves({ Item: item })
      await expect(table.put(item, { v: 1 })).resolves.toBeUndefined()
    })

    test('tells whether a refusal may be of its own making', async () => {
      dynamodb.on(GetCommand).resolves({ Item: { ...item, v: 3 } })
      dynamodb.on(PutCommand).rejects(new ConditionalCheckFailedException(meta(2)))
      await expect(table.put(item, { v: 1 })).rejects.toMatchObject({ name: 'ConditionFailed', isSure: false })
      dynamodb.on(PutCommand).rejects(new ConditionalCheckFailedException(meta()))
      await expect(table.put(item, { v: 1 })).rejects.toMatchObject({ name: 'ConditionFailed', isSure: true })
    })

    test('waits for a transaction on the same item', async () => {
      dynamodb.on(PutCommand).rejectsOnce(new TransactionConflictException(meta())).resolves({})
      await table.put(item, { v: 1 })
      expect(slept.length).toBe(1)
    })

    test('does not wait for ever', async () => {
      dynamodb.on(PutCommand).rejects(new TransactionConflictException(meta()))
      await expect(table.put(item, { v: 1 })).rejects.toBeInstanceOf(ConditionFailed)
      expect(slept.length).toBe(5)
    })
  })

  describe('transact', () => {
    const cancelled = (...codes: string[]) =>
      new TransactionCanceledException({ ...meta(), CancellationReasons: codes.map((Code) => ({ Code })) })
    const puts = rows(3).map((row) => ({ item: row, condition: 'absent' as const }))

    test('a condition that does not hold is final, whatever else was the matter', async () => {
      dynamodb.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed'))
      const refused = table.transact(puts)
      await expect(refused).rejects.toBeInstanceOf(TransactionRefused)
      await expect(refused).rejects.toMatchObject({ failed: [2] })
      expect(slept).toEqual([])
    })

    test('whose answer was lost, and which was then contended, is there when all of it is', async () => {
      const lost = new TransactionCanceledException({
        ...meta(2),
        CancellationReasons: [{ Code: 'TransactionConflict' }],
      })
      const refused = () => {
        dynamodb.reset()
        dynamodb
          .on(TransactWriteCommand)
          .rejectsOnce(lost)
          .rejects(cancelled('ConditionalCheckFailed', 'None', 'None'))
      }
      refused()
      dynamodb.on(BatchGetCommand).resolves({ Responses: { T: rows(3) } })
      await expect(table.transact(puts)).resolves.toBeUndefined()
      refused()
      dynamodb.on(BatchGetCommand).resolves({ Responses: { T: rows(2) } })
      await expect(table.transact(puts)).rejects.toMatchObject({ failed: [0], isSure: false })
    })

    test('contention alone is tried again', async () => {
      const contended = cancelled('TransactionConflict', 'None', 'None')
      dynamodb.on(TransactWriteCommand).rejectsOnce(contended).rejectsOnce(contended).resolves({})
      await table.transact(puts)
      expect(slept.length).toBe(2)
    })

    test('contention without end is refused, with no position', async () => {
      dynamodb.on(TransactWriteCommand).rejects(cancelled('None', 'TransactionConflict', 'None'))
      await expect(table.transact(puts)).rejects.toMatchObject({ name: 'TransactionRefused', failed: [] })
      expect(slept.length).toBe(5)
    })

    test('throttling without end says so', async () => {
      dynamodb.on(TransactWriteCommand).rejects(cancelled('None', 'ThrottlingError', 'None'))
      await expect(table.transact(puts)).rejects.toMatchObject({ category: 'throttled' })
    })

    test('a mistake of ours is not tried again', async () => {
      const mistake = cancelled('ValidationError', 'None', 'None')
      dynamodb.on(TransactWriteCommand).rejects(mistake)
      await expect(table.transact(puts)).rejects.toBe(mistake)
      expect(dynamodb.calls().length).toBe(1)
    })
  })

  test('throttling that outlasts the retries of the SDK is answered as such, on every operation', async () => {
    dynamodb.onAnyCommand().rejects(new ProvisionedThroughputExceededException(meta(3)))
    const operations: (() => Promise<unknown>)[] = [
      () => table.get(item),
      () => table.getMany([item]),
      () => table.query({ pk: 'p', limit: 1 }),
      () => table.put(item, 'absent'),
      () => table.transact([{ item, condition: 'absent' }]),
      () => table.writeMany([item], []),
      () => table.due('w', '2026', 1),
    ]
    for (const operation of operations)
      await expect(operation()).rejects.toMatchObject({ category: 'throttled', headers: { 'Retry-After': '2' } })
  })

  test('other failures of DynamoDB come through as they are', async () => {
    const failure = new InternalServerError(meta(3))
    dynamodb.onAnyCommand().rejects(failure)
    await expect(table.get(item)).rejects.toBe(failure)
    await expect(table.put(item, 'absent')).rejects.toBe(failure)
    await expect(table.writeMany([item], [])).rejects.toBe(failure)
  })
})

describe('capacity as DynamoDbTable tells it', () => {
  test('read and write units by operation, the wake index included', async () => {
    const told: [string, Units][] = []
    const { table } = await createTestTable({ onCapacity: (operation, units) => told.push([operation, units]) })
    const body = 'x'.repeat(1_500)
    const of = async (operation: () => Promise<unknown>) => {
      told.length = 0
      await operation()
      return told.map(([name, { read, write }]) => [name, read, write])
    }
    const item: Item = { pk: 'Task/1', sk: 'current', v: 1, body }
    const awake: Item = { pk: 'Task/2', sk: 'current', v: 1, wake: 'wake#0', wakeAt: '2026', body }
    expect(await of(() => table.put(item, 'absent'))).toEqual([['PutItem', 0, 2]])
    expect(await of(() => table.put(awake, 'absent'))).toEqual([['PutItem', 0, 3]])
    expect(await of(() => table.get(item))).toEqual([['GetItem', 1, 0]])
    expect(await of(() => table.getMany([item, awake]))).toEqual([['BatchGetItem', 2, 0]])
    expect(await of(() => table.writeMany([{ pk: 'Task?a=b', sk: 'a#1@1' }], []))).toEqual([['BatchWriteItem', 0, 1]])
    expect(await of(() => table.query({ pk: 'Task/1', limit: 9 }))).toEqual([['Query', 1, 0]])
    const again = [item, awake].map((old) => ({ item: { ...old, v: 2 }, condition: { v: 1 } }))
    expect(await of(() => table.transact(again))).toEqual([['TransactWriteItems', 0, 2 * 2 + 2 * 2]])
  })
})
