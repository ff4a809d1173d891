import { setTimeout as delay } from 'node:timers/promises'
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord } from 'aws-lambda'
import { errorText } from './async-invocations.ts'
import type { Checkpoints } from './checkpoints.ts'
import { getRecords, type ReadRecords } from './stream-records.ts'

export interface TableStreamOptions {
  client: DynamoDBStreamsClient
  streamArn: string
  /** @default getRecords */
  readFrom?: typeof getRecords
  checkpoints: Checkpoints
  /** Resolves when the records are dealt with, for good or ill. */
  deliver: (records: readonly DynamoDBRecord[]) => Promise<void>
  /** Resolves when all that has followed from deliveries so far is dealt with; then they count as processed. Reading goes on meanwhile. */
  followed: () => Promise<void>
  signal: AbortSignal
  log: (line: string) => void
}

export interface TableStream {
  /** Something may have been written: look at once. */
  hint(): void
  /** Resolves when the stream holds nothing that was not delivered. */
  settled(): Promise<void>
  /** how many records have been read so far */
  readonly count: number
  /** resolves when polling has ended, after the signal */
  readonly ended: Promise<void>
}

interface OpenShard {
  id: string
  iterator: string | undefined
  /** what comes next, being read while what came before is delivered */
  ahead?: Promise<ReadRecords> | undefined
}

const BUSY_PAUSE_MS = 25
const IDLE_PAUSE_MS = 150
const ERROR_PAUSE_MS = 500
/** One empty answer could be a gap; two in a row are the end. */
const EMPTY_PASSES = 2

const isGone = (error: unknown): boolean =>
  error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException

/** Polls every shard of a table's stream, parents before children, and gives their records in order. */
export const pollTableStream = (options: TableStreamOptions): TableStream => {
  const { client, streamArn, readFrom = getRecords, checkpoints, deliver, followed, signal, log } = options
  const open = new Map<string, OpenShard>()
  const finished = new Set<string>()
  let waiting: { resolve: () => void; empty: number }[] = []
  let wake = () => {}
  let isHinted = false
  let isIdle = false
  let count = 0
  let processed: Promise<void> = Promise.resolve()
  let shardsMayHaveChanged = true
  let lastError = ''

  const listShards = async (): Promise<Shard[]> => {
    const shards: Shard[] = []
    let after: string | undefined
    do {
      const { StreamDescription } = await client.send(
        new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after }),
      )
      shards.push(...(StreamDescription?.Shards ?? []))
      after = StreamDescription?.LastEvaluatedShardId
    } while (after)
    return shards
  }

  const refreshShards = async (): Promise<void> => {
    const shards = await listShards()
    const listed = new Set(shards.map((shard) => shard.ShardId))
    const isOver = (id: string | undefined) => !id || !listed.has(id) || finished.has(id)
    for (const { ShardId: id = '', ParentShardId } of shards)
      if (!open.has(id) && !finished.has(id) && isOver(ParentShardId)) open.set(id, { id, iterator: undefined })
    shardsMayHaveChanged = false
  }

  const startOf = async ({ id }: OpenShard): Promise<string | undefined> => {
    const iteratorAt = async (position: {
      ShardIteratorType: 'TRIM_HORIZON' | 'AFTER_SEQUENCE_NUMBER'
      SequenceNumber?: string
    }) =>
      (await client.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: id, ...position }))).ShardIterator
    const SequenceNumber = checkpoints.get(id)
    if (!SequenceNumber) return iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' })
    return iteratorAt({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }).catch((error: unknown) => {
      if (isGone(error)) return iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' })
      throw error
    })
  }

  /** Notes, one after the other, how far a shard is processed; what was cut short by the end is not. */
  const keepCheckpoint = (shard: string, sequenceNumber: string): void => {
    const now = followed()
    processed = processed
      .then(() => now)
      .then(() => {
        if (!signal.aborted) checkpoints.set(shard, sequenceNumber)
      })
  }

  const readNext = async (shard: OpenShard): Promise<ReadRecords> => {
    const { ahead } = shard
    shard.ahead = undefined
    const read = await ahead
    // That there was nothing yet a while ago says nothing about now.
    if (read?.records.length) return read
    shard.iterator ??= await startOf(shard)
    return readFrom(client, streamArn, shard.iterator)
  }

  const readAhead = (shard: OpenShard, iterator: string): void => {
    shard.ahead = readFrom(client, streamArn, iterator)
    // It is told of when its turn has come.
    shard.ahead.catch(() => undefined)
  }

  const readShard = async (shard: OpenShard): Promise<number> => {
    const { records, next } = await readNext(shard)
    if (records.length) {
      count += records.length
      if (next) readAhead(shard, next)
      await deliver(records)
      keepCheckpoint(shard.id, records.at(-1)?.dynamodb?.SequenceNumber ?? '')
    }
    shard.iterator = next
    if (!next) {
      open.delete(shard.id)
      finished.add(shard.id)
      shardsMayHaveChanged = true
    }
    return records.length
  }

  /** Reads every shard once and gives the number of records read; a change of shards counts as one, so that it is looked into. */
  const pass = async (): Promise<number> => {
    if (shardsMayHaveChanged) await refreshShards()
    let read = 0
    for (const shard of [...open.values()]) {
      if (signal.aborted) break
      try {
        read += await readShard(shard)
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException) && !isGone(error)) throw error
        open.delete(shard.id)
        shardsMayHaveChanged = true
      }
    }
    return read + (shardsMayHaveChanged ? 1 : 0)
  }

  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => wake(), milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const mayRest = (): boolean => !waiting.length && !signal.aborted

  const pause = async (read: number): Promise<void> => {
    if (mayRest()) await rest(BUSY_PAUSE_MS)
    isIdle = !read && !isHinted && mayRest()
    if (isIdle) await rest(IDLE_PAUSE_MS)
    isIdle = false
    isHinted = false
  }

  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      const enlisted = waiting
      try {
        const read = await pass()
        for (const waiter of enlisted) waiter.empty = read ? 0 : waiter.empty + 1
        for (const { resolve } of enlisted.filter(({ empty }) => empty >= EMPTY_PASSES)) resolve()
        waiting = waiting.filter(({ empty }) => empty < EMPTY_PASSES)
        await pause(read)
      } catch (error) {
        if (signal.aborted) break
        const text = errorText(error)
        if (text !== lastError) log(`Reading the stream of the table failed, trying again: ${text}`)
        lastError = text
        await delay(ERROR_PAUSE_MS, undefined, { signal }).catch(() => undefined)
      }
    }
    for (const { resolve } of waiting) resolve()
    waiting = []
  }
  signal.addEventListener('abort', () => wake())

  return {
    hint() {
      isHinted = true
      if (isIdle) wake()
    },
    get count() {
      return count
    },
    settled: () =>
      signal.aborted
        ? Promise.resolve()
        : new Promise((resolve) => {
            // A new list, so that a pass which has begun already does not count for this caller.
            waiting = [...waiting, { resolve, empty: 0 }]
            wake()
          }),
    ended: poll(),
  }
}
