import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../fhir.ts'
import { parseJson } from '../json.ts'
import { bodyOf, type Version } from '../store/version.ts'

/**
 * Whether a resource says what the version says already, in whatever order. What the server adds (id, versionId, lastUpdated) does
 * not count; the precision of decimals does.
 */
export const sameContent = (version: Version, resource: Resource): boolean => {
  const stored = version.text
  const given = bodyOf(resource)
  // Both were written by the same serialiser, so that another order of elements leaves the length as it is.
  if (stored.length !== given.length) return false
  return stored === given || isDeepStrictEqual(parseJson(stored), parseJson(given))
}
