import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from '@jest/globals'
import { type BatchWrites, startBatchWrites } from '../../local/batch-writes.ts'

let front: BatchWrites
let behind: Server

afterEach(async () => {
  await front.stop()
  behind.closeAllConnections()
  behind.close()
})

/** A DynamoDB that remembers what it was asked and answers with these statuses. */
const start = async (statusOf: (operation: string) => number) => {
  const asked: { operation: string; body: Record<string, unknown> }[] = []
  behind = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const operation = String(request.headers['x-amz-target']).split('.')[1]!
    asked.push({ operation, body: JSON.parse(text) })
    response.writeHead(statusOf(operation), { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify(operation === 'GetItem' ? { Item: { pk: { S: 'found' } } } : {}))
  }).listen(0, '127.0.0.1')
  await once(behind, 'listening')
  front = await startBatchWrites(`http://127.0.0.1:${(behind.address() as AddressInfo).port}`)
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
  const client = new DynamoDBClient({ endpoint: front.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  return { asked, client }
}

const Item = { pk: { S: 'a' }, sk: { S: '1' } }
const Key = { pk: { S: 'b' }, sk: { S: '2' } }
const batch = new BatchWriteItemCommand({
  RequestItems: { table: [{ PutRequest: { Item } }, { DeleteRequest: { Key } }] },
})

test('a batch of writes becomes one transaction', async () => {
  const { asked, client } = await start(() => 200)
  expect((await client.send(batch)).UnprocessedItems).toEqual({})
  expect(asked).toEqual([
    {
      operation: 'TransactWriteItems',
      body: { TransactItems: [{ Put: { TableName: 'table', Item } }, { Delete: { TableName: 'table', Key } }] },
    },
  ])
})

test('a batch that is refused as a transaction goes as it came', async () => {
  const { asked, client } = await start((operation) => (operation === 'TransactWriteItems' ? 400 : 200))
  await client.send(batch)
  expect(asked.map(({ operation }) => operation)).toEqual(['TransactWriteItems', 'BatchWriteItem'])
  expect(asked[1]!.body).toEqual({
    RequestItems: { table: [{ PutRequest: { Item } }, { DeleteRequest: { Key } }] },
  })
})

test('all else goes through, and so does its answer', async () => {
  const { asked, client } = await start(() => 200)
  expect((await client.send(new GetItemCommand({ TableName: 'table', Key }))).Item).toEqual({ pk: { S: 'found' } })
  expect(asked[0]).toEqual({ operation: 'GetItem', body: { TableName: 'table', Key } })
})
