import type { Careloop } from '../careloop.ts'
import type { Claim } from '../store/plan-write.ts'
import { ClaimTaken } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { type Criteria, findUpToTwo, onlyMatch } from './criteria.ts'
import { retryConflicts } from './retry-conflicts.ts'

/**
 * Decides on the one resource that meets the criteria, or on there being none; decides anew when another writer comes first.
 *
 * A decision that creates writes the claim in one commit with the resource, which lets one of many concurrent creates through. An
 * owner that was read *before* a search which did not find it no longer meets the criteria: its claim is void and can be taken over.
 * @throws FhirError multipleMatches (412)
 */
export const decideOnMatch = <T>(
  careloop: Careloop,
  criteria: Criteria,
  decide: (match: Version | undefined, claim: Claim) => Promise<T>,
): Promise<T> => {
  const { type, canonical } = criteria
  let voidOwner: string | undefined
  return retryConflicts(async () => {
    const match = onlyMatch(await findUpToTwo(careloop, criteria))
    try {
      return await decide(match, { criteria: canonical, ...(voidOwner !== undefined && { voidOwner }) })
    } catch (error) {
      if (error instanceof ClaimTaken) voidOwner = await careloop.store.claimOwner(type, canonical)
      throw error
    }
  })
}
