import { splitUnescaped, unescaped } from './escape.ts'

/** One code of a resource. */
export interface TokenValue {
  readonly system?: string
  readonly code?: string
  /** what people read: a display, the text of a concept, the text of an identifier's type */
  readonly text?: string
  /** for an identifier: the codes of its type */
  readonly types?: readonly TokenValue[]
  /** the code has a system, by the definition of its element, that is not written beside it */
  readonly impliedSystem?: boolean
  /** upper and lower case are the same */
  readonly anyCase?: boolean
}

export interface WantedToken {
  /** undefined: any; '': none */
  readonly system?: string
  /** undefined: any */
  readonly code?: string
}

export interface WantedIdentifier {
  readonly type: WantedToken
  readonly value: string
}

interface Coding {
  system?: string
  code?: string
  display?: string
}
interface CodeableConcept {
  coding?: Coding[]
  text?: string
}
interface Identifier {
  system?: string
  value?: string
  type?: CodeableConcept
}

// A code system that does not say otherwise is compared without regard to case: it is safer to find too much.
const codingToken = ({ system, code, display }: Coding): TokenValue => ({ system, code, text: display, anyCase: true })

const conceptTokens = ({ coding, text }: CodeableConcept): TokenValue[] => {
  const tokens = (coding ?? []).map(codingToken)
  if (text !== undefined) tokens.push({ text })
  return tokens
}

/** The value of an identifier keeps its case: https://hl7.org/fhir/R4/datatypes.html#Identifier */
export const identifierToken = ({ system, value, type }: Identifier): TokenValue => ({
  system,
  code: value,
  text: type?.text,
  types: type ? conceptTokens(type) : [],
})

interface Deceased {
  deceasedBoolean?: boolean
  deceasedDateTime?: string
}

const READERS: Readonly<Record<string, (element: never) => TokenValue[]>> = {
  CodeableConcept: conceptTokens,
  Coding: (coding: Coding) => [codingToken(coding)],
  Identifier: (identifier: Identifier) => [identifierToken(identifier)],
  ContactPoint: ({ value }: { value?: string }) => [{ code: value, anyCase: true }],
  code: (code: string) => [{ code, impliedSystem: true }],
  boolean: (value: boolean) => [{ code: String(value), impliedSystem: true }],
  string: (code: string) => [{ code, text: code, anyCase: true }],
  deceased: ({ deceasedBoolean, deceasedDateTime }: Deceased) => [
    { code: String(deceasedBoolean === true || deceasedDateTime !== undefined), impliedSystem: true },
  ],
}

const literal = (code: unknown): TokenValue[] => [{ code: String(code) }]

/** The codes of an element of a token parameter. */
export const tokensOf = (element: unknown, datatype: string): TokenValue[] =>
  (READERS[datatype] ?? literal)(element as never)

/** `code`, `|code`, `system|`, `system|code`; undefined for none of these. https://hl7.org/fhir/R4/search.html#token */
export const parseWantedToken = (text: string): WantedToken | undefined => {
  const parts = splitUnescaped(text, '|').map(unescaped)
  const [first, second] = parts
  if (parts.length > 2 || first === undefined) return undefined
  if (parts.length === 1) return first ? { code: first } : undefined
  if (second === undefined || (!first && !second)) return undefined
  return { system: first, ...(second && { code: second }) }
}

/** `system|code|value`, all three of them. */
export const parseWantedIdentifier = (text: string): WantedIdentifier | undefined => {
  const [system, code, value, ...more] = splitUnescaped(text, '|').map(unescaped)
  return system && code && value && !more.length ? { type: { system, code }, value } : undefined
}

/** Where the systems of FHIR's own codes are; which one belongs to an element is the definition's business. */
const FHIR_SYSTEM = /^(?:http:\/\/hl7\.org\/fhir\/|http:\/\/terminology\.hl7\.org\/|urn:)/

const sameSystem = (wanted: string | undefined, { system, impliedSystem }: TokenValue): boolean => {
  if (wanted === undefined) return true
  if (wanted === '') return !system
  return system === wanted || (impliedSystem === true && FHIR_SYSTEM.test(wanted))
}

const sameCode = (wanted: string | undefined, { code, anyCase }: TokenValue): boolean => {
  if (wanted === undefined || code === wanted) return true
  return anyCase === true && code?.toLowerCase() === wanted.toLowerCase()
}

export const matchesToken = (wanted: WantedToken, value: TokenValue): boolean =>
  sameCode(wanted.code, value) && sameSystem(wanted.system, value)

export const matchesIdentifier = ({ type, value: wanted }: WantedIdentifier, value: TokenValue): boolean =>
  value.code === wanted && (value.types?.some((candidate) => matchesToken(type, candidate)) ?? false)
