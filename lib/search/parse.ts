import { FhirError, type Problem } from '../outcome.ts'
import type { NamedQuery } from '../resources/declaration.ts'
import type { Clause } from './clause.ts'
import { isRefusal, type Refusal, refusal } from './criterion.ts'
import { type Dependent, isDependent } from './dependent.ts'
import { type Include, isInclude, parseInclude } from './include.ts'
import { type NamedOptions, parseNamed } from './named-criterion.ts'
import { clausesOf, parseOwn, parseQuery, QUERY } from './named-query.ts'
import type { SearchParameter } from './parameter.ts'
import type { Restriction } from './restriction.ts'
import { defaultResult, type ResultParameters, resultParameters } from './result-parameters.ts'

export type QueryParameter = readonly [name: string, value: string]

export interface SortKey {
  parameter: SearchParameter
  descending: boolean
}

/** A search as understood. */
export interface ParsedSearch {
  type: string
  /** every one has to be met */
  clauses: Clause[]
  /** these too, once other resources have been looked at */
  dependents: Dependent[]
  /** and this, whatever was asked for */
  restriction?: Restriction
  includes: Include[]
  sort: SortKey[]
  result: ResultParameters
  /** what was understood, in the order given, `_cursor` excepted: the query of the self link */
  applied: [name: string, value: string][]
  /** names of what a lenient search left out */
  ignored: string[]
  /** criteria and order alone: equal for searches that give the same list */
  canonical: string
}

export interface ParseOptions extends NamedOptions {
  handling: 'strict' | 'lenient'
  /** what `_query` may name */
  queries?: Readonly<Record<string, NamedQuery>>
}

const parseSort = (value: string, { type, parameters }: ParseOptions): SortKey[] | Refusal => {
  const keys: SortKey[] = []
  for (const rule of value.split(',')) {
    const code = rule.replace(/^-/, '')
    const parameter = parameters.get(code)
    if (!parameter || parameter.type === 'composite') {
      const known = [...parameters.values()].filter((candidate) => candidate.type !== 'composite')
      return refusal(
        `_sort names a parameter that ${type} cannot be sorted by; known are ${known.map((one) => one.code).join(', ')}.`,
      )
    }
    keys.push({ parameter, descending: rule.startsWith('-') })
  }
  return keys
}

/** A search for what meets the clauses, and nothing else. */
export const searchFor = (type: string, clauses: Clause[]): ParsedSearch => ({
  type,
  clauses,
  dependents: [],
  includes: [],
  sort: [],
  result: defaultResult(),
  applied: [],
  ignored: [],
  canonical: '',
})

/**
 * Reads the parameters of a search. Strict: whatever is not understood is an error that names all of it, since a filter that is
 * silently left out shows other people's work. Lenient: it is left out and named in `ignored`.
 * @throws FhirError unsupportedParameter, when strict, and for a named query that cannot be understood
 */
export const parseSearch = (query: readonly QueryParameter[], options: ParseOptions): ParsedSearch => {
  const parsed = searchFor(options.type, [])
  const problems: Problem[] = []
  const criteria: string[] = []
  const seen = new Set<string>()
  const asked = query.find(([name]) => name === QUERY)?.[1]
  const named = asked === undefined ? undefined : parseQuery(asked, options.type, options.queries)
  const own = named && !isRefusal(named) ? named : undefined
  const isOwn = (name: string): boolean => own !== undefined && Object.hasOwn(own.parameters, name)
  let isLenient = options.handling === 'lenient'

  const understand = (name: string, value: string) => {
    if (name === '_sort') return parseSort(value, options)
    if (name === QUERY) return named!
    return own && isOwn(name) ? parseOwn(name, value, own, options) : parseNamed(name, value, options)
  }

  const refuse = (name: string, { refused, code }: Refusal): void => {
    // Nothing is left of a named query without what it is about.
    if (name === QUERY || isOwn(name)) isLenient = false
    parsed.ignored.push(name)
    problems.push({ text: refused, code })
  }

  for (const [name, value] of query) {
    const resultParameter = resultParameters.get(name)
    if ((resultParameter || name === '_sort' || name === QUERY || isOwn(name)) && seen.has(name)) {
      refuse(name, refusal(`${name} can be given once.`, 'invalid'))
      continue
    }
    seen.add(name)
    if (resultParameter) {
      const applied = resultParameter.apply(value, parsed.result)
      if (applied === undefined) refuse(name, refusal(`${name} takes ${resultParameter.takes}.`, 'invalid'))
      else if (name !== '_cursor') parsed.applied.push([name, applied])
      continue
    }
    if (isInclude(name)) {
      const include = parseInclude(name, value, options)
      if (isRefusal(include)) refuse(name, include)
      else {
        parsed.includes.push(include)
        parsed.applied.push([name, value])
      }
      continue
    }
    const understood = understand(name, value)
    if (isRefusal(understood)) {
      refuse(name, understood)
      continue
    }
    if (Array.isArray(understood)) parsed.sort = understood
    else if ('definition' in understood) parsed.clauses.push(...clausesOf(understood.criteria, options))
    else if (isDependent(understood)) parsed.dependents.push(understood)
    else parsed.clauses.push(understood)
    parsed.applied.push([name, value])
    criteria.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  }

  if (own) {
    for (const name of Object.keys(own.parameters))
      if (!seen.has(name)) refuse(QUERY, refusal(`${QUERY}=${asked} takes the parameter ${name}; give it.`, 'invalid'))
    if (!seen.has('_sort')) parsed.sort = parseSort(own.sort, options) as SortKey[]
  }

  // https://hl7.org/fhir/R4/search.html#summary
  if (parsed.includes.length && parsed.result.summary === 'text') {
    refuse('_summary', refusal('_summary=text cannot be combined with _include or _revinclude.', 'invalid'))
    delete parsed.result.summary
    parsed.applied = parsed.applied.filter(([name]) => name !== '_summary')
  }
  if (!isLenient && problems.length) throw new FhirError('unsupportedParameter', problems)
  parsed.canonical = criteria.sort().join('&')
  return parsed
}
