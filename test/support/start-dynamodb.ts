import { startDynamoDbLocal } from '../../local/dynamodb-local.ts'

/** One DynamoDB Local in memory for the whole run; each test file makes tables of its own. */
export default async (): Promise<void> => {
  if (process.env.CARELOOP_DYNAMODB_ENDPOINT) return
  const dynamodb = await startDynamoDbLocal({ inMemory: true })
  process.env.CARELOOP_DYNAMODB_ENDPOINT = dynamodb.endpoint
  ;(globalThis as { careloopDynamoDb?: typeof dynamodb }).careloopDynamoDb = dynamodb
}
