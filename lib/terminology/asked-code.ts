import type { Coding } from 'fhir/r4'
import type { OperationParameters } from '../interactions/operation-parameters.ts'
import { isObject } from '../json.ts'
import { fail } from '../outcome.ts'
import { textOf } from './named-definition.ts'

const stringIn = (given: Record<string, unknown>, name: string): string | undefined => {
  const value = given[name]
  if (value === undefined || typeof value === 'string') return value
  throw fail('invalid', `${name} of a coding takes a string.`, 'Parameters.parameter')
}

const codingIn = (given: unknown): Coding => {
  if (!isObject(given)) throw fail('invalid', 'coding takes a Coding.', 'Parameters.parameter')
  const [system, version, code, display] = ['system', 'version', 'code', 'display'].map((name) => stringIn(given, name))
  return { system, version, code, display }
}

/**
 * The codes asked about: `coding`, those of `codeableConcept`, or `code` with `system` and `display`.
 * @throws FhirError invalid (400) unless it is one of these
 */
export const askedCodes = (parameters: OperationParameters): readonly Coding[] => {
  const [code, system, display] = ['code', 'system', 'display'].map((name) => textOf(parameters, name))
  const coding = parameters.element('coding')
  const concept = parameters.element('codeableConcept')
  if ([code, coding, concept].filter((one) => one !== undefined).length !== 1)
    throw fail('invalid', 'Ask about one of code (with its system), coding and codeableConcept.')
  if (code !== undefined) return [{ system, version: textOf(parameters, 'systemVersion'), code, display }]
  if (coding !== undefined) return [codingIn(coding)]
  const { coding: codings = [] } = isObject(concept) ? concept : {}
  if (!isObject(concept) || !Array.isArray(codings))
    throw fail('invalid', 'codeableConcept takes a CodeableConcept.', 'Parameters.parameter')
  return codings.map(codingIn)
}
