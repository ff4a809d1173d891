import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { DynamoDbTable, type DynamoDbTableParts } from '../../lib/store/dynamodb-table.ts'

export interface TestTable {
  client: DynamoDBDocumentClient
  tableName: string
  table: DynamoDbTable
}

/** The DynamoDB Local of this test run. It takes any credentials. */
export const testClient = (): DynamoDBClient => {
  const endpoint = process.env.CARELOOP_DYNAMODB_ENDPOINT
  if (!endpoint) throw new Error('CARELOOP_DYNAMODB_ENDPOINT is not set: run the tests with npm test')
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}

/** A new, empty table in DynamoDB Local with the schema that infra gives a tenant's table. */
export const createTestTable = async (parts: Pick<DynamoDbTableParts, 'onCapacity'> = {}): Promise<TestTable> => {
  const tableName = `test-${randomUUID()}`
  const client = DynamoDBDocumentClient.from(testClient())
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'wake', 'wakeAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'wake',
          KeySchema: [
            { AttributeName: 'wake', KeyType: 'HASH' },
            { AttributeName: 'wakeAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  )
  return { client, tableName, table: new DynamoDbTable({ client, tableName, ...parts }) }
}
