import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty, ValueSetComposeInclude } from 'fhir/r4'

/** Finds a code system by its canonical URL, with `|version` if need be. */
export type FindCodeSystem = (canonical: string) => Promise<CodeSystem | undefined>

/** A concept with the codes it lies below, the nearest last. */
export interface PlacedConcept {
  concept: CodeSystemConcept
  above: readonly string[]
}

const placed = (concepts: readonly CodeSystemConcept[], above: readonly string[]): PlacedConcept[] =>
  concepts.flatMap((concept) => [{ concept, above }, ...placed(concept.concept ?? [], [...above, concept.code])])

/** All concepts of a code system in the order they are written in, those below others after these. */
export const conceptsIn = ({ concept = [] }: Pick<CodeSystem, 'concept'>): PlacedConcept[] => placed(concept, [])

export const conceptOf = (codeSystem: CodeSystem, code: string): PlacedConcept | undefined => {
  const isSame = codeSystem.caseSensitive === false ? sameAnyCase : same
  return conceptsIn(codeSystem).find(({ concept }) => isSame(concept.code, code))
}

const same = (one: string, other: string): boolean => one === other
const sameAnyCase = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whether all codes of the system are known here. https://hl7.org/fhir/R4/codesystem.html#completeness */
export const isComplete = ({ content }: CodeSystem): boolean => content === 'complete'

type Filter = NonNullable<ValueSetComposeInclude['filter']>[number]
type Test = (placed: PlacedConcept) => boolean

/** The parents that a concept says it has besides those it is written below. */
const statedParents = ({ property = [] }: CodeSystemConcept): string[] =>
  property.flatMap(({ code, valueCode }) => (code === 'parent' && valueCode ? [valueCode] : []))

const propertyValue = (property: CodeSystemConceptProperty): string => {
  const { code: _code, ...value } = property
  const [first] = Object.values(value)
  return typeof first === 'object' ? ((first as { code?: string }).code ?? '') : String(first)
}

const valuesOf = ({ concept }: PlacedConcept, property: string): string[] =>
  property === 'code' || property === 'concept'
    ? [concept.code]
    : property === 'display'
      ? [concept.display ?? '']
      : (concept.property ?? []).filter(({ code }) => code === property).map(propertyValue)

/** What a filter of these asks; undefined for an operator that is not worked out here. */
const testOf = ({ property, op, value }: Filter): Test | undefined => {
  const isBelow: Test = ({ above }) => above.includes(value)
  const listed = value.split(',').map((one) => one.trim())
  const has = (candidate: PlacedConcept) => valuesOf(candidate, property)
  switch (op) {
    case 'is-a':
      return (candidate) => candidate.concept.code === value || isBelow(candidate)
    case 'descendent-of':
      return isBelow
    case 'is-not-a':
      return (candidate) => candidate.concept.code !== value && !isBelow(candidate)
    case '=':
      return (candidate) => has(candidate).includes(value)
    case 'in':
      return (candidate) => has(candidate).some((one) => listed.includes(one))
    case 'not-in':
      return (candidate) => !has(candidate).some((one) => listed.includes(one))
    case 'exists':
      return (candidate) => has(candidate).length > 0 === (value === 'true')
    default:
      return undefined
  }
}

/** The concepts that meet all filters; undefined when that cannot be told here. https://hl7.org/fhir/R4/valueset-filter-operator.html */
export const filtered = (codeSystem: CodeSystem, filters: readonly Filter[]): PlacedConcept[] | undefined => {
  const concepts = conceptsIn(codeSystem)
  const tests = filters.map(testOf)
  const isHierarchical = filters.some(({ op }) => op === 'is-a' || op === 'is-not-a' || op === 'descendent-of')
  // Where concepts name their parents, what lies below what is not told by the way it is written.
  if (isHierarchical && concepts.some(({ concept }) => statedParents(concept).length)) return undefined
  return tests.every((test) => test !== undefined)
    ? concepts.filter((candidate) => tests.every((test) => test(candidate)))
    : undefined
}
