import { expect, test } from '@jest/globals'
import { lambdaRecord } from '../../local/stream-records.ts'

const recordOf = (NewImage: object) =>
  lambdaRecord(
    {
      eventID: '1',
      eventName: 'INSERT',
      dynamodb: {
        Keys: { pk: { S: 'Task/1' } },
        NewImage: NewImage as never,
        ApproximateCreationDateTime: 1795615200,
        SequenceNumber: '17',
      },
    },
    'arn:stream',
  )

test('a record has the shape that Lambda gives to a function', () => {
  expect(recordOf({ pk: { S: 'Task/1' }, v: { N: '1' } })).toMatchObject({
    eventID: '1',
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn:stream',
    dynamodb: {
      ApproximateCreationDateTime: 1795615200,
      Keys: { pk: { S: 'Task/1' } },
      NewImage: { pk: { S: 'Task/1' }, v: { N: '1' } },
      SequenceNumber: '17',
    },
  })
})

test('an empty map, which DynamoDB Local leaves untyped, is one again, however deep it is', () => {
  const image = recordOf({ asserted: {}, deep: { M: { list: { L: [{ S: 'a' }, {}] } } } }).dynamodb?.NewImage
  expect(image).toEqual({ asserted: { M: {} }, deep: { M: { list: { L: [{ S: 'a' }, { M: {} }] } } } })
})
