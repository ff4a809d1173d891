import type { Resource } from '../fhir.ts'
import type { Write } from '../store/plan-write.ts'
import { type Store, VersionConflict } from '../store/store.ts'
import type { Version } from '../store/version.ts'

/** What to write, all at once, and what to call it in the log. No writes: there is nothing left to do. */
export interface Decision {
  outcome: string
  writes: readonly Write[]
}

export const nothing = (outcome: string): Decision => ({ outcome, writes: [] })

/** Only if the id has never been used. */
export const creation = (resource: Resource): Write => ({
  type: resource.resourceType,
  id: resource.id!,
  resource,
  method: 'PUT',
})

/** Only if `base` is still the current version. */
export const revision = (base: Version, resource: Resource): Write => ({
  type: base.type,
  id: base.id,
  resource,
  base,
  method: 'PUT',
})

/** The resources among `wanted` whose ids have never been used: a deleted one was deleted for a reason. */
export const absent = async (store: Store, wanted: readonly Resource[]): Promise<Resource[]> => {
  const references = wanted.map((resource) => ({ type: resource.resourceType, id: resource.id! }))
  const known = new Set((await store.readMany(references)).map(({ type, id }) => `${type}/${id}`))
  return wanted.filter(({ resourceType, id }) => !known.has(`${resourceType}/${id}`))
}

const ATTEMPTS = 5

/**
 * Decides on what is stored now and commits it; when somebody wrote in between, decides again.
 * @returns the outcome. @throws VersionConflict when it never got through: the event is to be delivered again
 */
export const commit = async (store: Store, decide: () => Promise<Decision>): Promise<string> => {
  for (let attempt = 1; ; attempt += 1) {
    const { outcome, writes } = await decide()
    if (!writes.length) return outcome
    try {
      await store.write(writes)
      return outcome
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error
    }
  }
}
