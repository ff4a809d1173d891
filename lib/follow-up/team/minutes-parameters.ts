import type { Parameters, ParametersParameter, Reference } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { relativeReferences } from '../../interactions/bundle-links.ts'
import type { InteractionRequest } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { fail } from '../../outcome.ts'

/** Something that somebody is to do after the conference. */
export interface ActionItem {
  /** tells it from the others of the same conference */
  key: string
  description: string
  owner?: Reference
  /** date or dateTime */
  due?: string
}

export interface MinutesParameters {
  text: string
  attended: readonly Reference[]
  actions: readonly ActionItem[]
}

const NAMES = ['text', 'attended', 'action']
const DUE = /^\d{4}-\d\d-\d\d(T.+)?$/

/** What a client sends in the place of a list may be anything. */
const listOf = (parameters: unknown): ParametersParameter[] => (Array.isArray(parameters) ? parameters : [])

const valueIn = (parts: readonly ParametersParameter[], name: string): unknown => {
  const found = parts.find((each) => each?.name === name) as Record<string, unknown> | undefined
  const key = found && Object.keys(found).find((element) => element.startsWith('value'))
  return key && found![key]
}

/** @throws FhirError invalid (400) */
const actionIn = (action: ParametersParameter): ActionItem => {
  const part = listOf(action.part)
  const [key, description, owner, due] = ['key', 'description', 'owner', 'due'].map((name) => valueIn(part, name))
  const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
  if (!isText(key) || !isText(description))
    throw fail('invalid', 'An action has the parts key and description, both text.', 'Parameters.parameter')
  if (due !== undefined && (!isText(due) || !DUE.test(due)))
    throw fail('invalid', 'due of an action must be a date or a dateTime.', 'Parameters.parameter')
  if (owner !== undefined && typeof (owner as Reference | null)?.reference !== 'string')
    throw fail('invalid', 'owner of an action must be a valueReference.', 'Parameters.parameter')
  return { key, description, ...(owner !== undefined && { owner: owner as Reference }), ...(isText(due) && { due }) }
}

/** @throws FhirError invalid (400) */
export const minutesParameters = (request: InteractionRequest): MinutesParameters => {
  const { texts } = operationParameters(request, NAMES)
  const text = texts.find(([name]) => name === 'text')?.[1]?.trim()
  if (!text)
    throw fail('invalid', 'Send Parameters with a parameter text: what was said and decided.', 'Parameters.parameter')
  const body = relativeReferences(request.body as Resource, request.baseUrl) as unknown as Parameters
  const named = (name: string) => listOf(body.parameter).filter((each) => each?.name === name)
  const actions = named('action').map(actionIn)
  if (new Set(actions.map(({ key }) => key)).size < actions.length)
    throw fail('invalid', 'Each action has a key of its own.', 'Parameters.parameter')
  const attended = named('attended').map(({ valueReference }) => valueReference)
  if (attended.some((reference) => typeof reference?.reference !== 'string'))
    throw fail('invalid', 'attended must be a valueReference.', 'Parameters.parameter')
  return { text, attended: attended as Reference[], actions }
}
