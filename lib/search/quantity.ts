import { splitUnescaped, unescaped } from './escape.ts'
import { matchesNumber, type NumberValue, numberValue, parseWantedNumber, type WantedNumber } from './number.ts'

/** An amount of a resource. */
export interface QuantityValue extends NumberValue {
  readonly system?: string
  readonly code?: string
  readonly unit?: string
}

export interface WantedQuantity {
  readonly number: WantedNumber
  /** undefined: in any system; '': likewise, and `code` may also be the unit as written for people */
  readonly system?: string
  readonly code?: string
}

const CURRENCIES = 'urn:iso:std:iso:4217'

interface Quantity {
  value?: unknown
  comparator?: string
  unit?: string
  system?: string
  code?: string
  currency?: string
}
interface Range {
  low?: Quantity
  high?: Quantity
}
interface SampledData {
  origin?: Quantity
  lowerLimit?: unknown
  upperLimit?: unknown
}

/** `< 5` stands for all below 5. */
const compared = (value: NumberValue, comparator: string | undefined): NumberValue => {
  if (comparator?.startsWith('<')) return { low: -Infinity, high: value.high, from: -Infinity, to: value.to }
  if (comparator?.startsWith('>')) return { low: value.low, high: Infinity, from: value.from, to: Infinity }
  return value
}

const single = ({ value, comparator, unit, system, code, currency }: Quantity): QuantityValue | undefined => {
  const number = numberValue(value, 'decimal')
  if (!number) return undefined
  const units = currency === undefined ? { system, code, unit } : { system: CURRENCIES, code: currency }
  return { ...compared(number, comparator), ...units }
}

const between = (low: Quantity | undefined, high: Quantity | undefined): QuantityValue | undefined => {
  const first = low && single(low)
  const last = high && single(high)
  if (!first && !last) return undefined
  const from = first?.from ?? -Infinity
  const to = last?.to ?? Infinity
  return { ...(first ?? last), low: from, high: to, from, to }
}

/** The amount an element of a quantity parameter stands for; undefined when it says none. */
export const quantityValue = (element: unknown, datatype: string): QuantityValue | undefined => {
  if (typeof element !== 'object' || element === null) return undefined
  if (datatype === 'Range') return between((element as Range).low, (element as Range).high)
  if (datatype === 'SampledData') {
    const { origin, lowerLimit, upperLimit } = element as SampledData
    if (lowerLimit === undefined || upperLimit === undefined) return undefined
    return between({ ...origin, value: lowerLimit }, { ...origin, value: upperLimit })
  }
  return single(element as Quantity)
}

/** `[prefix][number]|[system]|[code]`, or undefined when the text is not of this form. https://hl7.org/fhir/R4/search.html#quantity */
export const parseWantedQuantity = (text: string): WantedQuantity | undefined => {
  const [amount = '', ...units] = splitUnescaped(text, '|')
  const number = parseWantedNumber(amount)
  if (!number || units.length === 1 || units.length > 2) return undefined
  if (!units.length) return { number }
  const [system, code] = units.map(unescaped)
  return system === undefined || code === undefined ? undefined : { number, system, ...(code && { code }) }
}

const sameUnit = ({ system, code }: WantedQuantity, value: QuantityValue): boolean => {
  if (system && value.system !== system) return false
  if (code === undefined) return true
  return value.code === code || (!system && value.unit === code)
}

export const matchesQuantity = (wanted: WantedQuantity, value: QuantityValue): boolean =>
  sameUnit(wanted, value) && matchesNumber(wanted.number, value)
