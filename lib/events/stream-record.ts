import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord, AttributeValue as StreamValue } from 'aws-lambda'
import type { Item } from '../store/table.ts'

/** Lambda hands binary values over as base64 text; read from the stream itself they are bytes. */
const decoded = (value: StreamValue): AttributeValue =>
  (typeof value.B === 'string' ? { B: Buffer.from(value.B, 'base64') } : value) as AttributeValue

const itemOf = (image: Record<string, StreamValue> | undefined): Item | undefined =>
  image &&
  (unmarshall(Object.fromEntries(Object.entries(image).map(([name, value]) => [name, decoded(value)]))) as Item)

/** The item before and after the write that a stream record tells of. */
export const imagesOf = ({ dynamodb }: DynamoDBRecord): { before: Item | undefined; after: Item | undefined } => ({
  before: itemOf(dynamodb?.OldImage),
  after: itemOf(dynamodb?.NewImage),
})
