import { text } from 'node:stream/consumers'
import { type DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord, AttributeValue as LambdaAttributeValue } from 'aws-lambda'
import { REGION } from './intrinsics.ts'

type Image = Record<string, LambdaAttributeValue>

/** An answer of GetRecords on the wire: all but what Lambda adds is what Lambda hands to a function, binary values as base64 text. */
export interface WireAnswer {
  Records?: WireRecord[]
  NextShardIterator?: string
}

export type WireRecord = Omit<DynamoDBRecord, 'eventSource' | 'eventSourceARN'>

/** DynamoDB Local leaves the type of an empty map out. */
const typed = (value: LambdaAttributeValue): LambdaAttributeValue => {
  for (const type in value) {
    if (type === 'M') return { M: typedImage(value.M as Image) }
    return type === 'L' ? { L: (value.L as LambdaAttributeValue[]).map(typed) } : value
  }
  return { M: {} }
}

const typedImage = (image: Image): Image => {
  const whole: Image = {}
  for (const name in image) whole[name] = typed(image[name]!)
  return whole
}

/** A record of a DynamoDB stream as a Lambda function gets it. */
export const lambdaRecord = ({ dynamodb, ...record }: WireRecord, streamArn: string): DynamoDBRecord => ({
  ...record,
  awsRegion: REGION,
  eventSource: 'aws:dynamodb',
  eventSourceARN: streamArn,
  dynamodb: {
    ...dynamodb,
    ...(dynamodb?.NewImage && { NewImage: typedImage(dynamodb.NewImage) }),
    ...(dynamodb?.OldImage && { OldImage: typedImage(dynamodb.OldImage) }),
  },
})

/** Some records of a shard, and the iterator of those after them, unless the shard has ended. */
export interface ReadRecords {
  records: readonly DynamoDBRecord[]
  next: string | undefined
}

/**
 * The next records of a shard. The SDK would read each attribute of each item into its own types, only for us to write it down as it came:
 * it is kept from that.
 */
export const getRecords = async (
  client: DynamoDBStreamsClient,
  streamArn: string,
  ShardIterator: string | undefined,
): Promise<ReadRecords> => {
  const command = new GetRecordsCommand({ ShardIterator })
  let answer: WireAnswer = {}
  const takeAnswer =
    <Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      const result = await next(args)
      const response = result.response as { statusCode: number; body: NodeJS.ReadableStream | Uint8Array }
      if (response.statusCode === 200) {
        answer = JSON.parse(await text(response.body as NodeJS.ReadableStream)) as WireAnswer
        response.body = Buffer.from('{}')
      }
      return result
    }
  command.middlewareStack.addRelativeTo(takeAnswer, { relation: 'after', toMiddleware: 'deserializerMiddleware' })
  await client.send(command)
  return {
    records: (answer.Records ?? []).map((record) => lambdaRecord(record, streamArn)),
    next: answer.NextShardIterator,
  }
}
