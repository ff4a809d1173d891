import { fail } from '../outcome.ts'
import type { InteractionRequest } from './interaction.ts'

type Loose = Record<string, unknown>

/** What a client called a parameter may be anything; only what looks like a name is repeated. */
const NAME = /^_?[A-Za-z][A-Za-z0-9-]{0,31}$/

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null

/** What an operation is given: parameters of its URL and of a body that is a Parameters. https://hl7.org/fhir/R4/operations.html */
export interface OperationParameters {
  /** simple values, as text: of the URL and of `value[x]` */
  texts: readonly (readonly [name: string, value: string])[]
  /** the first element under `value[x]`, or the resource, of this name */
  element(name: string): unknown
}

/** @throws FhirError invalid (400) for a name that is not among `names`, unless handling is lenient */
export const operationParameters = (
  { query, body, prefer }: InteractionRequest,
  names: readonly string[],
): OperationParameters => {
  const given = isObject(body) && body.resourceType === 'Parameters' ? body.parameter : undefined
  const parameters = (Array.isArray(given) ? given : []).filter(isObject)
  const texts = [...query]
  for (const parameter of parameters) {
    const value = valueIn(parameter)
    // A number that is kept as it was written is an object too.
    const text = JSON.isRawJSON(value) ? value.rawJSON : isObject(value) ? undefined : String(value)
    if (typeof parameter.name === 'string' && text !== undefined) texts.push([parameter.name, text])
  }
  const unknown = [...texts.map(([name]) => name), ...parameters.map(({ name }) => name)].find(
    (name) => typeof name !== 'string' || !names.includes(name),
  )
  if (unknown !== undefined && prefer.handling === 'strict')
    throw fail(
      'unsupportedParameter',
      `This operation takes ${names.join(', ') || 'no parameters'}${typeof unknown === 'string' && NAME.test(unknown) ? `, not ${unknown}` : ''}.`,
    )
  return {
    texts: texts.filter(([name]) => names.includes(name)),
    element(name) {
      const parameter = parameters.find((candidate) => candidate.name === name)
      return parameter && (parameter.resource ?? valueIn(parameter))
    },
  }
}

const valueIn = (parameter: Loose): unknown => {
  const key = Object.keys(parameter).find((name) => name.startsWith('value'))
  return key === undefined ? parameter.resource : parameter[key]
}
