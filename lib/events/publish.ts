import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import type { TenantSettings } from '../tenant.ts'
import { changeToEvents } from './change-to-events.ts'
import { type CareEvent, SOURCE } from './contract.ts'
import { errorName, logLine } from './log.ts'
import { imagesOf } from './stream-record.ts'

export interface Bus {
  client: EventBridgeClient
  busName: string
  tenant: TenantSettings
  /** Waits before what was refused is tried again. @default 100 ms, then twice as long each time */
  pause?: (attempt: number) => Promise<void>
}

/**
 * PutEvents takes 10 entries and 256 KB: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * An entry of ours is below 1 KB, since all it holds is bounded (see codeOf), so 10 always fit.
 */
const ENTRIES_AT_ONCE = 10
const ATTEMPTS = 4
const FIRST_PAUSE_MS = 100

const pauseLonger = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt))

/** An entry for the bus and which record it comes from. */
interface Outgoing {
  record: number
  entry: PutEventsRequestEntry
}

const entryOf = ({ name, detail }: CareEvent, busName: string): PutEventsRequestEntry => ({
  EventBusName: busName,
  Source: SOURCE,
  DetailType: name,
  Detail: JSON.stringify(detail),
  Time: new Date(detail.at),
})

const chunks = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, chunk) => values.slice(chunk * size, (chunk + 1) * size))

/** Sends up to 10 entries; gives those that were not taken. */
const put = async (outgoing: readonly Outgoing[], { client }: Bus): Promise<Outgoing[]> => {
  try {
    const { FailedEntryCount, Entries } = await client.send(
      new PutEventsCommand({ Entries: outgoing.map(({ entry }) => entry) }),
    )
    return FailedEntryCount ? outgoing.filter((_, index) => Entries?.[index]?.ErrorCode !== undefined) : []
  } catch (error) {
    logLine({ event: 'publish', outcome: 'refused', count: outgoing.length, error: errorName(error) })
    return [...outgoing]
  }
}

/** Sends all entries, again and again what was refused; gives what was refused to the last. */
const putAll = async (outgoing: readonly Outgoing[], bus: Bus): Promise<Outgoing[]> => {
  let left = [...outgoing]
  for (let attempt = 0; left.length && attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await (bus.pause ?? pauseLonger)(attempt)
    const refused: Outgoing[] = []
    for (const chunk of chunks(left, ENTRIES_AT_ONCE)) refused.push(...(await put(chunk, bus)))
    left = refused
  }
  return left
}

/**
 * Publishes the events of stream records. Everything that can be published is, also behind a record that cannot; the first record
 * that failed is reported, and Lambda delivers again from there (what is published twice does no harm).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const publish = async (records: readonly DynamoDBRecord[], bus: Bus): Promise<DynamoDBBatchResponse> => {
  const failed = new Set<number>()
  const outgoing = records.flatMap((record, index): Outgoing[] => {
    try {
      const { before, after } = imagesOf(record)
      return changeToEvents(before, after, bus.tenant).map((event) => ({
        record: index,
        entry: entryOf(event, bus.busName),
      }))
    } catch (error) {
      failed.add(index)
      logLine({
        event: 'publish',
        reference: record.dynamodb?.Keys?.pk?.S,
        outcome: 'unreadable',
        error: errorName(error),
      })
      return []
    }
  })
  for (const { record } of await putAll(outgoing, bus)) failed.add(record)
  if (!failed.size) return { batchItemFailures: [] }
  const first = records[Math.min(...failed)]?.dynamodb?.SequenceNumber
  if (first === undefined) throw new Error('a stream record without a sequence number could not be published')
  return { batchItemFailures: [{ itemIdentifier: first }] }
}
