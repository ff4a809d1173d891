import type { CodeSystem, ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from 'fhir/r4'
import { conceptOf, filtered, isComplete } from '../terminology/code-system.ts'

export interface Coded {
  /** none: of any system, as a `code` has it */
  system?: string
  code?: string
}

export type Membership = 'in' | 'out' | 'unknown'

/** Finds definitions by canonical URL; undefined: not here. */
export interface Terminology {
  valueSet(canonical: string): ValueSet | undefined
  codeSystem(url: string): CodeSystem | undefined
}

/** Value sets that include each other are followed so far. */
const DEEPEST = 5

const isOf = (system: string | undefined, coded: Coded): boolean =>
  coded.system === undefined || system === undefined || system === coded.system

const isExpanded = (contains: readonly ValueSetExpansionContains[], coded: Coded): boolean =>
  contains.some(
    (each) =>
      (each.code === coded.code && !each.abstract && isOf(each.system, coded)) ||
      isExpanded(each.contains ?? [], coded),
  )

/** Of a system that is not here in full any code may be one, but not one that a filter keeps. */
const inSystem = (
  { system = '', filter = [] }: ValueSetComposeInclude,
  code: string,
  terminology: Terminology,
): Membership => {
  const found = terminology.codeSystem(system)
  if (!found || !isComplete(found)) return filter.length ? 'unknown' : 'in'
  if (!filter.length) return conceptOf(found, code) ? 'in' : 'out'
  const kept = filtered(found, filter)
  if (!kept) return 'unknown'
  return kept.some(({ concept }) => concept.code === code) ? 'in' : 'out'
}

const inInclude = (
  include: ValueSetComposeInclude,
  coded: Coded,
  terminology: Terminology,
  depth: number,
): Membership => {
  const { system, concept, valueSet = [] } = include
  if (!isOf(system, coded)) return 'out'
  if (concept && !concept.some(({ code }) => code === coded.code)) return 'out'
  const others = valueSet.map((canonical) => {
    const found = depth < DEEPEST ? terminology.valueSet(canonical) : undefined
    return found ? membershipOf(found, coded, terminology, depth + 1) : 'unknown'
  })
  if (others.includes('out')) return 'out'
  if (others.includes('unknown')) return 'unknown'
  if (concept || system === undefined || coded.code === undefined) return concept || valueSet.length ? 'in' : 'out'
  // A code alone says nothing of which system it is of.
  if (coded.system === undefined && !terminology.codeSystem(system)) return 'unknown'
  return inSystem(include, coded.code, terminology)
}

/**
 * Whether a code is in a value set, as far as its definition and what is here can tell: a filter of a code system, and a value set that
 * is not here, leave it open. https://hl7.org/fhir/R4/valueset.html#compositions
 */
export const membershipOf = (valueSet: ValueSet, coded: Coded, terminology: Terminology, depth = 0): Membership => {
  const { expansion, compose } = valueSet
  if (expansion?.contains && isExpanded(expansion.contains, coded)) return 'in'
  if (!compose?.include.length) return expansion?.contains ? 'out' : 'unknown'
  const included = compose.include.map((each) => inInclude(each, coded, terminology, depth))
  const excluded = (compose.exclude ?? []).map((each) => inInclude(each, coded, terminology, depth))
  if (excluded.includes('in')) return 'out'
  if (!included.includes('in')) return included.includes('unknown') ? 'unknown' : 'out'
  return excluded.includes('unknown') ? 'unknown' : 'in'
}
