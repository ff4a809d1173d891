import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord, AttributeValue as LambdaAttributeValue } from 'aws-lambda'
import { REGION } from './intrinsics.ts'

type Image = Record<string, AttributeValue>
type LambdaImage = Record<string, LambdaAttributeValue>

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Lambda gives attribute values in DynamoDB's JSON, binary as base64 text. */
const lambdaValue = (value: AttributeValue): LambdaAttributeValue => {
  if (value.B) return { B: base64(value.B) }
  if (value.BS) return { BS: value.BS.map(base64) }
  if (value.L) return { L: value.L.map(lambdaValue) }
  if (value.M) return { M: lambdaImage(value.M) }
  // DynamoDB Local leaves the type of an empty map out.
  if (!Object.keys(value).length) return { M: {} }
  return value as LambdaAttributeValue
}

const lambdaImage = (image: Image): LambdaImage =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, lambdaValue(value)]))

/** A record of a DynamoDB stream as a Lambda function gets it. */
export const lambdaRecord = (record: _Record, streamArn: string): DynamoDBRecord => {
  const { Keys, NewImage, OldImage, ApproximateCreationDateTime, SequenceNumber, SizeBytes, StreamViewType } =
    record.dynamodb ?? {}
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    eventSourceARN: streamArn,
    dynamodb: {
      ...(ApproximateCreationDateTime && { ApproximateCreationDateTime: ApproximateCreationDateTime.getTime() / 1000 }),
      ...(Keys && { Keys: lambdaImage(Keys as Image) }),
      ...(NewImage && { NewImage: lambdaImage(NewImage as Image) }),
      ...(OldImage && { OldImage: lambdaImage(OldImage as Image) }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    },
  }
}
