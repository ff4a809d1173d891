import type { Bundle, BundleEntry } from 'fhir/r4'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { responseOf } from './bundle-response.ts'
import type { HistoryParameters } from './history-parameters.ts'
import type { InteractionRequest } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'

export interface HistoryPage {
  versions: readonly Version[]
  next?: string
  /** only where it is known */
  total?: number
}

/** The Bundle of a history; `path` is that of its URL below the base. https://hl7.org/fhir/R4/http.html#history */
export const historyBundle = (
  { baseUrl }: InteractionRequest,
  path: string,
  { applied, cursor }: HistoryParameters,
  { versions, next, total }: HistoryPage,
): Resource => {
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'history',
    ...(total !== undefined && { total }),
    link: pageLinks(baseUrl, path, applied, { cursor, next }),
    ...(versions.length && { entry: versions.map((version) => entryOf(version, baseUrl)) }),
  }
  return bundle as unknown as Resource
}

const entryOf = (version: Version, baseUrl: string): BundleEntry => {
  const { type, id, v, method, deleted } = version
  const status = deleted ? 204 : v === 1 ? 201 : 200
  return {
    fullUrl: fullUrlOf(baseUrl, version),
    ...(!deleted && { resource: version.content as unknown as NonNullable<BundleEntry['resource']> }),
    request: { method, url: method === 'POST' ? type : referenceTo(type, id) },
    response: responseOf({ status, version }),
  }
}
