import { fail } from '../outcome.ts'
import { resourceOf } from '../store/version.ts'
import type { Interaction } from './interaction.ts'
import { deleted } from './read.ts'
import { subsetIn, subsetOf } from './subset.ts'

const VERSION_ID = /^[1-9]\d{0,9}$/

/** https://hl7.org/fhir/R4/http.html#vread */
export const vread: Interaction = async ({ store }, { type, id, versionId, query }) => {
  const version = VERSION_ID.test(versionId) ? await store.vread(type, id, Number(versionId)) : undefined
  if (!version) throw fail('notFound', `There is no such version of this ${type}; [id]/_history lists those there are.`)
  if (version.deleted) throw deleted(version)
  return { status: 200, version, resource: subsetOf(resourceOf(version), subsetIn(query)) }
}
