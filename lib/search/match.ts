import type { Clause, ClauseOf } from './clause.ts'
import { dateRangeOf, matchesDate } from './date.ts'
import { elementsAt } from './elements.ts'
import { matchesNumber, numberValue } from './number.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import { matchesQuantity, quantityValue } from './quantity.ts'
import { isVersionBelow, matchesReference, pointsTo, referenceOf } from './reference.ts'
import { folded, matchesString, stringsOf } from './string.ts'
import { matchesIdentifier, matchesToken, type TokenValue, tokensOf } from './token.ts'
import { matchesUri } from './uri.ts'
import type { Zone } from './zone.ts'

/** What it takes to read the values of a resource. */
export interface Reading {
  /** of dates and times without an offset */
  zone: Zone
  /** references below it are references to our own resources */
  baseUrl?: string
}

/** Whether some element of the parameter passes `test`. Stops at the first that does. */
const someElement = (
  { paths }: SearchParameter,
  base: unknown,
  test: (element: unknown, path: ElementPath) => boolean,
): boolean => paths.some((path) => elementsAt(base, path.steps).some((element) => test(element, path)))

const someToken = (parameter: SearchParameter, base: unknown, test: (token: TokenValue) => boolean): boolean =>
  someElement(parameter, base, (element, { datatype }) => tokensOf(element, datatype).some(test))

/** An element with extensions only, as `_status` beside `status`, is not at its path and so is missing. */
const isPresent = (parameter: SearchParameter, base: unknown, { baseUrl }: Reading): boolean =>
  someElement(parameter, base, (element, { datatype, only }) => {
    if (!only) return true
    const value = referenceOf(element, datatype, baseUrl)
    return value !== undefined && pointsTo(only, value)
  })

const isReferred = (clause: ClauseOf<'reference'>, base: unknown, { baseUrl }: Reading): boolean =>
  someElement(clause.parameter, base, (element, { datatype, only }) => {
    const value = referenceOf(element, datatype, baseUrl)
    if (!value || (only && !pointsTo(only, value))) return false
    return clause.anyOf.some((wanted) =>
      clause.below
        ? isVersionBelow(wanted, value)
        : matchesReference(wanted, value, datatype, clause.parameter.targets),
    )
  })

/**
 * Whether `base`, a resource or for a component of a composite an element, meets a clause. Pure.
 * https://hl7.org/fhir/R4/search.html
 */
export const matches = (clause: Clause, base: unknown, reading: Reading): boolean => {
  const { parameter } = clause
  switch (clause.kind) {
    case 'missing':
      return isPresent(parameter, base, reading) !== clause.missing
    case 'token':
      return (
        someToken(parameter, base, (token) => clause.anyOf.some((wanted) => matchesToken(wanted, token))) !== clause.not
      )
    case 'token-text':
      return someToken(parameter, base, ({ text }) => {
        const read = text === undefined ? undefined : folded(text)
        return read !== undefined && clause.anyOf.some((wanted) => read.includes(wanted))
      })
    case 'identifier-of-type':
      return someToken(parameter, base, (token) => clause.anyOf.some((wanted) => matchesIdentifier(wanted, token)))
    case 'date':
      return someElement(parameter, base, (element, { datatype }) => {
        const value = dateRangeOf(element, datatype, reading.zone)
        return value !== undefined && clause.anyOf.some((wanted) => matchesDate(wanted, value))
      })
    case 'string':
      return someElement(parameter, base, (element, { datatype, steps }) =>
        stringsOf(element, datatype, steps.at(-1)?.element).some((value) =>
          clause.anyOf.some((wanted) => matchesString(clause.form, wanted, value)),
        ),
      )
    case 'uri':
      return someElement(
        parameter,
        base,
        (element) =>
          typeof element === 'string' && clause.anyOf.some((wanted) => matchesUri(clause.form, wanted, element)),
      )
    case 'number':
      return someElement(parameter, base, (element, { datatype }) => {
        const value = numberValue(element, datatype)
        return value !== undefined && clause.anyOf.some((wanted) => matchesNumber(wanted, value))
      })
    case 'quantity':
      return someElement(parameter, base, (element, { datatype }) => {
        const value = quantityValue(element, datatype)
        return value !== undefined && clause.anyOf.some((wanted) => matchesQuantity(wanted, value))
      })
    case 'reference':
      return isReferred(clause, base, reading)
    case 'reference-identifier':
      return someElement(parameter, base, (element, { datatype, only }) => {
        const value = referenceOf(element, datatype, reading.baseUrl)
        const identifier = value?.identifier
        if (!identifier || (only && !pointsTo(only, value))) return false
        return clause.anyOf.some((wanted) => matchesToken(wanted, identifier))
      })
    case 'composite':
      return clause.bases.some(({ path, anyOf }) =>
        elementsAt(base, path.steps).some((element) =>
          anyOf.some((components) => components.every((component) => matches(component, element, reading))),
        ),
      )
  }
}
