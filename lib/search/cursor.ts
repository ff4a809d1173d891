import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type FhirError, fail } from '../outcome.ts'
import type { Place } from './sort.ts'

/** Where the next page goes on. */
export interface Continuation {
  /** of a walk: the position it has passed */
  position?: string
  /** of a sorted list: the last place shown */
  place?: Place
  /** the total that was counted for the first page */
  total?: number
}

interface Sealed extends Continuation {
  expires: number
}

/** Turns continuations into what a client can hold: a position tells ids and dates, so it is encrypted. */
export interface Cursors {
  seal(continuation: Continuation, search: string): Promise<string>
  /** @throws FhirError invalid for a cursor that has been changed, has expired, or belongs to another search */
  open(cursor: string, search: string): Promise<Continuation>
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LIFETIME_MS = 24 * 60 * 60 * 1000

const unusable = (): FhirError =>
  fail(
    'invalid',
    'This link to a next page cannot be used: it has expired, was changed, or belongs to another search. Start the search again.',
  )

/**
 * AES-256-GCM with the tenant's key. `search`, the type, criteria and order of the search, is authenticated but not held, so that a
 * cursor opens for its own search only. It lives for 24 hours.
 */
export const createCursors = (parts: { key: () => Promise<Uint8Array>; clock: Clock }): Cursors => {
  const now = () => Date.parse(parts.clock.now())

  return {
    async seal(continuation, search) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, await parts.key(), nonce).setAAD(Buffer.from(search))
      const sealed: Sealed = { ...continuation, expires: now() + LIFETIME_MS }
      const text = Buffer.concat([cipher.update(JSON.stringify(sealed)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },

    async open(cursor, search) {
      const bytes = Buffer.from(cursor, 'base64url')
      // Node skips what is no base64url; a cursor that says the same in other characters is a changed one.
      if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== cursor) throw unusable()
      const tagEnd = NONCE_BYTES + TAG_BYTES
      const decipher = createDecipheriv(CIPHER, await parts.key(), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(search)).setAuthTag(bytes.subarray(NONCE_BYTES, tagEnd))
      let text: string
      try {
        text = Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8')
      } catch {
        throw unusable()
      }
      const { expires, ...continuation } = JSON.parse(text) as Sealed
      if (expires < now()) throw unusable()
      return continuation
    },
  }
}
