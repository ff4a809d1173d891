import { fail } from '../outcome.ts'
import { backoff, sleep } from '../store/backoff.ts'
import { ClaimTaken, VersionConflict } from '../store/store.ts'

const ATTEMPTS = 8

const anotherWroteFirst = (error: unknown): boolean => error instanceof VersionConflict || error instanceof ClaimTaken

/**
 * Decides anew, on what is stored by then, when another writer came first.
 * @throws FhirError conflict (409) when it goes on for too long
 */
export const retryConflicts = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!anotherWroteFirst(error)) throw error
      if (attempts === ATTEMPTS)
        throw fail('conflict', 'Others keep writing the same resources; nothing was written. Try again later.')
      await sleep(backoff(attempts - 1))
    }
  }
}
