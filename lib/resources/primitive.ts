import * as z from 'zod/mini'
import { numberOf } from '../json.ts'
import type { Problem } from '../outcome.ts'
import { shownCodes } from './restrictions.ts'

/** A check of one JSON value or element. */
export type Schema = z.ZodMiniType<unknown>

/** What is wrong at a place: the text goes on from the place's name, e.g. `is required`. */
export interface Fault {
  code: NonNullable<Problem['code']>
  text: string
}

/** Puts a fault of our own among zod's issues. */
export const report = (payload: z.core.ParsePayload, fault: Fault, path: PropertyKey[] = []): void => {
  payload.issues.push({ code: 'custom', input: payload.value, path, params: fault, continue: true })
}

const primitives = new WeakSet<Schema>()

/** True for what is a plain JSON value, so that it may have a sibling with `_` for its id and extensions. */
export const isPrimitive = (schema: Schema): boolean => primitives.has(schema)

const primitive = (check: (value: unknown) => Fault | undefined): Schema => {
  const schema = z.unknown().check((payload) => {
    const fault = check(payload.value)
    if (fault) report(payload, fault)
  })
  primitives.add(schema)
  return schema
}

/** The same check for what is an attribute in XML: it has neither id nor extensions. */
const attribute = (schema: Schema): Schema => z.lazy(() => schema)

const wrongJson = (kind: string): Fault => ({ code: 'structure', text: `must be a JSON ${kind}` })

const text = (accepts: (value: string) => boolean, rule: string): Schema => {
  const wrongKind = wrongJson('string')
  const wrongValue: Fault = { code: 'value', text: rule }
  return primitive((value) => (typeof value !== 'string' ? wrongKind : accepts(value) ? undefined : wrongValue))
}

const matching = (pattern: RegExp, rule: string): Schema => text((value) => pattern.test(value), rule)

const number = (accepts: (value: number) => boolean, rule: string): Schema => {
  const wrongKind = wrongJson('number')
  const wrongValue: Fault = { code: 'value', text: rule }
  return primitive((value) => {
    const read = numberOf(value)
    if (read === undefined) return wrongKind
    // A whole number is read as a plain number: one that had to be kept as text was written like `1.0` or `1e3`.
    return accepts(read) && (typeof value === 'number' || accepts === anyNumber) ? undefined : wrongValue
  })
}
const anyNumber = (value: number): boolean => !Number.isNaN(value)

/** A code of a value set that the specification binds as required. */
export const oneOf = (codes: readonly string[]): Schema => {
  const known = new Set<unknown>(codes)
  const fault: Fault = { code: 'code-invalid', text: `is not one of ${shownCodes(codes)}` }
  const wrongKind = wrongJson('string')
  return primitive((value) => (known.has(value) ? undefined : typeof value === 'string' ? fault : wrongKind))
}

const YEAR = String.raw`(?:\d(?:\d(?:\d[1-9]|[1-9]0)|[1-9]00)|[1-9]000)`
const MONTH = '(?:0[1-9]|1[0-2])'
const DAY = String.raw`(?:0[1-9]|[12]\d|3[01])`
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?`
const OFFSET = String.raw`(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))`

const DATE = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY})?)?$`)
const DATE_TIME = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${OFFSET})?)?)?$`)
const INSTANT = new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${OFFSET}$`)

const SHORTEST_MONTH = 28

/** The patterns let 30 February through; the specification does not. */
const isDayOfItsMonth = (value: string): boolean => {
  const day = Number(value.slice(8, 10))
  if (day <= SHORTEST_MONTH) return true
  return day <= new Date(Date.UTC(Number(value.slice(0, 4)), Number(value.slice(5, 7)), 0)).getUTCDate()
}

const dated = (pattern: RegExp, rule: string): Schema =>
  text((value) => pattern.test(value) && isDayOfItsMonth(value), rule)

const MEGABYTE = 1024 * 1024

/** A whole number of 32 bits. */
const isInteger = (value: number): boolean => (value | 0) === value

const notEmpty = (value: string): boolean => value.length > 0 && value.length <= MEGABYTE && !CONTROL.test(value)
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what a FHIR string may not hold
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/

const ACTIVE_CONTENT =
  /<\s*(?:script|style|object|applet|i?frame|frameset|embed|form|input|link|meta|base)\b|<(?:\w+\/|[^<>]*[\s"'])on\w+\s*=|javascript:/i

/** Groups of four characters, with white space anywhere. */
const isBase64 = (value: string): boolean => {
  const packed = /\s/.test(value) ? value.replaceAll(/\s/g, '') : value
  return packed.length > 0 && packed.length % 4 === 0 && /^[0-9A-Za-z+/]+={0,2}$/.test(packed)
}

const NOT_URI = 'is not a URI: it must not be empty or hold spaces, and be whole after urn:oid: or urn:uuid:'
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Of the schemes of URIs only those are looked into that FHIR has datatypes for. */
const isUri = (value: string): boolean => {
  if (!/^\S+$/.test(value) || CONTROL.test(value)) return false
  if (value.startsWith('urn:oid:')) return OID.test(value)
  return !value.startsWith('urn:uuid:') || UUID.test(value.toLowerCase())
}

/** A URI, and the version that may follow it. */
const isCanonical = (value: string): boolean => /^\S+$/.test(value) && isUri(value.split('|')[0]!)

const isDiv = (value: string): boolean => /^\s*<div[\s>]/.test(value) && value.trimEnd().endsWith('</div>')
/** Text outside of tags, or an image. */
const SHOWN = />[^<]*[^<\s]|<img\s/

/** https://hl7.org/fhir/R4/datatypes.html#primitive: the checks of the primitive datatypes, by name. */
export const base64Binary = text(isBase64, 'is not base64')
export const boolean = primitive((value) => (typeof value === 'boolean' ? undefined : wrongJson('boolean')))
export const canonical = text(isCanonical, 'is not a canonical URL: it must not be empty or hold spaces')
export const code = matching(/^\S+(?:\s\S+)*$/, 'is not a code: no spaces at its ends, and single ones within')
export const date = dated(DATE, 'is not a date: use YYYY, YYYY-MM or YYYY-MM-DD')
export const dateTime = dated(
  DATE_TIME,
  'is not a dateTime: use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or an offset such as -05:00',
)
export const decimal = number(anyNumber, 'is not a decimal')
export const id = matching(/^[A-Za-z0-9\-.]{1,64}$/, 'is not an id: 1 to 64 of A-Z, a-z, 0-9, - and .')
export const instant = dated(INSTANT, 'is not an instant: use YYYY-MM-DDThh:mm:ss with Z or an offset such as -05:00')
export const integer = number(isInteger, 'is not a whole number of 32 bits')
export const markdown = text(notEmpty, 'must not be empty, hold control characters or exceed 1 MB')
export const oid = matching(OID, 'is not an oid: use urn:oid:1.2.3')
export const positiveInt = number((value) => isInteger(value) && value > 0, 'is not a whole number above zero')
export const string = text(notEmpty, 'must not be empty, hold control characters or exceed 1 MB')
export const time = matching(new RegExp(`^${TIME}$`), 'is not a time: use hh:mm:ss')
export const unsignedInt = number((value) => isInteger(value) && value >= 0, 'is not a whole number of zero or more')
export const uri = text(isUri, NOT_URI)
export const url = text(isUri, 'is not a URL: it must not be empty or hold spaces')
export const uuid = matching(UUID, 'is not a UUID in lower case with urn:uuid: before it')

/** `Element.id` */
export const elementId = attribute(string)
/** `Resource.id` */
export const resourceId = attribute(id)
/** `Extension.url` */
export const extensionUrl = attribute(uri)
/** `Narrative.div` https://hl7.org/fhir/R4/narrative.html#xhtml */
export const xhtml = attribute(
  text(
    (value) => isDiv(value) && SHOWN.test(value) && !ACTIVE_CONTENT.test(value),
    'must be a <div> of XHTML that is not empty, without scripts, forms or other active content',
  ),
)
