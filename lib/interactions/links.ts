import type { BundleLink } from 'fhir/r4'
import { referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import type { Parameter } from './interaction.ts'

/** `https://host/fhir/Task?status=ready`; an empty path is the base itself */
export const searchUrl = (base: string, path: string, parameters: readonly Parameter[]): string => {
  const query = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  return `${base}${path && `/${path}`}${query && `?${query}`}`
}

/** The links of a page: itself, the first one, and the next one when there is one. https://hl7.org/fhir/R4/http.html#paging */
export const pageLinks = (
  base: string,
  path: string,
  applied: readonly Parameter[],
  page: { cursor?: string; next?: string },
): BundleLink[] => {
  const link = (relation: string, cursor?: string): BundleLink => ({
    relation,
    url: searchUrl(base, path, cursor === undefined ? applied : [...applied, ['_cursor', cursor]]),
  })
  return [
    link('self', page.cursor),
    ...(page.cursor === undefined ? [] : [link('first')]),
    ...(page.next === undefined ? [] : [link('next', page.next)]),
  ]
}

export const fullUrlOf = (base: string, { type, id }: Version): string => `${base}/${referenceTo(type, id)}`

/** `Task/123/_history/2` */
export const versionedReference = ({ type, id, v }: Version): string => `${referenceTo(type, id)}/_history/${v}`
