import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify, type ProtectedHeaderParameters } from 'jose'
import type { Instant } from '../../fhir.ts'
import type { TokenAlgorithm } from '../../tenant.ts'
import { KeysUnavailable, type Refusal, TokenRefused } from './token-refused.ts'

/** What a token has to be. */
export interface Expected {
  issuer: string
  audience: string
  algorithms: readonly TokenAlgorithm[]
  now: Instant
}

/** The claims that every verified token has, and whatever else it says. */
export type Claims = JWTPayload & { sub: string; exp: number }

/** Headers of an API have 10 KB in all. */
const LONGEST_TOKEN = 8_192
/** How far the issuer's clock may be ahead of ours. A token that has expired by ours has expired. */
const CLOCK_SKEW_SECONDS = 60
/** A token that is good for longer cannot be taken back in time. */
const LONGEST_LIFETIME_SECONDS = 24 * 60 * 60

/** Of access tokens (RFC 9068) and of plain ones; a logout token or a DPoP proof of the same issuer is none. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt'])

/**
 * The claims of a JWT that `keyOf` has the key to and that is all that is expected. Keys that the token names or carries itself (`jwk`,
 * `jku`, `x5u`, `x5c`) are not looked at. Pure but for what `keyOf` does. https://www.rfc-editor.org/rfc/rfc8725
 * @throws TokenRefused, KeysUnavailable
 */
export const verifyToken = async (
  token: string,
  keyOf: JWTVerifyGetKey,
  { issuer, audience, algorithms, now }: Expected,
): Promise<Claims> => {
  if (token.length > LONGEST_TOKEN) throw new TokenRefused('malformed')
  const currentDate = new Date(now)
  const verified = await jwtVerify(token, named(keyOf), {
    issuer,
    audience,
    algorithms: [...algorithms],
    currentDate,
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['exp', 'sub'],
  }).catch((error: unknown) => {
    throw error instanceof KeysUnavailable ? error : new TokenRefused(refusalOf(error))
  })
  return current(verified.payload as Claims, currentDate.getTime() / 1_000)
}

/** Looks only for a key that the token names, for a token of a type that it may have. */
const named =
  (keyOf: JWTVerifyGetKey): JWTVerifyGetKey =>
  (header, token) => {
    requireKind(header)
    return keyOf(header, token)
  }

const requireKind = ({ typ, kid }: ProtectedHeaderParameters): void => {
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) throw new TokenRefused('type')
  if (typeof kid !== 'string' || kid === '') throw new TokenRefused('key')
}

const current = (claims: Claims, now: number): Claims => {
  const { sub, exp, iat = now } = claims
  if (typeof sub !== 'string' || sub === '') throw new TokenRefused('claims')
  if (exp <= now) throw new TokenRefused('expired')
  if (iat > now + CLOCK_SKEW_SECONDS) throw new TokenRefused('not-yet-valid')
  if (exp - Math.min(iat, now) > LONGEST_LIFETIME_SECONDS) throw new TokenRefused('lifetime')
  return claims
}

const BY_CLAIM: Readonly<Record<string, Refusal>> = { iss: 'issuer', aud: 'audience', nbf: 'not-yet-valid' }

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof TokenRefused) return error.refusal
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed) return BY_CLAIM[error.claim] ?? 'claims'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed'
  if (error instanceof errors.JOSENotSupported) return 'malformed'
  // No key of that name, two of them, or one that cannot be used.
  return 'key'
}
