import type { ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from 'fhir/r4'
import type { WantedToken } from './token.ts'

/** Finds a value set by its canonical URL, with `|version` if need be. */
export type FindValueSet = (canonical: string) => Promise<ValueSet | undefined>

/** Value sets that include each other are followed so far. */
const DEEPEST = 5

type Codes = WantedToken[] | undefined

const conceptsOf = ({ system, concept = [] }: ValueSetComposeInclude): WantedToken[] =>
  concept.map(({ code }) => ({ ...(system !== undefined && { system }), code }))

const containedIn = (contains: readonly ValueSetExpansionContains[]): WantedToken[] =>
  contains.flatMap(({ system, code, abstract, contains: below = [] }) => [
    ...(code === undefined || abstract ? [] : [{ ...(system !== undefined && { system }), code }]),
    ...containedIn(below),
  ])

/** An expansion counts when all of it is there. */
const expanded = ({ expansion }: ValueSet): Codes => {
  if (!expansion?.contains || expansion.offset) return undefined
  const codes = containedIn(expansion.contains)
  return expansion.total === undefined || expansion.total <= codes.length ? codes : undefined
}

const isSame = (one: WantedToken, other: WantedToken): boolean => one.system === other.system && one.code === other.code

const within = (wider: WantedToken, code: WantedToken): boolean =>
  wider.system === code.system && (wider.code === undefined || wider.code === code.code)

/** The codes in both, where a whole system meets single codes these. */
const common = (one: readonly WantedToken[], other: readonly WantedToken[]): WantedToken[] => [
  ...one.filter((code) => other.some((wider) => within(wider, code))),
  ...other.filter((code) => one.some((wider) => within(wider, code) && !isSame(wider, code))),
]

const included = async (include: ValueSetComposeInclude, find: FindValueSet, depth: number): Promise<Codes> => {
  const { system, concept, filter, valueSet = [] } = include
  if (filter?.length || (system === undefined && !valueSet.length)) return undefined
  const own = system === undefined ? [] : [concept ? conceptsOf(include) : [{ system }]]
  const others: WantedToken[][] = []
  for (const canonical of valueSet) {
    const found = depth < DEEPEST ? await find(canonical) : undefined
    const codes = found && (await codesOf(found, find, depth + 1))
    if (!codes) return undefined
    others.push(codes)
  }
  // What names several things means what is in all of them.
  return [...own, ...others].reduce(common)
}

/**
 * The codes of a value set, a code system as a whole as `{ system }`; undefined when that cannot be said from what is at hand: its
 * definition filters a code system, or names value sets that are not here. https://hl7.org/fhir/R4/valueset.html#compositions
 */
export const codesOf = async (valueSet: ValueSet, find: FindValueSet, depth = 0): Promise<Codes> => {
  const { include = [], exclude = [] } = valueSet.compose ?? {}
  const stored = expanded(valueSet)
  if (stored || !include.length) return stored
  const parts = []
  for (const one of include) {
    const codes = await included(one, find, depth)
    if (!codes) return undefined
    parts.push(...codes)
  }
  const without: WantedToken[] = []
  for (const one of exclude) {
    const codes = await included(one, find, depth)
    if (!codes) return undefined
    without.push(...codes)
  }
  // Some codes less than a whole system would have to be listed.
  if (parts.some((part) => part.code === undefined && without.some(({ system }) => system === part.system)))
    return undefined
  return parts.filter((code) => !without.some((wider) => within(wider, code)))
}
