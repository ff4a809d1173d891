import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'

/** https://hl7.org/fhir/R4/http.html#versioning */
export const etagOf = (version: Version): string => `W/"${version.v}"`

/** The date of a version as HTTP writes it: UTC, whole seconds. */
export const lastModifiedOf = (version: Version): string => new Date(version.updated).toUTCString()

/** The headers that tell which version an answer is about. */
export const versionHeaders = (version: Version): Record<string, string> => ({
  ETag: etagOf(version),
  'Last-Modified': lastModifiedOf(version),
})

/** Any version, or one of these. */
export type Etags = '*' | ReadonlySet<string>

const LIST = /^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/
const TAG = /"([^"]*)"/g

/** The version ids of If-Match or If-None-Match: `*`, or a list of ETags. @throws FhirError invalid (400) */
export const parseEtags = (header: string, name: string): Etags => {
  if (header.trim() === '*') return '*'
  if (!LIST.test(header)) throw fail('invalid', `${name} must be * or ETags such as W/"3", parted by commas.`)
  return new Set([...header.matchAll(TAG)].map(([, tag]) => tag!))
}

export const includesVersion = (etags: Etags, version: Version): boolean =>
  etags === '*' ? !version.deleted : etags.has(String(version.v))
