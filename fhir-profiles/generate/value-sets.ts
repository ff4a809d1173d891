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
    const codings = this.codings(canonical)
    return codings && [...new Set(Object.values(codings).flat())]
  }

  /** The same by code system. */
  codings(canonical: string): Record<string, string[]> | undefined {
    const compose = this.valueSets.get(canonical.split('|')[0]!)?.compose
    if (!compose || compose.exclude) return undefined
    const bySystem: Record<string, string[]> = {}
    for (const include of compose.include) {
      const part = this.included(include)
      if (!part) return undefined
      for (const [system, codes] of Object.entries(part))
        bySystem[system] = [...new Set([...(bySystem[system] ?? []), ...codes])]
    }
    return bySystem
  }

  private included(include: NonNullable<ValueSet['compose']>['include'][number]): Record<string, string[]> | undefined {
    const { system = '', concept, filter, valueSet } = include
    if (filter) return undefined
    if (concept) return { [system]: concept.map(({ code }) => code) }
    if (valueSet) return system || valueSet.length > 1 ? undefined : this.codings(valueSet[0]!)
    const found = this.codeSystems.get(system)
    return found?.content === 'complete' ? { [system]: codesOf(found.concept) } : undefined
  }
}
