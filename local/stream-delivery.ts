import { setTimeout as delay } from 'node:timers/promises'
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { type DeadLetter, errorText } from './async-invocations.ts'
import type { StreamBlueprint } from './blueprint.ts'
import { eventMatcher } from './event-pattern.ts'
import type { FunctionHost } from './function-host.ts'

export interface StreamDeliveryOptions {
  mapping: StreamBlueprint
  host: FunctionHost
  onDeadLetter: (letter: DeadLetter) => void
  signal: AbortSignal
}

const FIRST_RETRY_AFTER_MS = 50
const LONGEST_RETRY_AFTER_MS = 1_000

/** Where a batch stopped: at this record; undefined, at all of it, when the function threw. */
type Failure = { at: number | undefined; error: string }

/**
 * Lambda's event source mapping: gives the records that pass the filter to the function, in order and in batches, goes on from the
 * record that failed, halves a batch that failed as a whole, and in the end leaves a record among the dead letters.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const createStreamDelivery = ({ mapping, host, onDeadLetter, signal }: StreamDeliveryOptions) => {
  const { functionArn, batchSize, retries, bisect } = mapping
  const filters = mapping.filters.map(eventMatcher)
  const passes = (record: DynamoDBRecord): boolean => !filters.length || filters.some((matches) => matches(record))

  const invoke = async (records: readonly DynamoDBRecord[]): Promise<Failure | undefined> => {
    try {
      const answer = (await host.invoke(functionArn, { Records: records })) as DynamoDBBatchResponse | undefined
      const failed = answer?.batchItemFailures ?? []
      if (!failed.length) return undefined
      const positions = failed.map(({ itemIdentifier }) =>
        records.findIndex((record) => record.dynamodb?.SequenceNumber === itemIdentifier),
      )
      return {
        at: positions.includes(-1) ? undefined : Math.min(...positions),
        error: 'reported as a batch item failure',
      }
    } catch (error) {
      return { at: undefined, error: errorText(error) }
    }
  }

  const giveUp = (record: DynamoDBRecord | undefined, attempts: number, error: string): void => {
    const event = `stream record ${record?.dynamodb?.SequenceNumber}`
    onDeadLetter({ function: host.nameOf(functionArn), event, attempts, error })
  }

  const deliverBatch = async (batch: readonly DynamoDBRecord[]): Promise<void> => {
    let rest = batch
    let attempts = 0
    while (rest.length && !signal.aborted) {
      const failure = await invoke(rest)
      if (!failure) return
      if (failure.at === undefined && bisect && rest.length > 1) {
        const half = Math.ceil(rest.length / 2)
        await deliverBatch(rest.slice(0, half))
        return deliverBatch(rest.slice(half))
      }
      attempts = failure.at ? 1 : attempts + 1
      rest = rest.slice(failure.at ?? 0)
      if (attempts > retries) {
        giveUp(rest[0], attempts, failure.error)
        rest = rest.slice(1)
        attempts = 0
      } else {
        const pause = Math.min(FIRST_RETRY_AFTER_MS * 2 ** (attempts - 1), LONGEST_RETRY_AFTER_MS)
        await delay(pause, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return async (records: readonly DynamoDBRecord[]): Promise<void> => {
    const passing = records.filter(passes)
    for (let start = 0; start < passing.length; start += batchSize)
      await deliverBatch(passing.slice(start, start + batchSize))
  }
}
