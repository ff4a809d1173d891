import type { DynamoDbLocal } from '../../local/dynamodb-local.ts'

export default async (): Promise<void> => {
  await (globalThis as { careloopDynamoDb?: DynamoDbLocal }).careloopDynamoDb?.stop()
}
