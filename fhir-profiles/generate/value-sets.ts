import type { CodeSystem, CodeSystemConcept, ValueSet } from 'fhir/r4'
import { type PackageFiles, resourcesOf } from './package.ts'

const codesOf = (concepts: readonly CodeSystemConcept[] = []): string[] =>
  concepts.flatMap((concept) => [concept.code, ...codesOf(concept.concept)])

/** Expands the value sets whose codes are all in the package. */
export class ValueSets {
  private readonly valueSets: ReadonlyMap<string, ValueSet>
  private readonly codeSystems: ReadonlyMap<string, CodeSystem>

  constructor(files: PackageFiles) {
    this.valueSets = new Map(resourcesOf<ValueSet>(files, 'ValueSet').map((one) => [one.url!, one]))
    this.codeSystems = new Map(resourcesOf<CodeSystem>(files, 'CodeSystem').map((one) => [one.url!, one]))
  }

  /** The codes of a value set in the order of their definition; undefined when the package does not tell them all. */
  expand(canonical: string): string[] | undefined {
    const compose = this.valueSets.get(canonical.split('|')[0]!)?.compose
    if (!compose || compose.exclude) return undefined
    const parts = compose.include.map((include) => this.included(include))
    return parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : undefined
  }

  private included(include: NonNullable<ValueSet['compose']>['include'][number]): string[] | undefined {
    if (include.filter) return undefined
    if (include.concept) return include.concept.map((concept) => concept.code)
    if (include.valueSet) {
      const parts = include.system ? [undefined] : include.valueSet.map((url) => this.expand(url))
      return parts.length === 1 ? parts[0] : undefined
    }
    const system = this.codeSystems.get(include.system ?? '')
    return system?.content === 'complete' ? codesOf(system.concept) : undefined
  }
}
