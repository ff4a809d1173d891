import { Temporal } from 'temporal-polyfill'
import type { Value } from './official-values.ts'

/**
 * What the specification says of each type of search parameter, in the plainest words and apart from lib/search, on the values that
 * the published expressions lead to. Where it leaves something open, {@link READINGS} says how it is read here.
 */
export const READINGS = {
  partialPeriod: '`ge` and `le` also find a period that ends or begins within the searched day, month or year',
  tokenText: ':text finds the words anywhere in the text, not at its beginning only',
  caseOfCodes:
    'codes of code systems are compared without regard to case, identifiers and FHIR codes with regard to it',
  familyParts: 'each part of a family name of several words is found as the beginning of a name',
} as const

const PREFIX = /^(eq|ne|lt|gt|le|ge|sa|eb)(?=.)/
const prefixed = (text: string): [prefix: string, rest: string] => {
  const prefix = PREFIX.exec(text)?.[1] ?? ''
  return [prefix || 'eq', text.slice(prefix.length)]
}

interface Span {
  low: number
  high: number
}

/** Milliseconds, both inclusive. */
const spanOf = (text: string, timeZone: string): Span => {
  const startOf = (date: Temporal.PlainDate): number => date.toZonedDateTime({ timeZone }).toInstant().epochMilliseconds
  const [date = '', time] = text.split('T')
  const [year, month, day] = date.split('-')
  if (time === undefined) {
    const first = Temporal.PlainDate.from({ year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) })
    const next = first.add(day ? { days: 1 } : month ? { months: 1 } : { years: 1 })
    return { low: startOf(first), high: startOf(next) - 1 }
  }
  const [, clock = '', fraction, offset] = /^([\d:]+)(?:\.(\d+))?(.*)$/.exec(time)!
  const full = `${date}T${clock.length === 5 ? `${clock}:00` : clock}${fraction ? `.${fraction.slice(0, 3)}` : ''}`
  const low = offset
    ? Temporal.Instant.from(full + offset).epochMilliseconds
    : Temporal.PlainDateTime.from(full).toZonedDateTime(timeZone).epochMilliseconds
  const width = clock.length === 5 ? 60_000 : fraction ? Math.max(1, 10 ** (3 - fraction.length)) : 1000
  return { low, high: low + width - 1 }
}

type Json = Record<string, unknown>

/** What a date, time, period or timing stands for; undefined: nothing. */
export const spanOfValue = ({ datatype, element }: Value, timeZone: string): Span | undefined => {
  if (typeof element === 'string') return spanOf(element, timeZone)
  const { start, end, event, repeat } = element as Json
  if (datatype === 'Timing') {
    const spans = ((event as string[]) ?? []).map((one) => spanOf(one, timeZone))
    const bounds = (repeat as Json | undefined)?.boundsPeriod
    if (bounds) spans.push(spanOfValue({ datatype: 'Period', element: bounds }, timeZone)!)
    if (!spans.length) return undefined
    return { low: Math.min(...spans.map(({ low }) => low)), high: Math.max(...spans.map(({ high }) => high)) }
  }
  if (!start && !end) return undefined
  return {
    low: start ? spanOf(start as string, timeZone).low : -Infinity,
    high: end ? spanOf(end as string, timeZone).high : Infinity,
  }
}

const matchesDate = (wanted: string, value: Value, timeZone: string): boolean => {
  const [prefix, text] = prefixed(wanted)
  const search = spanOf(text, timeZone)
  const target = spanOfValue(value, timeZone)
  if (!target) return false
  const isWithin = search.low <= target.low && target.high <= search.high
  switch (prefix) {
    case 'eq':
      return isWithin
    case 'ne':
      return !isWithin
    case 'lt':
      return target.low < search.low
    case 'gt':
      return target.high > search.high
    // READINGS.partialPeriod
    case 'le':
      return target.low <= search.high
    case 'ge':
      return target.high >= search.low
    case 'sa':
      return target.low > search.high
    default:
      return target.high < search.low
  }
}

interface Token {
  system?: string
  code?: string
  text?: string
  typed?: Token[]
  isExact?: boolean
}

const codings = (element: Json): Token[] =>
  ((element.coding as Json[] | undefined) ?? []).map(
    ({ system, code, display }) => ({ system, code, text: display }) as Token,
  )

export const tokensOf = ({ datatype, element }: Value): Token[] => {
  if (typeof element !== 'object' || element === null)
    return [
      {
        code: String(element),
        isExact: datatype !== 'string',
        ...(datatype === 'string' && { text: String(element) }),
      },
    ]
  const { system, code, value, display, type, text } = element as Json as Record<string, string>
  if (datatype === 'CodeableConcept') return [...codings(element as Json), ...(text ? [{ text }] : [])]
  if (datatype === 'Coding') return [{ system, code, text: display }]
  if (datatype === 'Identifier') {
    const concept = type as unknown as Json | undefined
    return [
      { system, code: value, isExact: true, text: concept?.text as string, typed: concept ? codings(concept) : [] },
    ]
  }
  return [{ code: value }]
}

/** Splits at a separator that no backslash escapes. */
export const parted = (text: string, separator: ',' | '$' | '|'): string[] =>
  text.split(new RegExp(`(?<!\\\\)[${separator}]`))
const plain = (text: string): string => text.replace(/\\(.)/g, '$1')
const pipes = (text: string): string[] => parted(text, '|').map(plain)

const sameCode = (wanted: string, { code, isExact }: Token): boolean =>
  // READINGS.caseOfCodes
  isExact ? code === wanted : code?.toLowerCase() === wanted.toLowerCase()

const matchesToken = (wanted: string, token: Token): boolean => {
  const [first = '', second] = pipes(wanted)
  if (second === undefined) return sameCode(first, token)
  if (first ? token.system !== first : token.system) return false
  return second === '' || sameCode(second, token)
}

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/['’`´ʼ]/g, '')
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim()

const TEXTS: Record<string, string[]> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

export const textsOf = ({ datatype, element }: Value): string[] =>
  typeof element === 'string'
    ? [element]
    : (TEXTS[datatype] ?? []).flatMap((name) => ((element as Json)[name] as string | string[] | undefined) ?? [])

/** The family names among the texts, the only ones of which a later word counts as a beginning. */
const familiesOf = ({ datatype, element }: Value, code: string): string[] =>
  datatype === 'HumanName'
    ? [(element as Json).family as string].filter(Boolean)
    : code === 'family'
      ? [element as string]
      : []

const matchesString = (wanted: string, form: string | undefined, value: Value, code: string): boolean => {
  if (form === 'exact') return textsOf(value).includes(plain(wanted))
  const text = bare(plain(wanted))
  if (form === 'contains') return textsOf(value).some((one) => bare(one).includes(text))
  // READINGS.familyParts
  const words = familiesOf(value, code).flatMap((family) => family.split(/[\s-]+/))
  return [...textsOf(value), ...words].some((one) => bare(one).startsWith(text))
}

export interface Reference {
  type?: string
  id?: string
  url?: string
}

export const referenceOf = ({ element }: Value): Reference => {
  if (typeof element === 'string') return { url: element }
  const { reference } = element as { reference?: string }
  if (!reference) return {}
  const [, type, id] = /^([A-Z]\w+)\/([A-Za-z0-9\-.]+)(?:\/_history\/.*)?$/.exec(reference) ?? []
  return type ? { type, id } : { url: reference }
}

const matchesReference = (wanted: string, modifier: string | undefined, value: Value): boolean => {
  if (modifier === 'identifier') {
    const { identifier } = value.element as { identifier?: Json }
    return (
      !!identifier && tokensOf({ datatype: 'Identifier', element: identifier }).some((one) => matchesToken(wanted, one))
    )
  }
  const { type, id, url } = referenceOf(value)
  const text = plain(wanted)
  if (value.datatype === 'canonical' || value.datatype === 'uri') {
    const [actual, version] = (url ?? '').split('|')
    const [wantedUrl, wantedVersion] = text.split('|')
    return actual === wantedUrl && (wantedVersion === undefined || wantedVersion === version)
  }
  if (modifier !== undefined) return type === modifier && text.split('/').at(-1) === id
  return text === id || text === `${type}/${id}` || text === url
}

interface Amount {
  low: number
  high: number
  units: Json
}

const halfOf = (text: string): number => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  return 0.5 * 10 ** (Number(exponent) - (mantissa.split('.')[1]?.length ?? 0))
}

/** As exact as it is written when `half` is asked for. */
const numbersOf = ({ datatype, element }: Value): Amount | undefined => {
  if (typeof element === 'number') return { low: element, high: element, units: {} }
  if (typeof element !== 'object' || element === null) return undefined
  const { low, high, value, comparator, currency, origin, lowerLimit, upperLimit, ...units } = element as Json
  if (datatype === 'Range') {
    if (!low && !high) return undefined
    return {
      low: ((low as Json)?.value as number) ?? -Infinity,
      high: ((high as Json)?.value as number) ?? Infinity,
      units: (low ?? high) as Json,
    }
  }
  if (typeof value !== 'number') return undefined
  const money = currency ? { system: 'urn:iso:std:iso:4217', code: currency } : units
  const sign = String(comparator ?? '')[0]
  return { low: sign === '<' ? -Infinity : value, high: sign === '>' ? Infinity : value, units: money }
}

const EPSILON = 1e-9

const matchesNumber = (wanted: string, value: Value): boolean => {
  const [text = '', system, code] = pipes(wanted)
  const [prefix, digits] = prefixed(text)
  const amount = numbersOf(value)
  if (!amount) return false
  const { low, high, units } = amount
  if (system && units.system !== system) return false
  if (code && units.code !== code && (system || units.unit !== code)) return false
  const number = Number(digits)
  const half = halfOf(digits)
  const isInteger = /Int|integer/.test(value.datatype)
  const precision = low === high && !isInteger ? halfOf(String(low)) : 0
  const isWithin = number - half <= low - precision + EPSILON && high + precision <= number + half + EPSILON
  switch (prefix) {
    case 'eq':
      return isWithin
    case 'ne':
      return !isWithin
    case 'lt':
      return low < number
    case 'gt':
      return high > number
    case 'le':
      return low <= number
    case 'ge':
      return high >= number
    case 'sa':
      return low > number
    default:
      return high < number
  }
}

const matchesUri = (wanted: string, form: string | undefined, { element }: Value): boolean => {
  const text = plain(wanted)
  const value = element as string
  if (form === undefined) return value === text || value.split('|')[0] === text
  const [inner, outer] = form === 'below' ? [value.split('|')[0]!, text] : [text, value.split('|')[0]!]
  return inner === outer || (/^\w+:\/\//.test(outer) && inner.startsWith(outer.replace(/\/?$/, '/')))
}

export interface NaiveCriterion {
  type: string
  code: string
  modifier?: string
  value: string
}

/** Whether one value meets one of the alternatives. */
export const meets = (
  { type, code, modifier, value: wanted }: NaiveCriterion,
  value: Value,
  timeZone: string,
): boolean =>
  parted(wanted, ',').some((one) => {
    switch (type) {
      case 'date':
        return matchesDate(one, value, timeZone)
      case 'string':
        return matchesString(one, modifier, value, code)
      case 'reference':
        return matchesReference(one, modifier, value)
      case 'uri':
        return matchesUri(one, modifier, value)
      case 'number':
      case 'quantity':
        return matchesNumber(one, value)
      default: {
        if (modifier === 'of-type') {
          const [system, kind, identifier] = pipes(one)
          return tokensOf(value).some(
            ({ code: known, typed = [] }) =>
              known === identifier && typed.some((token) => matchesToken(`${system}|${kind}`, token)),
          )
        }
        // READINGS.tokenText
        if (modifier === 'text')
          return tokensOf(value).some(({ text }) => text !== undefined && bare(text).includes(bare(plain(one))))
        return tokensOf(value).some((token) => matchesToken(one, token))
      }
    }
  })
