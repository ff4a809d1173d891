import type { NamedQuery } from '../resources/declaration.ts'
import { isRefusal, parseCriterion, type Refusal, refusal } from './criterion.ts'
import { isDependent, type Through } from './dependent.ts'
import { type NamedOptions, parseNamed } from './named-criterion.ts'

/** The parameter that asks for one. https://hl7.org/fhir/R4/search.html#query */
export const QUERY = '_query'

type NamedQueries = Readonly<Record<string, NamedQuery>>

/** The query of this name. */
export const parseQuery = (name: string, type: string, queries: NamedQueries = {}): NamedQuery | Refusal => {
  const known = Object.keys(queries)
  return known.includes(name)
    ? queries[name]!
    : refusal(`${QUERY} names a query that ${type} does not have; it has ${known.join(', ') || 'none'}.`)
}

/** The criterion that a parameter of the query itself stands for. */
export const parseOwn = (
  name: string,
  value: string,
  { parameters }: NamedQuery,
  options: NamedOptions,
): Through | Refusal => {
  const { reference, through } = parameters[name]!
  if (!value) return refusal(`${name} has no value; give a reference such as Practitioner/123.`, 'invalid')
  const clause = parseCriterion(options.parameters.get(reference)!, undefined, value, options)
  if (isRefusal(clause)) return { ...clause, refused: `A value of ${name} is not understood; it takes Type/id.` }
  if (clause.kind !== 'reference') throw new Error(`${reference} of ${options.type} is not a reference`)
  const steps = through.flatMap(({ type, reference: code, criteria }) => {
    const parameters = options.served(type)
    const parameter = parameters?.get(code)
    return parameters && parameter
      ? [{ type, parameter, clauses: clausesOf(criteria, { ...options, type, parameters }) }]
      : []
  })
  return { kind: 'through', parameter: clause.parameter, anyOf: clause.anyOf, steps }
}

/** Criteria that a declaration names. @throws Error when they are not understood: a mistake in the program */
export const clausesOf = (criteria: NamedQuery['criteria'], options: NamedOptions) =>
  criteria.map(([name, value]) => {
    const criterion = parseNamed(name, value, options)
    if (isRefusal(criterion) || isDependent(criterion)) throw new Error(`not a criterion of ${options.type}: ${name}`)
    return criterion
  })
