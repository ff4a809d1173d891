import type { CodeSystem, ValueSet } from 'fhir/r4'
import { FhirError } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import type { Clause } from './clause.ts'
import { isRefusal, type Refusal, refusal, valuesOf } from './criterion.ts'
import type { InValueSet } from './dependent.ts'
import { unescaped } from './escape.ts'
import type { SearchParameter } from './parameter.ts'
import type { SearchParameters } from './search-parameters.ts'
import type { WantedToken } from './token.ts'
import { withoutVersion } from './uri.ts'
import { codesOf } from './value-set.ts'

type Modifier = 'in' | 'not-in'

/** Each candidate is compared with each of them. */
const MOST_CODES = 2_000

export const isInValueSet = (modifier: string | undefined): modifier is Modifier =>
  modifier === 'in' || modifier === 'not-in'

/** `code:in=http://…`: https://hl7.org/fhir/R4/search.html#modifiers */
export const parseInValueSet = (
  parameter: SearchParameter,
  modifier: Modifier,
  value: string,
): InValueSet | Refusal => {
  const values = valuesOf(parameter, modifier, value)
  if (isRefusal(values)) return values
  const anyOf = values.flatMap((one) => unescaped(one) || [])
  return anyOf.length < values.length
    ? refusal(
        `A value of ${parameter.code}:${modifier} is not understood; it takes the URL of a value set, or ValueSet/id.`,
        'invalid',
      )
    : { kind: 'in-value-set', parameter, not: modifier === 'not-in', anyOf }
}

export interface ValueSetSources {
  /** searches what is stored */
  found(type: string, clauses: Clause[]): Promise<Version[]>
  served(type: string): SearchParameters | undefined
  baseUrl?: string
}

const VALUE_SET = 'ValueSet'
const LITERAL = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/

/** Of several with one URL the active and then the latest counts, unless a version is named. */
export const best = <T extends ValueSet | CodeSystem>(
  candidates: readonly Version[],
  version: string | undefined,
): T | undefined =>
  candidates
    .toSorted((one, other) => (one.updated < other.updated ? 1 : -1))
    .map(({ content }) => content as unknown as T)
    .filter((one) => version === undefined || one.version === version)
    .toSorted((one, other) => Number(other.status === 'active') - Number(one.status === 'active'))[0]

const finderOf = ({ found, served, baseUrl }: ValueSetSources) => {
  const parameters = served(VALUE_SET)!
  return async (canonical: string): Promise<ValueSet | undefined> => {
    const local = baseUrl !== undefined && canonical.startsWith(`${baseUrl}/`)
    const id = LITERAL.exec(local ? canonical.slice(baseUrl.length + 1) : canonical)?.[1]
    if (id !== undefined) {
      const token: Clause = { parameter: parameters.get('_id')!, kind: 'token', not: false, anyOf: [{ code: id }] }
      return best<ValueSet>(await found(VALUE_SET, [token]), undefined)
    }
    const url = withoutVersion(canonical)
    const version = canonical.slice(url.length + 1) || undefined
    const uri: Clause = { parameter: parameters.get('url')!, kind: 'uri', form: 'exact', anyOf: [url] }
    const stored = best<ValueSet>(await found(VALUE_SET, [uri]), version)
    if (stored) return stored
    const { packagedValueSets } = await import('./packaged-value-sets.ts')
    return packagedValueSets.find((one) => one.url === url && (version === undefined || one.version === version))
  }
}

const refused = (code: 'not-found' | 'not-supported' | 'too-costly', text: string): FhirError =>
  new FhirError('unsupportedParameter', [{ code, text }])

/**
 * The codes that the value sets come to: those stored here, and those that come with the service.
 * @throws FhirError unsupportedParameter (400) for a value set that is not here or whose codes cannot be told
 */
export const clauseInValueSet = async (
  { parameter, not, anyOf: canonicals }: InValueSet,
  sources: ValueSetSources,
): Promise<Clause> => {
  const name = `${parameter.code}:${not ? 'not-in' : 'in'}`
  const find = finderOf(sources)
  const anyOf: WantedToken[] = []
  for (const canonical of canonicals) {
    const valueSet = await find(canonical)
    if (!valueSet)
      throw refused(
        'not-found',
        `The value set of ${name} is not known here; PUT it as a ValueSet, and name it by its url or as ValueSet/id.`,
      )
    const codes = await codesOf(valueSet, find)
    if (!codes)
      throw refused(
        'not-supported',
        `The value set of ${name} cannot be expanded here: it filters a code system, leaves codes out of a whole one, or includes value sets ` +
          'that are not here. Store it with the codes listed in compose.include.concept, or with its expansion.',
      )
    anyOf.push(...codes)
  }
  if (anyOf.length > MOST_CODES)
    throw refused('too-costly', `The value set of ${name} has more than ${MOST_CODES} codes; search by a smaller one.`)
  return { parameter, kind: 'token', not, anyOf }
}
