import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { DynamoDBRecord } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { publish } from '../../../lib/events/publish.ts'
import type { Resource } from '../../../lib/fhir.ts'
import { bodyAttributes, bodyOf } from '../../../lib/store/version.ts'
import { defaultSettings } from '../../../lib/tenant.ts'

const eventBridge = mockClient(EventBridgeClient)
const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
const pauses: number[] = []
const bus = {
  client: new EventBridgeClient({ region: 'us-east-1' }),
  busName: 'tenant-bus',
  tenant: defaultSettings,
  pause: async (attempt: number) => {
    pauses.push(attempt)
  },
}

/** A Task completed as the first thing known of it: one event. */
const record = (n: number, note = ''): DynamoDBRecord => {
  const resource = { resourceType: 'Task', id: `t${n}`, status: 'completed', intent: 'order', note: [{ text: note }] }
  const body = bodyAttributes(bodyOf(resource as Resource), 0)
  const image = marshall({
    pk: `Task/t${n}`,
    sk: 'current',
    v: 1,
    updated: '2026-11-20T21:00:00.000Z',
    method: 'PUT',
    ...body,
  })
  // As Lambda hands it over: bytes as base64 text.
  const NewImage = Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
    ]),
  ) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage']
  return { dynamodb: { Keys: { pk: { S: `Task/t${n}` } }, SequenceNumber: String(1_000 + n), NewImage } }
}
const records = (count: number): DynamoDBRecord[] => Array.from({ length: count }, (_, n) => record(n))
const unreadable = (n: number): DynamoDBRecord => {
  const broken = record(n)
  broken.dynamodb!.NewImage!.body = { S: '{"resourceType":"Task", Amelia' }
  return broken
}

const failing = (count: number, total: number) => ({
  FailedEntryCount: count,
  Entries: Array.from(
    { length: total },
    (_, n): PutEventsResultEntry => (n < count ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' }),
  ),
})
const sent = (): string[][] =>
  eventBridge
    .commandCalls(PutEventsCommand)
    .map((call) => call.args[0].input.Entries!.map((entry) => JSON.parse(entry.Detail!).reference))

beforeEach(() => {
  eventBridge.reset()
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] })
  pauses.length = 0
  log.mockClear()
})
afterEach(() => {
  expect(log.mock.calls.join()).not.toContain('Amelia')
})

test('an entry for the bus', async () => {
  expect(await publish([record(1)], bus)).toEqual({ batchItemFailures: [] })
  expect(eventBridge.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries).toEqual([
    {
      EventBusName: 'tenant-bus',
      Source: 'careloop',
      DetailType: 'task-completed',
      Detail: JSON.stringify({ tenant: 'local', reference: 'Task/t1', version: 1, at: '2026-11-20T21:00:00.000Z' }),
      Time: new Date('2026-11-20T21:00:00.000Z'),
    },
  ])
})

test('a compressed body is read', async () => {
  const long = record(1, 'x'.repeat(5_000))
  expect(long.dynamodb!.NewImage!.z?.B).toEqual(expect.any(String))
  await publish([long], bus)
  expect(sent()).toEqual([['Task/t1']])
})

test('nothing is sent for records without events', async () => {
  const quiet: DynamoDBRecord = { eventName: 'REMOVE', dynamodb: { SequenceNumber: '1' } }
  expect(await publish([quiet], bus)).toEqual({ batchItemFailures: [] })
  expect(sent()).toEqual([])
})

test('ten at a time', async () => {
  await publish(records(25), bus)
  expect(sent().map((entries) => entries.length)).toEqual([10, 10, 5])
})

describe('what the bus refuses', () => {
  test('is sent again, it alone, after a pause', async () => {
    eventBridge.on(PutEventsCommand).resolvesOnce(failing(2, 3)).resolves({ FailedEntryCount: 0 })
    expect(await publish(records(3), bus)).toEqual({ batchItemFailures: [] })
    expect(sent()).toEqual([
      ['Task/t0', 'Task/t1', 'Task/t2'],
      ['Task/t0', 'Task/t1'],
    ])
    expect(pauses).toEqual([1])
  })

  test('to the last is reported from the first record on that failed', async () => {
    eventBridge.on(PutEventsCommand).callsFake(({ Entries }) => ({
      FailedEntryCount: 1,
      Entries: Entries.map((entry: { Detail: string }) =>
        /t(13|17)"/.test(entry.Detail) ? { ErrorCode: 'InternalFailure' } : { EventId: 'x' },
      ),
    }))
    expect(await publish(records(20), bus)).toEqual({ batchItemFailures: [{ itemIdentifier: '1013' }] })
    expect(new Set(sent().flat()).size).toBe(20)
    expect(pauses).toEqual([1, 2, 3])
  })

  test('by an error of the call as a whole is sent again too', async () => {
    eventBridge.on(PutEventsCommand).rejectsOnce(new Error('Amelia')).resolves({ FailedEntryCount: 0 })
    expect(await publish(records(2), bus)).toEqual({ batchItemFailures: [] })
    eventBridge.on(PutEventsCommand).rejects(new Error('Amelia'))
    expect(await publish(records(2), bus)).toEqual({ batchItemFailures: [{ itemIdentifier: '1000' }] })
  })
})

test('a record that cannot be read fails alone: those before and behind it are published', async () => {
  expect(await publish([record(1), unreadable(2), record(3)], bus)).toEqual({
    batchItemFailures: [{ itemIdentifier: '1002' }],
  })
  expect(sent()).toEqual([['Task/t1', 'Task/t3']])
  expect(log.mock.calls.join()).toContain('Task/t2')
})
