import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { TOKEN_ALGORITHMS } from '../../lib/tenant.ts'
import type { FindClient } from './development-clients.ts'

/** Five minutes, by SMART; and as much as clocks may differ. */
const LONGEST_LIFETIME_SECONDS = 300
const CLOCK_SKEW_SECONDS = 30

/** Finds out which client an assertion is of. @throws Error that says why it is of none */
export type Authenticate = (assertion: string) => Promise<string>

/**
 * Checks assertions of `private_key_jwt`, each good for once.
 * https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html#authenticating-to-the-token-endpoint
 */
export const createAuthenticate = (findClient: FindClient, tokenEndpoint: string): Authenticate => {
  const used = new Map<string, number>()
  return async (assertion) => {
    const { iss = '' } = decodeJwt(assertion)
    const keys = findClient(iss)
    if (!keys) throw new Error('no client of that name is registered: its public keys go into the folder clients')
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: [...TOKEN_ALGORITHMS],
      issuer: iss,
      subject: iss,
      audience: tokenEndpoint,
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    const now = Date.now() / 1_000
    const good = payload.exp! + CLOCK_SKEW_SECONDS
    if (good > now + LONGEST_LIFETIME_SECONDS + 2 * CLOCK_SKEW_SECONDS)
      throw new Error('an assertion is good for at most 5 minutes')
    const one = JSON.stringify([iss, payload.jti])
    for (const [other, until] of used) if (until < now) used.delete(other)
    if (used.has(one)) throw new Error('this assertion was used before: each needs a jti of its own')
    used.set(one, good)
    return iss
  }
}
