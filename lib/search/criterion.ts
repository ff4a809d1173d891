import type { Clause, CompositeBase } from './clause.ts'
import { basesOf } from './composite.ts'
import { parseWantedDate } from './date.ts'
import { splitUnescaped, unescaped } from './escape.ts'
import { parseWantedNumber } from './number.ts'
import type { ParameterType, SearchParameter } from './parameter.ts'
import { parseWantedQuantity } from './quantity.ts'
import { isLiteral, parseWantedReference } from './reference.ts'
import type { SearchParameters } from './search-parameters.ts'
import { folded, type StringForm } from './string.ts'
import { parseWantedIdentifier, parseWantedToken } from './token.ts'
import type { UriForm } from './uri.ts'
import type { Zone } from './zone.ts'

/** What it takes to understand a value of a search. */
export interface Understanding {
  parameters: SearchParameters
  zone: Zone
  /** epoch milliseconds, for "approximately" */
  now: number
  baseUrl?: string
}

/** Why a criterion cannot be used, in words that hold no value of the search: those may tell of a patient. */
export interface Refusal {
  refused: string
  code: 'not-supported' | 'invalid' | 'too-costly'
}

export const isRefusal = (result: object): result is Refusal => 'refused' in result

export const refusal = (refused: string, code: Refusal['code'] = 'not-supported'): Refusal => ({ refused, code })

/** How a value of each type of parameter is written. */
const FORMS: Readonly<Record<ParameterType, string>> = {
  token: 'code, |code, system| or system|code',
  reference: 'id, Type/id, an absolute URL or a canonical URL, with |version if need be',
  date: 'a date or time such as 2026-11, 2026-11-25 or 2026-11-25T14:00:00-06:00, behind a prefix such as ge if need be',
  string: 'text with at least one letter or digit',
  uri: 'a URI',
  number: 'a number, behind a prefix such as ge if need be',
  quantity: 'number or number|system|code, behind a prefix such as ge if need be',
  composite: 'the values of its components, joined by $',
}

const MODIFIERS: Readonly<Record<ParameterType, readonly string[]>> = {
  token: ['not', 'text', 'of-type', 'in', 'not-in'],
  reference: ['identifier', 'below'],
  date: [],
  string: ['exact', 'contains'],
  uri: ['above', 'below'],
  number: [],
  quantity: [],
  composite: [],
}

/** What a value set can hold. */
const CODED = ['CodeableConcept', 'Coding', 'code']

/** https://hl7.org/fhir/R4/search.html#combining: more would be a list, not a search. */
const MOST_VALUES = 50

const has = (parameter: SearchParameter, datatype: string): boolean =>
  parameter.paths.some((path) => path.datatype === datatype)

/** The modifiers a parameter takes, types included. */
export const modifiersOf = (parameter: SearchParameter): string[] => {
  const usable = MODIFIERS[parameter.type].filter((modifier) => {
    if (modifier === 'of-type') return has(parameter, 'Identifier')
    if (modifier === 'in' || modifier === 'not-in') return CODED.some((datatype) => has(parameter, datatype))
    if (modifier === 'identifier') return has(parameter, 'Reference')
    if (modifier === 'below' && parameter.type === 'reference')
      return parameter.paths.some((path) => !isLiteral(path.datatype))
    return true
  })
  const types = parameter.type === 'reference' && has(parameter, 'Reference') ? parameter.targets : []
  // https://hl7.org/fhir/R4/search.html#modifiers: all but combinations
  return [...(parameter.type === 'composite' ? [] : ['missing']), ...usable, ...types]
}

const isType = (modifier: string): boolean => /^[A-Z]/.test(modifier)

const accepts = (parameter: SearchParameter, modifier: string): boolean =>
  modifiersOf(parameter).includes(modifier) ||
  // A reference to anything declares no targets.
  (parameter.type === 'reference' && has(parameter, 'Reference') && !parameter.targets.length && isType(modifier))

/** All of the values parsed; undefined when one of them is not understood. */
const all = <Value, Wanted>(
  values: readonly Value[],
  parse: (value: Value, at: number) => Wanted | undefined,
): Wanted[] | undefined => {
  const parsed = values.map(parse)
  return parsed.includes(undefined) ? undefined : (parsed as Wanted[])
}

const parseText = (value: string): string | undefined => {
  const text = unescaped(value)
  return text === undefined ? undefined : folded(text) || undefined
}

const tokenClause = (
  parameter: SearchParameter,
  modifier: string | undefined,
  values: string[],
): Clause | undefined => {
  if (modifier === 'text') {
    const anyOf = all(values, parseText)
    return anyOf && { parameter, kind: 'token-text', anyOf }
  }
  if (modifier === 'of-type') {
    const anyOf = all(values, parseWantedIdentifier)
    return anyOf && { parameter, kind: 'identifier-of-type', anyOf }
  }
  const anyOf = all(values, parseWantedToken)
  return anyOf && { parameter, kind: 'token', not: modifier === 'not', anyOf }
}

const referenceClause = (
  parameter: SearchParameter,
  modifier: string | undefined,
  values: string[],
  baseUrl: string | undefined,
): Clause | undefined => {
  if (modifier === 'identifier') {
    const anyOf = all(values, parseWantedToken)
    return anyOf && { parameter, kind: 'reference-identifier', anyOf }
  }
  const only = modifier !== undefined && isType(modifier) ? modifier : undefined
  const anyOf = all(values, (value) => parseWantedReference(value, only, baseUrl))
  return anyOf && { parameter, kind: 'reference', below: modifier === 'below', anyOf }
}

const stringClause = (
  parameter: SearchParameter,
  modifier: string | undefined,
  values: string[],
): Clause | undefined => {
  const form: StringForm = modifier === 'exact' || modifier === 'contains' ? modifier : 'starts'
  const anyOf = all(values, form === 'exact' ? (value) => unescaped(value) || undefined : parseText)
  return anyOf && { parameter, kind: 'string', form, anyOf }
}

const compositeClause = (
  parameter: SearchParameter,
  values: string[],
  understanding: Understanding,
): Clause | undefined => {
  const tuples = values.map((value) => splitUnescaped(value, '$'))
  if (tuples.some((tuple) => tuple.length !== parameter.components.length)) return undefined
  const bases: CompositeBase[] = []
  for (const { path, components } of basesOf(parameter, understanding.parameters)) {
    const component = (value: string, at: number) => valueClause(components[at]!, undefined, [value], understanding)
    const anyOf = all(tuples, (tuple) => all(tuple, component))
    if (!anyOf) return undefined
    bases.push({ path, anyOf })
  }
  return { parameter, kind: 'composite', bases }
}

const valueClause = (
  parameter: SearchParameter,
  modifier: string | undefined,
  values: string[],
  understanding: Understanding,
): Clause | undefined => {
  switch (parameter.type) {
    case 'token':
      return tokenClause(parameter, modifier, values)
    case 'reference':
      return referenceClause(parameter, modifier, values, understanding.baseUrl)
    case 'string':
      return stringClause(parameter, modifier, values)
    case 'composite':
      return compositeClause(parameter, values, understanding)
    case 'uri': {
      const form: UriForm = modifier === 'above' || modifier === 'below' ? modifier : 'exact'
      const anyOf = all(values, (value) => unescaped(value) || undefined)
      return anyOf && { parameter, kind: 'uri', form, anyOf }
    }
    case 'date': {
      const anyOf = all(values, (value) => parseWantedDate(value, understanding.zone, understanding.now))
      return anyOf && { parameter, kind: 'date', anyOf }
    }
    case 'number': {
      const anyOf = all(values, parseWantedNumber)
      return anyOf && { parameter, kind: 'number', anyOf }
    }
    case 'quantity': {
      const anyOf = all(values, parseWantedQuantity)
      return anyOf && { parameter, kind: 'quantity', anyOf }
    }
  }
}

/** The values of a parameter of a URL, still escaped, or why it cannot be used with its modifier or with so many. */
export const valuesOf = (
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
): readonly string[] | Refusal => {
  const name = modifier === undefined ? parameter.code : `${parameter.code}:${modifier}`
  if (modifier !== undefined && !accepts(parameter, modifier)) {
    const known = modifiersOf(parameter).map((one) => `:${one}`)
    const usable = known.length ? `with ${known.join(' ')} or without a modifier` : 'without a modifier only'
    return refusal(`The modifier of ${name} is not supported; ${parameter.code} can be used ${usable}.`)
  }
  const values = splitUnescaped(value, ',')
  return values.length > MOST_VALUES
    ? refusal(`${name} has more than ${MOST_VALUES} values; search in several steps.`, 'too-costly')
    : values
}

/** The clause that a parameter of a URL stands for, or why there is none. */
export const parseCriterion = (
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
  understanding: Understanding,
): Clause | Refusal => {
  const name = modifier === undefined ? parameter.code : `${parameter.code}:${modifier}`
  const values = valuesOf(parameter, modifier, value)
  if (isRefusal(values)) return values
  if (modifier === 'missing') {
    if (value === 'true' || value === 'false') return { parameter, kind: 'missing', missing: value === 'true' }
    return { refused: `${name} takes true or false.`, code: 'invalid' }
  }
  const clause = valueClause(parameter, modifier, [...values], understanding)
  if (clause) return clause
  const form =
    modifier === 'of-type' ? 'system|code|value' : modifier === 'identifier' ? FORMS.token : FORMS[parameter.type]
  return { refused: `A value of ${name} is not understood; it takes ${form}.`, code: 'invalid' }
}
