import { ID } from '../fhir.ts'
import { unescaped } from './escape.ts'
import { identifierToken, type TokenValue } from './token.ts'

/** What a Reference or a canonical of a resource points at. */
export interface ReferenceValue {
  readonly type?: string
  readonly id?: string
  /** of an absolute reference: all but a version; of a canonical: all but `|version` */
  readonly url?: string
  /** the FHIR version of a literal reference, the business version of a canonical */
  readonly version?: string
  readonly identifier?: TokenValue
}

/** A value of a reference parameter in a search. */
export interface WantedReference {
  /** as written, less the version: how a canonical is compared */
  readonly text: string
  readonly type?: string
  readonly id?: string
  readonly url?: string
  readonly version?: string
}

const RESTFUL = /^(?:(.+)\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/

const localTo = (baseUrl: string | undefined, text: string): string =>
  baseUrl && text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text

/** A literal reference; one below `baseUrl` becomes relative. Undefined for a contained resource, which no search reaches. */
export const parseLiteral = (reference: string, baseUrl?: string): ReferenceValue | undefined => {
  if (reference.startsWith('#')) return undefined
  const [, base, type, id, version] = RESTFUL.exec(localTo(baseUrl, reference)) ?? []
  if (type === undefined) return { url: reference }
  return { type, id, version, ...(base && { url: `${base}/${type}/${id}` }) }
}

const parseCanonical = (text: string): ReferenceValue => {
  const bar = text.lastIndexOf('|')
  return bar < 0 ? { url: text } : { url: text.slice(0, bar), version: text.slice(bar + 1) }
}

interface Reference {
  reference?: string
  type?: string
  identifier?: { system?: string; value?: string }
}

export const isLiteral = (datatype: string): boolean => datatype === 'Reference'

/** What an element of a reference parameter points at; undefined when it says nothing that can be searched. */
export const referenceOf = (element: unknown, datatype: string, baseUrl?: string): ReferenceValue | undefined => {
  if (typeof element === 'string') return isLiteral(datatype) ? undefined : parseCanonical(element)
  if (typeof element !== 'object' || element === null) return undefined
  const { reference, type, identifier } = element as Reference
  const literal = typeof reference === 'string' ? parseLiteral(reference, baseUrl) : undefined
  if (!literal && !identifier) return undefined
  return { type, ...literal, ...(identifier && { identifier: identifierToken(identifier) }) }
}

/**
 * Whether a reference is to `type`. One that has no literal and names no type may be: it counts, so that a patient known only by an
 * identifier is found by `patient:identifier`.
 */
export const pointsTo = (type: string, { type: actual, url }: ReferenceValue): boolean =>
  actual === undefined ? url === undefined : actual === type

/**
 * `id`, `Type/id`, an absolute URL or a canonical `url|version`; `only` is the type a modifier names. Undefined when the text is none.
 * https://hl7.org/fhir/R4/search.html#reference
 */
export const parseWantedReference = (value: string, only?: string, baseUrl?: string): WantedReference | undefined => {
  const text = unescaped(value)
  if (!text || /\s/.test(text)) return undefined
  const local = localTo(baseUrl, text)
  if (ID.test(local)) return { text, id: local, ...(only && { type: only }) }
  const literal = parseLiteral(local)
  if (!literal || (only && literal.type !== only)) return undefined
  if (literal.type) return { text, ...literal }
  const { url = text, version } = parseCanonical(text)
  return { text: url, url, version }
}

const sameVersion = (wanted: string | undefined, version: string | undefined): boolean =>
  wanted === undefined || wanted === version

/** @param targets the types the parameter may point at; a bare id means any of them */
export const matchesReference = (
  wanted: WantedReference,
  value: ReferenceValue,
  datatype: string,
  targets: readonly string[],
): boolean => {
  if (!sameVersion(wanted.version, value.version)) return false
  if (!isLiteral(datatype)) return value.url === wanted.text
  if (value.url !== undefined || wanted.url !== undefined) return value.url === wanted.url
  if (value.id === undefined || value.id !== wanted.id) return false
  return wanted.type ? value.type === wanted.type : !targets.length || targets.includes(value.type!)
}

/** `:below` on a canonical: the version wanted is the beginning of the version there is. */
export const isVersionBelow = (wanted: WantedReference, value: ReferenceValue): boolean =>
  value.url === wanted.text &&
  (wanted.version === undefined ||
    value.version === wanted.version ||
    (value.version?.startsWith(`${wanted.version}.`) ?? false))
