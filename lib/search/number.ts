import { numberOf } from '../json.ts'
import { type Prefix, splitPrefix } from './prefix.ts'

/**
 * A number of a resource. `low` to `high` is what its written precision implies (2.0 stands for 1.95 to 2.05), `from` to `to` is what
 * it says exactly: one point, unless it is a Range. https://hl7.org/fhir/R4/search.html#number
 */
export interface NumberValue {
  readonly low: number
  readonly high: number
  readonly from: number
  readonly to: number
}

export interface WantedNumber {
  readonly prefix: Prefix
  /** exactly as written */
  readonly value: number
  /** implied by the digits written */
  readonly low: number
  readonly high: number
}

const NUMBER = /^[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** Half a unit of the last digit written. */
const halfUnit = (decimals: string | undefined, exponent: string | undefined): number =>
  Number(`5e${Number(exponent ?? 0) - (decimals?.length ?? 0) - 1}`)

const INTEGERS = new Set(['integer', 'positiveInt', 'unsignedInt'])

/** The value of a number element, or undefined when it is none. An integer is exact; a decimal is as precise as it is written. */
export const numberValue = (element: unknown, datatype: string): NumberValue | undefined => {
  const value = numberOf(element)
  if (value === undefined) return undefined
  const written = JSON.isRawJSON(element) ? element.rawJSON : String(value)
  const [, decimals, exponent] = NUMBER.exec(written) ?? []
  const half = INTEGERS.has(datatype) ? 0 : halfUnit(decimals, exponent)
  return { low: value - half, high: value + half, from: value, to: value }
}

/** A value of a number parameter in a search, or undefined when it is none. */
export const parseWantedNumber = (text: string): WantedNumber | undefined => {
  const { prefix, rest } = splitPrefix(text)
  const [, decimals, exponent] = NUMBER.exec(rest) ?? []
  const value = Number(rest)
  if (!NUMBER.test(rest) || !Number.isFinite(value)) return undefined
  if (prefix === 'ap') {
    const tenth = Math.abs(value) / 10
    return { prefix, value, low: value - tenth, high: value + tenth }
  }
  // The specification's own example of one significant digit: 1e2 is 95 to 105, as if it were 1.0e2.
  const digits = exponent !== undefined && decimals === undefined ? '0' : decimals
  const half = halfUnit(digits, exponent)
  return { prefix, value, low: value - half, high: value + half }
}

/** The precision of a number counts for `eq`, `ne` and `ap` only: https://hl7.org/fhir/R4/search.html#number */
export const matchesNumber = (wanted: WantedNumber, value: NumberValue): boolean => {
  switch (wanted.prefix) {
    case 'eq':
      return wanted.low <= value.low && value.high <= wanted.high
    case 'ne':
      return !(wanted.low <= value.low && value.high <= wanted.high)
    case 'gt':
      return value.to > wanted.value
    case 'lt':
      return value.from < wanted.value
    case 'ge':
      return value.to >= wanted.value
    case 'le':
      return value.from <= wanted.value
    case 'sa':
      return value.from > wanted.value
    case 'eb':
      return value.to < wanted.value
    case 'ap':
      return value.from <= wanted.high && wanted.low <= value.to
  }
}
