import { type FhirError, fail } from '../outcome.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import type { ClauseOf } from './clause.ts'
import type { ParsedSearch, QueryParameter } from './parse.ts'
import { compartmentParameter } from './partitions.ts'

/** Where a search looks: one type or several, everywhere or in a patient's compartment. */
export interface Scope {
  type?: string
  patient?: string
}

const TYPE = '_type'

export const notServed = (type: string): FhirError =>
  fail('notFound', `${type} is not a type served here; see the CapabilityStatement at /metadata for those that are.`)

/** The `_type` of a search that is not of one type already: it is no criterion of any of them. */
export const namedTypes = ({ type }: Scope, query: readonly QueryParameter[]): [name: string, value: string][] =>
  type === undefined ? query.filter(([name]) => name === TYPE).map(([name, value]) => [name, value]) : []

/** What is meant by all types: those that are records of what happened have to be named. */
export const typesOfCare = (declarations: ReadonlyMap<string, ResourceDeclaration>): string[] =>
  [...declarations.values()]
    .filter(({ appendOnly }) => !appendOnly)
    .map(({ type }) => type)
    .sort()

/**
 * The types to search, and the parameters that are for each of them. https://hl7.org/fhir/R4/http.html#search
 * @throws FhirError for a type that is not served, or never is in a patient's compartment
 */
export const scopeOf = (
  scope: Scope,
  query: readonly QueryParameter[],
  declarations: ReadonlyMap<string, ResourceDeclaration>,
): { types: string[]; query: readonly QueryParameter[] } => {
  const isReached = (type: string): boolean =>
    scope.patient === undefined || !!declarations.get(type)?.compartment.length
  if (scope.type !== undefined) {
    if (declarations.has(scope.type) && !isReached(scope.type))
      throw fail('notFound', `No ${scope.type} is ever in the compartment of a Patient.`)
    return { types: [scope.type], query }
  }
  const named = namedTypes(scope, query)
  const types = named.length ? named.flatMap(([, value]) => value.split(',')) : typesOfCare(declarations)
  const unknown = types.find((type) => !declarations.has(type))
  if (unknown !== undefined)
    throw fail(
      'unsupportedParameter',
      `_type names ${unknown || 'nothing'}, which is not a type served here; served are ${[...declarations.keys()].sort().join(', ')}.`,
    )
  const reached = [...new Set(types)].filter(isReached)
  if (!reached.length) throw fail('notFound', `No ${types.join(', ')} is ever in the compartment of a Patient.`)
  return { types: reached, query: query.filter(([name]) => name !== TYPE) }
}

/** Reads a search for each type. What one of them does not know is left out of all of them: a lenient search is one search. */
export const parseTogether = (
  types: readonly string[],
  query: readonly QueryParameter[],
  parse: (type: string, query: readonly QueryParameter[]) => ParsedSearch,
): ParsedSearch[] => {
  const parsed = types.map((type) => parse(type, query))
  const ignored = [...new Set(parsed.flatMap((search) => search.ignored))]
  if (parsed.length < 2 || !ignored.length) return parsed
  const common = query.filter(([name]) => !ignored.includes(name))
  return types.map((type) => ({ ...parse(type, common), ignored }))
}

/** That a resource is in a patient's compartment. */
export const inCompartment = (
  declaration: ResourceDeclaration,
  id: string,
): ClauseOf<'reference'> & {
  parameter: ReturnType<typeof compartmentParameter>
} => ({
  parameter: compartmentParameter(declaration),
  kind: 'reference',
  below: false,
  anyOf: [{ text: `Patient/${id}`, type: 'Patient', id }],
})
