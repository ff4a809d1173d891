import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { withLabelsOf } from '../security/consent/labels.ts'
import type { Claim, Write } from '../store/plan-write.ts'
import { type Method, resourceOf, type Version } from '../store/version.ts'
import { commitWrite } from './commit-writes.ts'
import type { Answer, Interaction, InteractionRequest, Target } from './interaction.ts'
import { type Preconditions, preconditionsOf, requirePreconditions } from './preconditions.ts'
import { requireValid, submittedResource } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { sameContent } from './same-content.ts'
import { isSubsetted } from './subset.ts'

/** https://hl7.org/fhir/R4/http.html#update and #upsert */
export const update: Interaction = async (careloop, request) => {
  const { store, tenant } = careloop
  const { type, id } = request
  const resource = submittedResource(type, request.body, request.baseUrl)
  requireSameId(resource, request)
  const preconditions = preconditionsOf(request.conditions, tenant.requireIfMatch)
  await requireValid(careloop, resource)
  return retryConflicts(async () => {
    const current = await store.read(type, id)
    requireUpdateCreate(careloop, { type, id }, current)
    return commitUpdate(careloop, request, updateWrite({ type, id }, resource, current, preconditions), current)
  })
}

/** Commits an update, if there is something to commit, and answers it. */
export const commitUpdate = async (
  careloop: Careloop,
  request: InteractionRequest,
  write: Write | undefined,
  current: Version | undefined,
): Promise<Answer> => {
  if (!write) return { status: 200, version: current! }
  const committed = await commitWrite(careloop, request, write)
  return current && !current.deleted ? { status: 200, ...committed } : { status: 201, located: true, ...committed }
}

/** @throws FhirError invalid (400) */
export const requireSameId = (resource: Resource, { type, id }: Pick<Target, 'type' | 'id'>): void => {
  if (resource.id !== id)
    throw fail('invalid', `The body must have the id that the URL names (PUT ${type}/[id]).`, `${type}.id`)
}

/**
 * @throws FhirError methodNotAllowed (405) where the tenant does not let clients choose ids, and for a client who may not see everything of the
 * type: whether an id is taken by what they may not see is not to be told
 */
export const requireUpdateCreate = (
  { tenant, view }: Careloop,
  { type, id }: Pick<Target, 'type' | 'id'>,
  current: Version | undefined,
): void => {
  const isFree = !view || (view.seesEvery(type) && !view.isHidden(type, id))
  if (current || ((tenant.updateCreate ?? true) && isFree)) return
  throw fail(
    'methodNotAllowed',
    'There is nothing with this id, and clients cannot choose ids here. Create it with POST [type].',
    undefined,
    { Allow: 'GET, HEAD' },
  )
}

/** What a read with `_summary` or `_elements` gave must not replace the whole. @throws FhirError unprocessable (422) */
const requireWhole = (resource: Resource, current: Version): void => {
  if (!isSubsetted(resource) || isSubsetted(resourceOf(current))) return
  throw fail(
    'unprocessable',
    'The tag SUBSETTED says that elements were left out, and an update would remove them. Read the resource without _summary and _elements, or use PATCH.',
    `${resource.resourceType}.meta.tag`,
  )
}

/** How an update came about, where it was not a plain PUT. */
interface Change {
  method?: Method
  /** of a conditional update that creates */
  claim?: Claim
}

/**
 * The write that an update comes to; none when the content is the current content already. Pure.
 * @throws FhirError preconditionFailed (412), preconditionRequired (428), unprocessable (422) for a part of what is there
 */
export const updateWrite = (
  { type, id }: Pick<Target, 'type' | 'id'>,
  resource: Resource,
  current: Version | undefined,
  preconditions: Preconditions,
  { method = 'PUT', claim }: Change = {},
): Write | undefined => {
  requirePreconditions(preconditions, current)
  const isLive = current !== undefined && !current.deleted
  if (isLive) requireWhole(resource, current)
  const carryOver = isLive && method === 'PUT' ? declarations.get(type)?.lifecycle?.carriedOver : undefined
  const carried = carryOver ? carryOver(current!.content, resource) : resource
  // A client that does not know of a label does not take it away: $meta-delete and PATCH do.
  const content = isLive && method === 'PUT' ? withLabelsOf(carried, [current.content]) : carried
  if (isLive && sameContent(current, content)) return undefined
  return { type, id, resource: content, method, ...(current && { base: current }), ...(claim && { claim }) }
}
