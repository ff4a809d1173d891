import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32

/** Whoever knows it sees the calendar: 256 random bits, fit for a URL. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url')

/** What is kept of a secret. As the secret is random, nobody finds it from this. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const PATH = /\/calendar\/([A-Za-z0-9_-]{43})\.ics$/

/** Where a calendar with this secret is, next to the FHIR API at `baseUrl`. */
export const calendarUrl = (baseUrl: string, secret: string): string =>
  `${baseUrl.replace(/\/fhir$/, '')}/calendar/${secret}.ics`

/** The secret in the path of a calendar; undefined when it has none. */
export const secretIn = (path: string): string | undefined => PATH.exec(path)?.[1]
