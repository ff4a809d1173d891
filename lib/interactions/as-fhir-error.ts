import { FhirError, fail, unexpected } from '../outcome.ts'
import { MOST_WRITES, TooManyWrites, VersionConflict } from '../store/store.ts'

/** What DynamoDB calls having had enough for the moment. */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
])

/** Any error as one that a client may see: of errors nobody expected nothing is told. */
export const asFhirError = (error: unknown, requestId: string): FhirError => {
  if (error instanceof FhirError) return error
  if (error instanceof TooManyWrites)
    return fail(
      'tooLarge',
      `This transaction makes ${error.writes} writes and at most ${MOST_WRITES} fit one; nothing was written. ` +
        'Split it, or send a batch where entries need not stand or fall together.',
      'Bundle.entry',
    )
  if (error instanceof VersionConflict)
    return fail('conflict', 'Somebody else wrote the same resource first; nothing was written. Try again.')
  if (error instanceof Error && THROTTLED.has(error.name))
    return fail('throttled', 'The service is busy. Try again in a moment.', undefined, { 'Retry-After': '1' })
  return unexpected(requestId)
}
