import { expect, test } from '@jest/globals'
import { lambdaRecord } from '../../local/stream-record.ts'

const recordOf = (NewImage: object) =>
  lambdaRecord(
    {
      eventID: '1',
      eventName: 'INSERT',
      dynamodb: {
        Keys: { pk: { S: 'Task/1' } },
        NewImage: NewImage as never,
        ApproximateCreationDateTime: new Date('2026-11-25T14:00:00Z'),
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

test('binary values are base64 text, however deep they are', () => {
  const bytes = new Uint8Array([1, 2, 255])
  const image = recordOf({ z: { B: bytes }, deep: { M: { list: { L: [{ B: bytes }] } } }, set: { BS: [bytes] } })
  expect(image.dynamodb?.NewImage).toEqual({
    z: { B: 'AQL/' },
    deep: { M: { list: { L: [{ B: 'AQL/' }] } } },
    set: { BS: ['AQL/'] },
  })
})

test('an empty map, which DynamoDB Local leaves untyped, is one again', () => {
  expect(recordOf({ asserted: {} }).dynamodb?.NewImage).toEqual({ asserted: { M: {} } })
})
