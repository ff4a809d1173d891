import { randomUUID } from 'node:crypto'
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import type { Blueprint } from '../../local/blueprint.ts'
import { ensureTable } from '../../local/table.ts'

const client = new DynamoDBClient({
  endpoint: process.env.CARELOOP_DYNAMODB_ENDPOINT ?? '',
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})

test('a table is made once, found again, and refused when the stack wants another', async () => {
  const definition: Blueprint['table'] = {
    TableName: `table-${randomUUID()}`,
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }
  const { streamArn } = await ensureTable(client, definition)
  expect(streamArn).toContain('/stream/')
  expect(await ensureTable(client, definition)).toEqual({ streamArn })

  const other: Blueprint['table'] = {
    ...definition,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  }
  await expect(ensureTable(client, other)).rejects.toThrow(/made by another version of Careloop.*--in-memory/)
  await client.send(new DeleteTableCommand({ TableName: definition.TableName }))
})
