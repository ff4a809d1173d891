import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../../clock.ts'
import { KeysUnavailable } from './token-refused.ts'

const MINUTE = 60_000

/** How old keys are when it is time to look whether the issuer has taken one back. */
const REFRESH_AFTER_MS = 10 * MINUTE
/** How long keys are believed of an issuer that does not answer. */
const BELIEVED_FOR_MS = 24 * 60 * MINUTE
/** However many tokens name keys that nobody knows, the issuer is asked no more often than this. */
const MOST_FETCHES = 5
const PER_MS = MINUTE

export interface KeySetParts {
  /** @throws whatever stands in the way */
  fetchKeys: () => Promise<JSONWebKeySet>
  clock: Clock
  /** told when the issuer could not be asked */
  onFailure: (error: unknown) => void
}

/**
 * The keys of an issuer, as a key for each token: kept between requests, and fetched again when they are old or a token names one that is
 * not among them. What it returns throws KeysUnavailable where there are none to be had, and jose's JWKSNoMatchingKey.
 */
export const createKeySet = ({ fetchKeys, clock, onFailure }: KeySetParts): JWTVerifyGetKey => {
  let known: { find: JWTVerifyGetKey; since: number } | undefined
  let fetches: number[] = []
  let fetching: Promise<void> | undefined
  const now = (): number => Date.parse(clock.now())

  const fetchOnce = async (): Promise<void> => {
    fetches = fetches.filter((at) => at > now() - PER_MS)
    if (fetches.length >= MOST_FETCHES) return
    fetches.push(now())
    try {
      known = { find: createLocalJWKSet(await fetchKeys()), since: now() }
    } catch (error) {
      onFailure(error)
    }
  }
  const refresh = (): Promise<void> => {
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined
    })
    return fetching
  }
  const believed = () => {
    if (!known || now() - known.since > BELIEVED_FOR_MS)
      throw new KeysUnavailable('the keys of the issuer cannot be had')
    return known
  }

  return async (header, token) => {
    if (!known || now() - known.since > REFRESH_AFTER_MS) await refresh()
    const first = believed()
    try {
      return await first.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refresh()
      const second = believed()
      if (second === first) throw error
      return second.find(header, token)
    }
  }
}
