import { nestingOf, placeOfSyntaxError } from '../http/json-syntax.ts'
import { isUnicode, parseJson } from '../json.ts'
import { fail } from '../outcome.ts'

const DEEPEST = 64

/** An escape of half of a surrogate pair, alone or with the other half. */
const SURROGATE = /\\u[dD][89a-fA-F]/

/**
 * JSON that a client has sent, parsed: a body, or what a header or a Binary holds.
 * @param place what it is in words, as a sentence begins with it
 * @throws FhirError malformed (400) when it is not JSON, is nested more than 64 deep, or holds half of a surrogate pair, which is no character
 */
export const submittedJson = (text: string, place: string, expression?: string): unknown => {
  // Before parsing, which goes as deep as the text does.
  if (nestingOf(text) > DEEPEST)
    throw fail('malformed', `${place} is nested more than ${DEEPEST} deep; no resource needs that.`, expression)
  const value = parsed(text, place, expression)
  if (SURROGATE.test(text) && !isUnicode(value))
    throw fail(
      'malformed',
      `${place} has half of a surrogate pair (such as \\ud800) in it, which is no character.`,
      expression,
    )
  return value
}

const parsed = (text: string, place: string, expression: string | undefined): unknown => {
  try {
    return parseJson(text)
  } catch {
    const { line, column } = placeOfSyntaxError(text)
    throw fail('malformed', `${place} is not JSON: look at line ${line}, column ${column}.`, expression)
  }
}
