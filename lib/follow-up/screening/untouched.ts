import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../../fhir.ts'
import type { Store } from '../../store/store.ts'
import type { Version } from '../../store/version.ts'

const without = (resource: Readonly<Resource>, elements: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => name !== 'meta' && !elements.includes(name)))

/**
 * Whether nobody has worked on what the automation made: it says what its first version said, but for the elements that the
 * automation itself changes.
 */
export const isUntouched = async (store: Store, version: Version, elements: readonly string[]): Promise<boolean> => {
  if (version.v === 1) return true
  const first = await store.vread(version.type, version.id, 1)
  if (!first || first.deleted) return false
  return isDeepStrictEqual(without(first.content, elements), without(version.content, elements))
}
