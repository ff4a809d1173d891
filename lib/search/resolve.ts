import { FhirError } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { gatherFew, type Run } from './candidates.ts'
import type { Clause } from './clause.ts'
import {
  type Chain,
  type Criterion,
  type Dependent,
  type Has,
  type InValueSet,
  isDependent,
  type Target,
  type Through,
} from './dependent.ts'
import { elementsAt } from './elements.ts'
import { clauseInValueSet } from './in-value-set.ts'
import { isLiteral, pointsTo, referenceOf, type WantedReference } from './reference.ts'
import type { SearchParameters } from './search-parameters.ts'

/** What a search can begin further searches with. */
export interface Searching {
  /** A search for what meets the clauses, ready to be run. `freely`: whatever the caller may see, since the caller is not told of it. */
  runOf(type: string, clauses: Clause[], freely?: boolean): Run
  served(type: string): SearchParameters | undefined
  /** of what references lead to, what the caller may see */
  shown(versions: readonly Version[]): Promise<readonly Version[]>
  /** all that are served */
  types: readonly string[]
  baseUrl?: string
}

export interface Resolver {
  /** @throws FhirError too-costly when a step finds too much, or there are too many steps */
  clauses(dependents: readonly Dependent[]): Promise<Clause[]>
  /** looked at so far */
  readonly rows: number
}

/** Resources that a step of a chain may find. */
const MOST_FOUND = 1_000
/** Searches that one search may begin: a chain through references to many types begins one for each of them. */
const MOST_SEARCHES = 40

const tooManySearches = (): FhirError =>
  new FhirError('unsupportedParameter', [
    {
      code: 'too-costly',
      text:
        `The chained criteria would take more than ${MOST_SEARCHES} searches of their own. ` +
        'Say which type each reference leads to, as in subject:Patient.name.',
    },
  ])

/** Turns criteria that other resources decide into clauses on the resource itself, by searching for those others. For one search. */
export const createResolver = ({ runOf, served, baseUrl }: Searching): Resolver => {
  let searches = 0
  let rows = 0

  const clauseOf = (criterion: Criterion): Promise<Clause> | Clause =>
    !isDependent(criterion) ? criterion : READERS[criterion.kind](criterion as never)

  const foundBy = async (type: string, clauses: Clause[], freely = false): Promise<Version[]> => {
    searches += 1
    if (searches > MOST_SEARCHES) throw tooManySearches()
    const { versions, rows: looked } = await gatherFew(runOf(type, clauses, freely), MOST_FOUND)
    rows += looked
    return versions
  }

  const found = async ({ type, criterion }: Target): Promise<Version[]> => foundBy(type, [await clauseOf(criterion)])

  const clauseOfChain = async ({ parameter, targets }: Chain): Promise<Clause> => {
    const isToLiteral = parameter.paths.some(({ datatype }) => isLiteral(datatype))
    const isToCanonical = parameter.paths.some(({ datatype }) => !isLiteral(datatype))
    const anyOf: WantedReference[] = []
    for (const target of targets)
      for (const version of await found(target)) {
        const { type, id } = version
        if (isToLiteral) anyOf.push({ text: `${type}/${id}`, type, id })
        const url = isToCanonical ? version.content.url : undefined
        if (typeof url === 'string') anyOf.push({ text: url, url })
      }
    return { parameter, kind: 'reference', below: false, anyOf }
  }

  const clauseOfHas = async ({ type, referrer, parameter }: Has): Promise<Clause> => {
    const ids = new Set<string>()
    for (const version of await found(referrer)) {
      const resource = version.content
      for (const { steps, datatype, only } of parameter.paths)
        for (const element of elementsAt(resource, steps)) {
          const value = isLiteral(datatype) ? referenceOf(element, datatype, baseUrl) : undefined
          if (value?.id === undefined || value.url !== undefined || (only && !pointsTo(only, value))) continue
          if (value.type === type) ids.add(value.id)
        }
    }
    const anyOf = [...ids].map((code) => ({ code }))
    return { parameter: served(type)!.get('_id')!, kind: 'token', not: false, anyOf }
  }

  const clauseOfThrough = async ({ parameter, anyOf, steps }: Through): Promise<Clause> => {
    const wanted = [...anyOf]
    for (const { type, parameter: leading, clauses } of steps) {
      const leadsFrom = wanted.filter(
        (one) => !one.type || !leading.targets.length || leading.targets.includes(one.type),
      )
      if (!leadsFrom.length) continue
      const leads: Clause = { parameter: leading, kind: 'reference', below: false, anyOf: leadsFrom }
      for (const { id } of await foundBy(type, [leads, ...clauses])) wanted.push({ text: `${type}/${id}`, type, id })
    }
    return { parameter, kind: 'reference', below: false, anyOf: wanted }
  }

  const READERS = {
    chain: clauseOfChain,
    has: clauseOfHas,
    through: clauseOfThrough,
    'in-value-set': (criterion: InValueSet) =>
      clauseInValueSet(criterion, {
        // What codes mean tells nothing of anybody.
        found: (type, clauses) => foundBy(type, clauses, true),
        served,
        baseUrl,
      }),
  } as const

  return {
    clauses: async (dependents) => {
      const clauses: Clause[] = []
      for (const dependent of dependents) clauses.push(await clauseOf(dependent))
      return clauses
    },
    get rows() {
      return rows
    },
  }
}
