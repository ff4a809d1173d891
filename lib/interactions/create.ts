import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { ClaimTaken } from '../store/store.ts'
import { type Criteria, findUpToTwo, onlyMatch, parseCriteria } from './criteria.ts'
import type { Answer, Interaction } from './interaction.ts'
import { requireValid, resourceOfType } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** https://hl7.org/fhir/R4/http.html#create and #ccreate */
export const create: Interaction = async (careloop, { type, body, baseUrl, conditions: { ifNoneExist } }) => {
  const resource = resourceOfType(type, body)
  const criteria = ifNoneExist === undefined ? undefined : parseCriteria(type, ifNoneExist, baseUrl)
  requireValid(resource)
  if (criteria) return createIfNoneExist(careloop, resource, criteria)
  const [version] = await careloop.store.write([{ type, id: careloop.ids.next(), resource, method: 'POST' }])
  return { status: 201, version, located: true }
}

/**
 * The claim on the criteria, written in one commit with the resource, lets one of many concurrent creates through. An owner that was
 * read *before* a search which did not find it no longer meets the criteria: its claim is void and can be taken over.
 */
const createIfNoneExist = (careloop: Careloop, resource: Resource, criteria: Criteria): Promise<Answer> => {
  const { store, ids } = careloop
  const { type, canonical } = criteria
  const id = ids.next()
  let voidOwner: string | undefined
  return retryConflicts(async () => {
    const existing = onlyMatch(await findUpToTwo(careloop, criteria))
    if (existing) return { status: 200, version: existing, located: true }
    const claim = { criteria: canonical, ...(voidOwner !== undefined && { voidOwner }) }
    try {
      const [version] = await store.write([{ type, id, resource, method: 'POST', claim }])
      return { status: 201, version, located: true }
    } catch (error) {
      if (error instanceof ClaimTaken) voidOwner = await store.claimOwner(type, canonical)
      throw error
    }
  })
}
