import type { Careloop } from '../careloop.ts'
import { ID, type Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { criteriaOf } from './criteria.ts'
import { decideOnMatch } from './decide-on-match.ts'
import type { Interaction } from './interaction.ts'
import { preconditionsOf } from './preconditions.ts'
import { requireValid, submittedResource } from './resource-body.ts'
import { commitUpdate, requireUpdateCreate, updateWrite } from './update.ts'

/** https://hl7.org/fhir/R4/http.html#cond-update */
export const conditionalUpdate: Interaction = async (careloop, request) => {
  const { type, query, baseUrl } = request
  const resource = submittedResource(type, request.body, baseUrl)
  const criteria = criteriaOf(type, query, baseUrl)
  const preconditions = preconditionsOf(request.conditions, careloop.tenant.requireIfMatch)
  await requireValid(careloop, resource)
  const freshId = careloop.ids.next()
  return decideOnMatch(careloop, criteria, async (match, claim) => {
    const id = idOfMatch(resource, match) ?? freshId
    const current = match ?? (await chosen(careloop, resource))
    const change = match ? {} : { claim }
    return commitUpdate(careloop, request, updateWrite({ type, id }, resource, current, preconditions, change), current)
  })
}

/**
 * The id that a conditional update is about; undefined: it is ours to choose.
 * @throws FhirError invalid (400) when the content names another resource than the criteria, or has an id that no resource can have
 */
export const idOfMatch = ({ resourceType, id }: Resource, match: Version | undefined): string | undefined => {
  if (id !== undefined && !(typeof id === 'string' && ID.test(id)))
    throw fail('invalid', 'An id has 1 to 64 characters: letters, digits, hyphens and dots.', `${resourceType}.id`)
  if (match && id !== undefined && id !== match.id)
    throw fail(
      'invalid',
      'The criteria find a resource with another id than the body has. Leave the id out, or correct it.',
      `${resourceType}.id`,
    )
  return match?.id ?? id
}

/** What is stored under the id that the client has chosen for what does not exist by the criteria. */
const chosen = async (careloop: Careloop, { resourceType, id }: Resource): Promise<Version | undefined> => {
  if (id === undefined) return undefined
  const current = await careloop.store.read(resourceType, id)
  requireUpdateCreate(careloop, { type: resourceType, id }, current)
  requireOnlyTombstone(current)
  return current
}

/** @throws FhirError conflict (409) when the id belongs to a resource that does not meet the criteria */
export const requireOnlyTombstone = (current: Version | undefined): void => {
  if (current && !current.deleted)
    throw fail(
      'conflict',
      'The criteria find nothing, but there is a resource with the id of the body. Correct the one or the other.',
      `${current.type}.id`,
    )
}
