import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import type { Version } from '../store/version.ts'
import type { Interaction, Target } from './interaction.ts'
import { type Preconditions, preconditionsOf, requirePreconditions } from './preconditions.ts'
import { requireValid, resourceOfType } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { sameContent } from './same-content.ts'

/** https://hl7.org/fhir/R4/http.html#update and #upsert */
export const update: Interaction = async ({ store }, request) => {
  const { type, id } = request
  const resource = resourceOfType(type, request.body)
  requireSameId(resource, request)
  const preconditions = preconditionsOf(request.conditions)
  requireValid(resource)
  return retryConflicts(async () => {
    const current = await store.read(type, id)
    const write = updateWrite(request, resource, current, preconditions)
    if (!write) return { status: 200, version: current! }
    const [version] = await store.write([write])
    return current && !current.deleted ? { status: 200, version } : { status: 201, version, located: true }
  })
}

/** @throws FhirError invalid (400) */
export const requireSameId = (resource: Resource, { type, id }: Target): void => {
  if (resource.id !== id)
    throw fail('invalid', `The body must have the id that the URL names (PUT ${type}/[id]).`, `${type}.id`)
}

/**
 * The write that an update comes to; none when the content is the current content already. Pure.
 * @throws FhirError preconditionFailed (412)
 */
export const updateWrite = (
  { type, id }: Pick<Target, 'type' | 'id'>,
  resource: Resource,
  current: Version | undefined,
  preconditions: Preconditions,
): Write | undefined => {
  requirePreconditions(preconditions, current)
  if (current && !current.deleted && sameContent(current, resource)) return undefined
  return { type, id, resource, method: 'PUT', ...(current && { base: current }) }
}
