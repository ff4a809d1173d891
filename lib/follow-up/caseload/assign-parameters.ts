import type { Parameters } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Resource } from '../../fhir.ts'
import { relativeReferences } from '../../interactions/bundle-links.ts'
import type { InteractionRequest } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { fail } from '../../outcome.ts'
import { rolesOfTeam } from './team-roles.ts'

export interface AssignParameters {
  /** ids of the PractitionerRoles to choose among; none: those of the pool that owns the Task, else all */
  candidates?: readonly string[]
  /** of the Tasks to assign, where the URL names none */
  tasks: readonly string[]
  /** the CareTeam whose open Tasks to assign */
  pool?: string
  commit: boolean
  /** also what somebody has already */
  reassign: boolean
}

const NAMES = ['task', 'pool', 'candidate', 'team', 'commit', 'reassign']
const REFERENCE = /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})$/

/** Ids of the resources of a type that the parameters of this name refer to. @throws FhirError invalid (400) */
const idsIn = ({ body, baseUrl }: InteractionRequest, name: string, type: string): string[] => {
  const given = body === undefined ? undefined : relativeReferences(body as Resource, baseUrl)
  const parameters = (given as unknown as Parameters | undefined)?.parameter
  const named = (Array.isArray(parameters) ? parameters : []).filter((parameter) => parameter?.name === name)
  return named.map(({ valueReference }) => {
    const reference: unknown = valueReference?.reference
    const [, found, id] = (typeof reference === 'string' && REFERENCE.exec(reference)) || []
    if (found !== type || !id)
      throw fail('invalid', `${name} must be a valueReference to a ${type}.`, 'Parameters.parameter')
    return id
  })
}

const flagIn = (texts: readonly (readonly [string, string])[], name: string): boolean => {
  const text = texts.find(([given]) => given === name)?.[1] ?? 'false'
  if (text !== 'true' && text !== 'false') throw fail('invalid', `${name} must be true or false.`)
  return text === 'true'
}

/** @throws FhirError invalid (400); unprocessable (422) for candidates that are not there */
export const assignParameters = async (careloop: Careloop, request: InteractionRequest): Promise<AssignParameters> => {
  const { texts } = operationParameters(request, NAMES)
  const named = idsIn(request, 'candidate', 'PractitionerRole')
  const teams = idsIn(request, 'team', 'CareTeam')
  const [pool] = idsIn(request, 'pool', 'CareTeam')
  const candidates = [...named, ...(await Promise.all(teams.map((id) => rolesOfTeam(careloop, id)))).flat()]
  return {
    tasks: idsIn(request, 'task', 'Task'),
    ...(pool !== undefined && { pool }),
    ...((named.length || teams.length) && { candidates }),
    commit: flagIn(texts, 'commit'),
    reassign: flagIn(texts, 'reassign'),
  }
}
