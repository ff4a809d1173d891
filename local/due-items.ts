import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { Instant } from '../lib/fhir.ts'
import { shards, wakeShard } from '../lib/store/keys.ts'

/** The item whose clock rings first. */
export interface Due {
  pk: string
  wakeAt: Instant
}

/** Finds the earliest `wakeAt` of the table, or the earliest after an instant. */
export type NextDue = (after?: Instant) => Promise<Due | undefined>

export const createNextDue =
  (client: DynamoDBClient, tableName: string): NextDue =>
  async (after) => {
    const inShard = async (shard: number): Promise<Due[]> => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: 'wake',
          KeyConditionExpression: 'wake = :shard and wakeAt > :after',
          ExpressionAttributeValues: { ':shard': { S: wakeShard(shard) }, ':after': { S: after ?? ' ' } },
          Limit: 1,
        }),
      )
      return Items.map(({ pk, wakeAt }) => ({ pk: pk?.S ?? '', wakeAt: wakeAt?.S ?? '' }))
    }
    const [first] = (await Promise.all(shards().map(inShard))).flat().sort((a, b) => (a.wakeAt < b.wakeAt ? -1 : 1))
    return first
  }
