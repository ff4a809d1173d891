import type { Meta } from 'fhir/r4'

/** Any FHIR R4 resource, as JSON. Where a type is known, cast to its interface of `fhir/r4`. */
export interface Resource {
  resourceType: string
  id?: string
  meta?: Meta
  [element: string]: unknown
}

/** A FHIR logical id: https://hl7.org/fhir/R4/datatypes.html#id */
export const ID = /^[A-Za-z0-9\-.]{1,64}$/

/** An instant, always UTC with milliseconds (`2026-11-25T05:59:59.000Z`): equal length, so text order is time order. */
export type Instant = string

/** The literal reference `Type/id`. */
export const referenceTo = (type: string, id: string): string => `${type}/${id}`

/** The id in a literal reference `Type/id`. */
export const idIn = (reference: string): string => reference.slice(reference.indexOf('/') + 1)
