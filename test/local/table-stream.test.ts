import { DescribeStreamCommand, DynamoDBStreamsClient, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams'
import { afterEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { memoryCheckpoints } from '../../local/checkpoints.ts'
import { pollTableStream } from '../../local/table-stream.ts'
import { recordingLog } from '../support/recorded-logs.ts'

const stopping: AbortController[] = []
afterEach(() => {
  for (const each of stopping.splice(0)) each.abort()
})

/** A stream of one shard, to which the test writes; and what has followed from a delivery, which the test ends. */
const streamOf = () => {
  const numbers: string[] = []
  const client = mockClient(DynamoDBStreamsClient)
  client.on(DescribeStreamCommand).resolves({ StreamDescription: { Shards: [{ ShardId: 'shard' }] } } as never)
  client.on(GetShardIteratorCommand).resolves({ ShardIterator: '0' })
  const delivered: string[] = []
  const following: (() => void)[] = []
  const checkpoints = memoryCheckpoints()
  const controller = new AbortController()
  stopping.push(controller)
  const stream = pollTableStream({
    client: client as unknown as DynamoDBStreamsClient,
    readFrom: async (_client, _streamArn, iterator) => ({
      records: numbers.slice(Number(iterator)).map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })),
      next: `${numbers.length}`,
    }),
    streamArn: 'arn:stream',
    checkpoints,
    deliver: async (records) => void delivered.push(...records.map(({ dynamodb }) => dynamodb!.SequenceNumber!)),
    followed: () => new Promise((resolve) => following.push(resolve)),
    signal: controller.signal,
    log: recordingLog(),
  })
  const write = (number: string) => numbers.push(number)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { stream, checkpoints, write, delivered, following, settle, controller }
}

describe('the stream of a table', () => {
  test('goes on being read while what followed from a record is still being done', async () => {
    const { stream, write, delivered } = streamOf()
    write('1')
    await stream.settled()
    write('2')
    await stream.settled()
    expect(delivered).toEqual(['1', '2'])
  })

  test('counts records as processed when all that followed is done, in their order', async () => {
    const { stream, write, checkpoints, following, settle } = streamOf()
    write('1')
    await stream.settled()
    write('2')
    await stream.settled()
    following[1]!()
    await settle()
    expect(checkpoints.get('shard')).toBeUndefined()
    following[0]!()
    await settle()
    expect(checkpoints.get('shard')).toBe('2')
  })

  test('does not count as processed what the end has cut short', async () => {
    const { stream, write, checkpoints, following, settle, controller } = streamOf()
    write('1')
    await stream.settled()
    controller.abort()
    following[0]!()
    await settle()
    await stream.ended
    expect(checkpoints.get('shard')).toBeUndefined()
  })
})
