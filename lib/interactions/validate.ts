import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { FhirError, fail, outcomeOf } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import type { Answer, Interaction, InteractionRequest } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'
import { checkReferences } from './referential-integrity.ts'
import { requireValid, submittedResource } from './resource-body.ts'
import { requireSameId, requireUpdateCreate } from './update.ts'

const MODES = ['create', 'update', 'delete']

/**
 * Says what would become of a write, without writing. Always 200: the OperationOutcome tells.
 * https://hl7.org/fhir/R4/resource-operation-validate.html
 */
export const validate: Interaction = async (careloop, request) => {
  const parameters = operationParameters(request, ['resource', 'mode', 'profile'])
  const texts = new Map(parameters.texts)
  const mode = texts.get('mode')
  if (mode !== undefined && !MODES.includes(mode))
    throw fail('unsupportedParameter', `mode must be one of ${MODES.join(', ')}; profile is not supported.`)
  if (texts.has('profile'))
    throw fail('unsupportedParameter', 'Validation against a profile of choice is not supported: leave profile out.')
  if ((mode === 'delete' || mode === 'update') && !request.id)
    throw fail('invalid', `Validation of a ${mode} needs the id: [type]/[id]/$validate.`)
  const isWrapped = (request.body as Partial<Resource> | undefined)?.resourceType === 'Parameters'
  const given = isWrapped ? parameters.element('resource') : request.body
  const problems = await refusalOf(() =>
    mode === 'delete' ? tryDelete(careloop, request) : tryWrite(careloop, request, given, mode),
  )
  return answerOf(problems)
}

/** What an attempt is refused for; undefined: nothing. */
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
  { type, id, baseUrl }: InteractionRequest,
  given: unknown,
  mode: string | undefined,
): Promise<OperationOutcomeIssue[]> => {
  const resource = submittedResource(type, given, baseUrl)
  if (id && mode !== 'create') requireSameId(resource, { type, id })
  requireValid(resource)
  if (mode === 'update') requireUpdateCreate(careloop, await careloop.store.read(type, id))
  return warnings(careloop, { type, id: id || 'new', resource, method: 'PUT' })
}

const tryDelete = async (careloop: Careloop, { type, id }: InteractionRequest): Promise<OperationOutcomeIssue[]> => {
  const current = await careloop.store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return warnings(careloop, { type, id, base: current, method: 'DELETE' })
}

const warnings = async (careloop: Careloop, write: Write): Promise<OperationOutcomeIssue[]> =>
  (await checkReferences(careloop, [write])).map(({ text, expression, code = 'processing' }) => ({
    severity: 'warning',
    code,
    diagnostics: text,
    ...(expression && { expression: [expression] }),
  }))

const answerOf = (found: OperationOutcomeIssue[]): Answer => {
  const fine: OperationOutcomeIssue = { severity: 'information', code: 'informational', diagnostics: 'All is well.' }
  const outcome: OperationOutcome = { resourceType: 'OperationOutcome', issue: found.length ? found : [fine] }
  return { status: 200, resource: outcome as unknown as Resource }
}
