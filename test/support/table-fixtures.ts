import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Item } from '../../lib/store/table.ts'

type Marshalled = Record<string, AttributeValue>

/** Binary is base64 in the files, as in DynamoDB's own exports to S3. */
const withBinary = (marshalled: Marshalled): Marshalled =>
  Object.fromEntries(
    Object.entries(marshalled).map(([name, value]) => [
      name,
      value.B ? ({ B: Buffer.from(value.B as unknown as string, 'base64') } as AttributeValue) : value,
    ]),
  )

/** The items of a table as a release wrote it: test/fixtures/tables/<name>.jsonl, a line each, `{"Item": …}` in DynamoDB's JSON. */
export const tableFixture = (name: string): Item[] =>
  readFileSync(join(import.meta.dirname, '../fixtures/tables', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => unmarshall(withBinary((JSON.parse(line) as { Item: Marshalled }).Item)) as Item)

/** Everything in a table. */
export const itemsOf = async (client: DynamoDBDocumentClient, tableName: string): Promise<Item[]> => {
  const items: Item[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    )
    items.push(...((page.Items ?? []) as Item[]))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return items.sort((a, b) => (`${a.pk}\n${a.sk}` < `${b.pk}\n${b.sk}` ? -1 : 1))
}
