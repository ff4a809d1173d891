import type { Resource } from '../../../lib/fhir.ts'
import { matches } from '../../../lib/search/match.ts'
import { type ParsedSearch, parseSearch, type QueryParameter } from '../../../lib/search/parse.ts'
import { searchParameters } from '../../../lib/search/search-parameters.ts'
import { zoneOf } from '../../../lib/search/zone.ts'
import { declarations } from './sample-declarations.ts'

export const TIME_ZONE = 'America/Chicago'
export const NOW = '2026-11-25T12:00:00.000Z'
export const BASE_URL = 'https://care.example.org/fhir'

const zone = zoneOf(TIME_ZONE)

/** `a=b&c=d`, nothing decoded. */
export const queryOf = (text: string): QueryParameter[] =>
  text
    .split('&')
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)

export const parse = (type: string, query: string, handling: 'strict' | 'lenient' = 'strict'): ParsedSearch =>
  parseSearch(queryOf(query), {
    type,
    handling,
    parameters: searchParameters(declarations.get(type)!),
    served: (other) => (declarations.has(other) ? searchParameters(declarations.get(other)!) : undefined),
    zone,
    now: Date.parse(NOW),
    baseUrl: BASE_URL,
  })

/** Whether a resource, the only one there is, is found. */
export const finds = (query: string, resource: Resource): boolean =>
  parse(resource.resourceType, query).clauses.every((clause) => matches(clause, resource, { zone, baseUrl: BASE_URL }))
