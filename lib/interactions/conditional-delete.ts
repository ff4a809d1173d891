import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { commitWrites } from './commit-writes.ts'
import { type Criteria, criteriaOf, findUpTo } from './criteria.ts'
import { deleteWrite } from './delete.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { preconditionsOf } from './preconditions.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** What one commit can hold. */
const MOST = 100

/** What a conditional delete may delete. */
export interface ConditionalDelete {
  criteria: Criteria
  /** more matches than this are refused */
  most: number
}

/** https://hl7.org/fhir/R4/http.html#3.1.0.7.1 */
export const conditionalDelete: Interaction = async (careloop, request) => {
  const { criteria, most } = conditionalDeleteOf(request.type, request.query, request.baseUrl)
  const preconditions = preconditionsOf(request.conditions)
  return retryConflicts(async () => {
    const found = await findUpTo(careloop, criteria, most + 1)
    requireAtMost(found, most)
    const writes = found.flatMap((version) => deleteWrite(version, preconditions) ?? [])
    const { versions } = await commitWrites(careloop, request, writes)
    return { status: 204, ...(versions.length === 1 && { version: versions[0]! }), seen: [...found, ...versions] }
  })
}

/** Reads the criteria, and `_count`: how many may go at once. @throws FhirError invalid (400) */
export const conditionalDeleteOf = (type: string, query: readonly Parameter[], baseUrl: string): ConditionalDelete => {
  const counts = query.filter(([name]) => name === '_count')
  const most = counts.length ? Number(/^\d{1,3}$/.exec(counts.at(-1)![1])?.[0]) : 1
  if (counts.length > 1 || !(most >= 1 && most <= MOST))
    throw fail('invalid', `_count of a conditional delete must be a whole number from 1 to ${MOST}, given once.`)
  const criteria = criteriaOf(
    type,
    query.filter(([name]) => name !== '_count'),
    baseUrl,
  )
  return { criteria, most }
}

/** @throws FhirError multipleMatches (412) */
export const requireAtMost = (found: readonly Version[], most: number): void => {
  if (found.length <= most) return
  throw fail(
    'multipleMatches',
    most === 1
      ? `More than one resource meets the criteria; nothing was deleted. Make them name one, or allow more with _count (up to ${MOST}).`
      : `More than ${most} resources meet the criteria; nothing was deleted. Narrow them, or raise _count (up to ${MOST}).`,
  )
}
