import type { CodeSystem, ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from 'fhir/r4'
import { FhirError } from '../outcome.ts'
import type { WantedToken } from '../search/token.ts'
import { codesOf, type FindValueSet } from '../search/value-set.ts'
import { conceptOf, conceptsIn, type FindCodeSystem, filtered, isComplete } from './code-system.ts'

/** Where definitions are looked for. */
export interface TerminologySources {
  valueSet: FindValueSet
  codeSystem: FindCodeSystem
}

/** What a value set comes to. */
export interface Expansion {
  /** in order, each once */
  concepts: readonly ExpandedConcept[]
  /** code systems of which it has all codes, without these being known here */
  wholeSystems: readonly string[]
}

export interface ExpandedConcept {
  system?: string
  code: string
  display?: string
}

/** Value sets are compared code by code with those they include. */
const MOST_CONCEPTS = 10_000

const tooManyConcepts = (): FhirError =>
  new FhirError('unprocessable', [
    { code: 'too-costly', text: `The value set draws on more than ${MOST_CONCEPTS} concepts; name a smaller one.` },
  ])

const keyOf = ({ system = '', code = '' }: WantedToken): string => `${system}|${code}`

const displaysIn = (contains: readonly ValueSetExpansionContains[]): [string, string][] =>
  contains.flatMap((one) => [
    ...(one.display === undefined ? [] : [[keyOf(one), one.display] as [string, string]]),
    ...displaysIn(one.contains ?? []),
  ])

/**
 * All concepts of a value set with their displays; undefined when they cannot be told from the definitions at hand.
 * Code systems that are here in full are listed concept by concept first; the rest is the arithmetic that searches by value set use.
 * https://hl7.org/fhir/R4/valueset.html#compositions
 * @throws FhirError unprocessable (422, too-costly) for more than 10,000 concepts
 */
export const expand = async (valueSet: ValueSet, sources: TerminologySources): Promise<Expansion | undefined> => {
  const displays = new Map<string, string>()
  let listedConcepts = 0
  const withConcepts = async (one: ValueSet): Promise<ValueSet> => {
    for (const [key, display] of displaysIn(one.expansion?.contains ?? [])) displays.set(key, display)
    if (!one.compose) return one
    const listed = async (part: ValueSetComposeInclude) => {
      const result = await listedInclude(part, sources.codeSystem)
      listedConcepts += result.concept?.length ?? 0
      if (listedConcepts > MOST_CONCEPTS) throw tooManyConcepts()
      for (const { code, display } of result.concept ?? [])
        if (display !== undefined) displays.set(keyOf({ system: result.system, code }), display)
      return result
    }
    const include = await Promise.all(one.compose.include.map(listed))
    const exclude = one.compose.exclude && (await Promise.all(one.compose.exclude.map(listed)))
    return { ...one, compose: { ...one.compose, include, ...(exclude && { exclude }) } }
  }
  const find: FindValueSet = async (canonical) => {
    const found = await sources.valueSet(canonical)
    return found && withConcepts(found)
  }
  const codes = await codesOf(await withConcepts(valueSet), find)
  if (!codes) return undefined
  const unique = new Map(codes.map((one) => [keyOf(one), one]))
  return {
    concepts: [...unique].flatMap(([key, { system, code }]) =>
      code === undefined
        ? []
        : [
            {
              ...(system !== undefined && { system }),
              code,
              ...(displays.has(key) && { display: displays.get(key)! }),
            },
          ],
    ),
    wholeSystems: [...unique.values()].flatMap(({ system, code }) => (code === undefined && system ? [system] : [])),
  }
}

/** The include with all its concepts and their displays, as far as its code system is here. */
const listedInclude = async (
  include: ValueSetComposeInclude,
  find: FindCodeSystem,
): Promise<ValueSetComposeInclude> => {
  const { system, version, concept, filter, ...rest } = include
  const codeSystem = system === undefined ? undefined : await find(version ? `${system}|${version}` : system)
  if (!codeSystem) return include
  if (concept)
    return { ...include, concept: concept.map((one) => ({ display: displayIn(codeSystem, one.code), ...one })) }
  if (!isComplete(codeSystem)) return include
  const concepts = filter ? filtered(codeSystem, filter) : conceptsIn(codeSystem)
  if (!concepts) return include
  return { ...rest, system, concept: concepts.map(({ concept: { code, display } }) => ({ code, display })) }
}

const displayIn = (codeSystem: CodeSystem, code: string): string | undefined =>
  conceptOf(codeSystem, code)?.concept.display
