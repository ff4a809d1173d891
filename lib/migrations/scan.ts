import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Item, Key } from '../store/table.ts'

export interface ScanPage {
  items: Item[]
  /** where to go on; undefined: this was the last */
  after: Key | undefined
}

/** A part of all items of a table, `segment` of `segments`, from behind `after` on. Eventually consistent. */
export type Scan = (segment: number, segments: number, after: Key | undefined) => Promise<ScanPage>

/** Some 30 resources with their rows; what is read again after a crash. */
const ITEMS_A_PAGE = 250

/** The only Scan there is: a migration looks at everything once, no request ever does. */
export const scanTable =
  (client: DynamoDBDocumentClient, tableName: string, limit = ITEMS_A_PAGE): Scan =>
  async (segment, segments, after) => {
    const { Items, LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: tableName,
        Segment: segment,
        TotalSegments: segments,
        Limit: limit,
        ...(after && { ExclusiveStartKey: after }),
      }),
    )
    return { items: (Items ?? []) as Item[], after: LastEvaluatedKey as Key | undefined }
  }
