import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { EventBridgeEvent } from 'aws-lambda'
import type { Careloop } from '../../lib/careloop.ts'
import type { EventDetail, EventName } from '../../lib/events/contract.ts'
import { publish } from '../../lib/events/publish.ts'
import { rules } from '../../lib/events/rules.ts'
import { memoryCheckpoints } from '../../local/checkpoints.ts'
import { eventMatcher } from '../../local/event-pattern.ts'
import { pollTableStream } from '../../local/table-stream.ts'
import { consumers } from '../flows/consumers.ts'
import { type TestTable, testClient } from '../support/tables.ts'

type CareloopEvent = EventBridgeEvent<EventName, EventDetail>

/** What has followed from writes, over the stream of the table and the bus. */
export interface Followed {
  /** runs of the publisher: one for each reading of the stream that found something for it */
  publisherRuns: number
  consumerRuns: number
  /** on the bus */
  events: number
  /** bytes of their details */
  eventBytes: number
  /** of the processor, in publisher and consumers */
  processorMilliseconds: number
}

export interface EventFlow {
  /** Resolves when nothing is left to follow from what was written. */
  settled(): Promise<void>
  /** what has followed since this was last asked */
  take(): Followed
  stop(): Promise<void>
}

const nothing = (): Followed => ({
  publisherRuns: 0,
  consumerRuns: 0,
  events: 0,
  eventBytes: 0,
  processorMilliseconds: 0,
})

/** What this process uses of the processor while it does it, in milliseconds. */
export const processorOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const matching = rules.map(({ pattern, target }) => ({ matches: eventMatcher(pattern), target }))

/** The stream of a table of DynamoDB Local, the publisher, the rules and what their functions do, in this process and counted. */
export const startEventFlow = async (
  { tableName }: Pick<TestTable, 'tableName'>,
  careloop: () => Careloop,
): Promise<EventFlow> => {
  const client = testClient()
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }))
  const { region, credentials } = client.config
  const stopping = new AbortController()
  const waiting: CareloopEvent[] = []
  let followed = nothing()

  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    for (const { Source: source = '', DetailType, Detail = '' } of Entries) {
      waiting.push({ source, 'detail-type': DetailType, detail: JSON.parse(Detail) } as CareloopEvent)
      followed.events += 1
      followed.eventBytes += Buffer.byteLength(Detail)
    }
    return { FailedEntryCount: 0, Entries: [] }
  }
  const bus = { client: { send } as unknown as EventBridgeClient, busName: 'bus', tenant: careloop().tenant }

  const stream = pollTableStream({
    client: new DynamoDBStreamsClient({ region, credentials, endpoint: process.env.CARELOOP_DYNAMODB_ENDPOINT! }),
    streamArn: Table!.LatestStreamArn!,
    checkpoints: memoryCheckpoints(),
    async deliver(records) {
      const current = records.filter(({ dynamodb }) => dynamodb?.Keys?.sk?.S === 'current')
      if (!current.length) return
      followed.publisherRuns += 1
      followed.processorMilliseconds += await processorOf(() => publish(current, bus))
    },
    followed: async () => undefined,
    signal: stopping.signal,
    log: console.error,
  })

  const consume = async (event: CareloopEvent): Promise<void> => {
    for (const { matches, target } of matching) {
      if (!matches(event)) continue
      followed.consumerRuns += 1
      followed.processorMilliseconds += await processorOf(() => consumers[target]!(careloop(), event.detail))
    }
  }

  return {
    async settled() {
      do {
        for (const event of waiting.splice(0)) await consume(event)
        await stream.settled()
      } while (waiting.length)
    },
    take() {
      const taken = followed
      followed = nothing()
      return taken
    },
    async stop() {
      stopping.abort()
      await stream.ended
      client.destroy()
    },
  }
}
