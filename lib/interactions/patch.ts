import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { relativeReferences } from './bundle-links.ts'
import { criteriaOf } from './criteria.ts'
import { decideOnMatch } from './decide-on-match.ts'
import type { Answer, Interaction, InteractionRequest } from './interaction.ts'
import { type Preconditions, preconditionsOf, requirePreconditions } from './preconditions.ts'
import { deleted, neverExisted } from './read.ts'
import { type Patch, readPatch } from './read-patch.ts'
import { requireValid } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { commitUpdate, updateWrite } from './update.ts'

/** https://hl7.org/fhir/R4/http.html#patch */
export const patch: Interaction = async (careloop, request) => {
  const { type, id } = request
  const change = readPatch(request.body)
  const preconditions = preconditionsOf(request.conditions, careloop.tenant.requireIfMatch)
  return retryConflicts(async () => {
    const current = await careloop.store.read(type, id)
    if (!current) throw neverExisted(type)
    return commitPatch(careloop, request, current, change, preconditions)
  })
}

/** A patch of the one resource that meets the criteria. https://hl7.org/fhir/R4/http.html#3.1.0.8 */
export const conditionalPatch: Interaction = async (careloop, request) => {
  const { type, query, baseUrl } = request
  const criteria = criteriaOf(type, query, baseUrl)
  const change = readPatch(request.body)
  const preconditions = preconditionsOf(request.conditions, careloop.tenant.requireIfMatch)
  return decideOnMatch(careloop, criteria, async (match) => {
    if (!match) throw nothingToPatch(type)
    return commitPatch(careloop, request, match, change, preconditions)
  })
}

export const nothingToPatch = (type: string) =>
  fail('notFound', `No ${type} meets the criteria, so there is nothing to patch.`)

const commitPatch = async (
  careloop: Careloop,
  request: InteractionRequest,
  current: Version,
  change: Patch,
  preconditions: Preconditions,
): Promise<Answer> => {
  const content = relativeReferences(await patchedContent(current, change, preconditions), request.baseUrl)
  await requireValid(careloop, content)
  return commitUpdate(
    careloop,
    request,
    updateWrite(current, content, current, preconditions, { method: 'PATCH' }),
    current,
  )
}

/**
 * What a patch makes of a resource, not checked yet.
 * @throws FhirError deleted (410), preconditionFailed (412), unprocessable (422) when the patch does not fit the resource
 */
export const patchedContent = async (
  current: Version,
  change: Patch,
  preconditions: Preconditions,
): Promise<Resource> => {
  if (current.deleted) throw deleted(current)
  requirePreconditions(preconditions, current)
  const content = await change(resourceOf(current))
  if (content?.resourceType !== current.type || content.id !== current.id)
    throw fail(
      'unprocessable',
      'A patch cannot change what a resource is: its resourceType and id stay.',
      `${current.type}.id`,
    )
  return content
}
