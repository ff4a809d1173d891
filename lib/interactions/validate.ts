import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { FhirError, fail, outcomeOf, type Problem } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf } from '../store/version.ts'
import type { Answer, Interaction, InteractionRequest } from './interaction.ts'
import { type OperationParameters, operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'
import { checkReferences } from './referential-integrity.ts'
import { requireValid, submittedResource } from './resource-body.ts'
import { requireSameId, requireUpdateCreate } from './update.ts'

const MODES = ['create', 'update', 'delete', 'profile']

const PARAMETERS = ['resource', 'mode', 'profile']

/** What is asked for: with which mode, against which profiles besides those the resource claims. */
interface Asked {
  mode?: string
  profiles: string[]
  given: unknown
}

/**
 * Says what would become of a write, without writing, and whether a resource meets profiles. The OperationOutcome tells, and the
 * answer is 200 whatever it tells; only what cannot be looked at at all is refused.
 * https://hl7.org/fhir/R4/resource-operation-validate.html
 */
export const validate: Interaction = async (careloop, request) => {
  const asked = readAsked(request, operationParameters(request, PARAMETERS))
  const { mode } = asked
  if (mode !== undefined && !MODES.includes(mode))
    throw fail('unsupportedParameter', `mode must be one of ${MODES.join(', ')}.`)
  if ((mode === 'delete' || mode === 'update') && !request.id)
    throw fail('invalid', `Validation of a ${mode} needs the id: [type]/[id]/$validate.`)
  const issues = await refusalOf(() =>
    mode === 'delete' ? tryDelete(careloop, request) : tryWrite(careloop, request, asked),
  )
  return answerOf(issues)
}

const readAsked = ({ body }: InteractionRequest, { texts, element }: OperationParameters): Asked => {
  const isWrapped = (body as Partial<Resource> | undefined)?.resourceType === 'Parameters'
  const mode = new Map(texts).get('mode')
  const profiles = texts.filter(([name]) => name === 'profile').map(([, canonical]) => canonical)
  if (mode === 'profile' && !profiles.length)
    throw fail('invalid', 'With mode profile say which: profile=[canonical URL].')
  return {
    ...(mode !== undefined && { mode }),
    profiles,
    given: isWrapped ? element('resource') : body,
  }
}

/** What an attempt is refused for, or tells. */
const refusalOf = async (attempt: () => Promise<OperationOutcomeIssue[]>): Promise<OperationOutcomeIssue[]> => {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof FhirError) return outcomeOf(error).issue
    throw error
  }
}

const tryWrite = async (
  careloop: Careloop,
  request: InteractionRequest,
  { mode, profiles, given }: Asked,
): Promise<OperationOutcomeIssue[]> => {
  const { type, id, baseUrl } = request
  // As it is stored: a GET, or a POST without a resource.
  const stored = id && given === undefined ? await storedResource(careloop, request) : undefined
  const resource = stored ?? submittedResource(type, given, baseUrl)
  if (id && mode !== 'create') requireSameId(resource, { type, id })
  await requireValid(careloop, resource)
  const found = await conformanceIssues(careloop, resource, profiles)
  // With mode profile nothing else is looked at.
  if (mode === 'profile') return found
  const others = await refusalOf(async () => {
    if (mode === 'update') requireUpdateCreate(careloop, { type, id }, await careloop.store.read(type, id))
    return warnings(careloop, { type, id: id || 'new', resource, method: 'PUT' })
  })
  return [...found, ...others]
}

const storedResource = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<Resource> => {
  const current = await store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return resourceOf(current)
}

/** By the type's own definition, by the profiles that are asked for and by those the resource claims. */
const conformanceIssues = async (
  careloop: Careloop,
  resource: Resource,
  profiles: readonly string[],
): Promise<OperationOutcomeIssue[]> => {
  const { claimedProfiles, conformance, unknownClaim, unknownProfile } = await import('../profiles/conformance.ts')
  const canonicals = [...new Set([...profiles, ...claimedProfiles(resource)])]
  const { findings, unknown } = await conformance(careloop, resource, canonicals, { fresh: true })
  return [
    ...unknown.map((one) => (profiles.includes(one) ? unknownProfile(one) : unknownClaim(resource, one))),
    ...findings,
  ].map(issueOf)
}

const issueOf = ({ severity = 'error', code = 'processing', text, expression }: Problem): OperationOutcomeIssue => ({
  severity,
  code,
  diagnostics: text,
  ...(expression && { expression: [expression] }),
})

const tryDelete = async (careloop: Careloop, { type, id }: InteractionRequest): Promise<OperationOutcomeIssue[]> => {
  const current = await careloop.store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return warnings(careloop, { type, id, base: current, method: 'DELETE' })
}

const warnings = async (careloop: Careloop, write: Write): Promise<OperationOutcomeIssue[]> =>
  (await checkReferences(careloop, [write])).map((problem) => issueOf({ ...problem, severity: 'warning' }))

const answerOf = (found: OperationOutcomeIssue[]): Answer => {
  const fine: OperationOutcomeIssue = { severity: 'information', code: 'informational', diagnostics: 'All is well.' }
  const outcome: OperationOutcome = { resourceType: 'OperationOutcome', issue: found.length ? found : [fine] }
  return { status: 200, resource: outcome as unknown as Resource }
}
