import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { fail } from '../outcome.ts'

const THROTTLED = new Set([
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingError',
  'ThrottlingException',
])

/** Whether an error of this name, or the reason of a cancelled transaction, means that there was too much to do. */
export const isThrottling = (name: string): boolean => THROTTLED.has(name)

export const busy = () =>
  fail('throttled', 'The database takes no more requests at the moment. Try again in a few seconds.', undefined, {
    'Retry-After': '2',
  })

/** What was throttled to the last, as an error that clients understand; any other error as it is. */
export const asThrottled = (error: unknown): unknown =>
  error instanceof Error && isThrottling(error.name) ? busy() : error

/**
 * The SDK sends a request again when the answer was lost; the condition then fails on what the first one wrote. Only a write that was
 * sent once can be sure that it has not happened.
 */
export const wasSentAgain = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1
