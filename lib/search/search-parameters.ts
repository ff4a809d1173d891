import type { ResourceDeclaration } from '../resources/declaration.ts'
import { everyResource } from '../resources/every-resource.ts'
import { parseParameter, type SearchParameter } from './parameter.ts'

export type SearchParameters = ReadonlyMap<string, SearchParameter>

const parsed = new WeakMap<ResourceDeclaration, SearchParameters>()

/** All search parameters of a type by code, those of every resource (`_id`, `_lastUpdated`, …) included. Parsed once. */
export const searchParameters = (declaration: ResourceDeclaration): SearchParameters => {
  const known = parsed.get(declaration)
  if (known) return known
  const declared = Object.entries({ ...everyResource, ...declaration.search })
  const parameters = new Map(declared.map(([code, text]) => [code, parseParameter(code, text)] as const))
  parsed.set(declaration, parameters)
  return parameters
}
