import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import { commitWrite } from './commit-writes.ts'
import type { Interaction } from './interaction.ts'
import { type Preconditions, preconditionsOf, requirePreconditions } from './preconditions.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** https://hl7.org/fhir/R4/http.html#delete */
export const deleteResource: Interaction = async (careloop, request) => {
  const { type, id } = request
  const preconditions = preconditionsOf(request.conditions)
  return retryConflicts(async () => {
    const current = await careloop.store.read(type, id)
    const write = deleteWrite(current, preconditions)
    if (!write) return { status: 204, ...(current && { version: current }) }
    return { status: 204, ...(await commitWrite(careloop, request, write)), seen: [current!] }
  })
}

/**
 * The write that a delete comes to; none when nothing is there, which is what was wanted: a client may ask again after a lost
 * answer. Pure. @throws FhirError preconditionFailed (412)
 */
export const deleteWrite = (current: Version | undefined, preconditions: Preconditions): Write | undefined => {
  if (!current || current.deleted) return undefined
  requirePreconditions(preconditions, current)
  return { type: current.type, id: current.id, base: current, method: 'DELETE' }
}
