import { isObject } from '../json.ts'
import type { Fault, Schema } from './primitive.ts'
import type { Json } from './schema.ts'

/** What is wrong with a value where it stands, though it is right by its datatype, and at which of its members. */
export type Refusal = (value: Json) => { fault: Fault; at?: string } | undefined

/** A datatype of which not every value may stand in an element. */
export interface Restricted {
  schema: Schema
  refusal: Refusal
}

const LITERAL = /^([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/.+)?$|\?.)/
const DEFINITIONS = 'http://hl7.org/fhir/StructureDefinition/'

/** A Reference to some types only. */
export const targeting = (schema: Schema, types: readonly string[]): Restricted => {
  const fault = { code: 'value', text: `must refer to ${types.join(' or ')}` } as const
  const isOther = (type: string | undefined): boolean => type !== undefined && !types.includes(type)
  return {
    schema,
    refusal: (value) => {
      const { reference, type } = value
      if (typeof reference === 'string' && isOther(LITERAL.exec(reference)?.[1])) return { fault, at: 'reference' }
      if (typeof type === 'string' && isOther(type.replace(DEFINITIONS, ''))) return { fault, at: 'type' }
      return undefined
    },
  }
}

const COMPARED: Fault = { code: 'invariant', text: 'must not have a comparator (sqty-1)' }

/** A quantity that is exactly so much. https://hl7.org/fhir/R4/datatypes.html#SimpleQuantity */
export const simple = (schema: Schema): Restricted => ({
  schema,
  refusal: ({ comparator }) => (comparator === undefined ? undefined : { fault: COMPARED }),
})

/** Codes as a text for people, who do not read hundreds. */
export const shownCodes = (codes: readonly string[]): string => {
  const shown = codes.slice(0, 12).join(', ')
  return codes.length > 12 ? `${shown}, … (${codes.length} codes)` : shown
}

/** The codes of a value set, by their system. */
export type Codings = Readonly<Record<string, readonly string[]>>

/**
 * A CodeableConcept that is bound as required: one of its codings is from the value set, whatever else it holds; text alone is not enough.
 * https://hl7.org/fhir/R4/terminologies.html#required
 */
export const coded = (schema: Schema, codings: Codings): Restricted => {
  const shown = Object.entries(codings).map(([system, codes]) => `${system} (${shownCodes(codes)})`)
  const refused = { fault: { code: 'code-invalid', text: `must have a coding of ${shown.join(' or ')}` } } as const
  const isOne = (coding: unknown): boolean => {
    const { system, code } = isObject(coding) ? coding : {}
    return typeof system === 'string' && Object.hasOwn(codings, system) && codings[system]!.includes(code as string)
  }
  return {
    schema,
    refusal: (value) => {
      const { coding } = value
      return Array.isArray(coding) && coding.some(isOne) ? undefined : refused
    },
  }
}
