import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { Clock } from '../../../clock.ts'
import type { Instant } from '../../../fhir.ts'
import { createTenantKey } from '../../../security/tenant-key.ts'
import type { Table } from '../../../store/table.ts'

/** Which Task a link opens, and for whom: it opens nothing any more when the Task has another owner. */
export interface Grant {
  /** id of the Task */
  task: string
  /** `Type/id` of its owner */
  owner: string
}

/** Why a link opens nothing. */
export type Refusal = 'unknown' | 'expired'

export interface LinkTokens {
  seal(grant: Grant, expires: Instant): Promise<string>
  open(token: string): Promise<Grant | Refusal>
}

/** Where a link leads: this and its token. */
export const REFERRAL_PATH = '/referral/'

const AUDIENCE = 'referral'
/** A token is far shorter; nothing longer is worth a look. */
const LONGEST = 1_024
const secondsOf = (instant: Instant): number => Math.floor(Date.parse(instant) / 1_000)

/**
 * The tokens of links to referrals: JWTs that are encrypted and authenticated (AES-256-GCM) with a key of the tenant, so that an address
 * says nothing of anybody; ids are the clients' to choose and may. https://www.rfc-editor.org/rfc/rfc7519
 */
export const createLinkTokens = ({ table, clock }: { table: Table; clock: Clock }): LinkTokens => {
  const key = createTenantKey(table, 'referral-link')
  return {
    async seal({ task, owner }, expires) {
      return new EncryptJWT({ owner })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setSubject(task)
        .setAudience(AUDIENCE)
        .setExpirationTime(secondsOf(expires))
        .encrypt(await key())
    },
    async open(token) {
      if (token.length > LONGEST) return 'unknown'
      try {
        const { payload } = await jwtDecrypt(token, await key(), {
          audience: AUDIENCE,
          currentDate: new Date(clock.now()),
          requiredClaims: ['sub', 'exp', 'owner'],
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        return { task: payload.sub!, owner: String(payload.owner) }
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired'
        if (error instanceof errors.JOSEError) return 'unknown'
        throw error
      }
    },
  }
}
