import type { CodeSystem, CodeSystemConcept, StructureDefinition, ValueSet } from 'fhir/r4'
import { type PackageFiles, resourcesOf } from '../generate/package.ts'
import { CORE_TYPES, SERVED_TYPES } from '../generate/types.ts'
import { ValueSets } from '../generate/value-sets.ts'

/** The codes of R4 itself, without what a terminology service does not use. */
export interface CoreTerminology {
  valueSets: Partial<ValueSet>[]
  codeSystems: Partial<CodeSystem>[]
}

const isData = ({ kind, type, derivation }: StructureDefinition): boolean =>
  derivation === 'specialization' &&
  (kind === 'complex-type' || (kind === 'resource' && (SERVED_TYPES.includes(type) || type.endsWith('Resource'))))

const CORE: readonly string[] = CORE_TYPES

/** Of the core types those too that only prefer or suggest their codes. */
const bindings = ({ type, snapshot }: StructureDefinition): string[] =>
  (snapshot?.element ?? []).flatMap(({ binding }) =>
    binding?.valueSet && (binding.strength === 'required' || CORE.includes(type))
      ? [binding.valueSet.split('|')[0]!]
      : [],
  )

/** Codes of others (SNOMED CT, LOINC) keep their own terms: none of their lists is shipped. */
const HL7 = /^http:\/\/(hl7\.org\/fhir|terminology\.hl7\.org|unitsofmeasure\.org)/

const isOfHl7 = ({ compose }: ValueSet): boolean =>
  compose!.include.every(({ system }) => system === undefined || HL7.test(system))

const slimConcept = ({ code, display, concept }: CodeSystemConcept): CodeSystemConcept => ({
  code,
  ...(display !== undefined && display !== code && { display }),
  ...(concept && { concept: concept.map(slimConcept) }),
})

const slimValueSet = ({ id, url, version, name, title, status, compose }: ValueSet): Partial<ValueSet> => ({
  resourceType: 'ValueSet',
  ...{ id, url, version, name, title, status, compose: { include: compose!.include } },
})

const slimCodeSystem = ({ id, url, version, name, title, status, content, concept }: CodeSystem) => ({
  resourceType: 'CodeSystem' as const,
  ...{ id, url, version, name, title, status, content, concept: concept?.map(slimConcept) },
})

const byUrl = ({ url: one = '' }: { url?: string }, { url: other = '' }: { url?: string }): number =>
  one < other ? -1 : 1

/** The value sets that elements of the served types are bound to, as far as HL7 defines all their codes, and their code systems. */
export const coreTerminology = (core: PackageFiles): CoreTerminology => {
  const wanted = new Set(resourcesOf<StructureDefinition>(core, 'StructureDefinition').filter(isData).flatMap(bindings))
  const expander = new ValueSets(core)
  const all = new Map(resourcesOf<ValueSet>(core, 'ValueSet').map((one) => [one.url!, one]))
  // A set is grown while it is walked: value sets include value sets.
  const valueSets: ValueSet[] = []
  for (const url of wanted) {
    const found = all.get(url)
    if (!found || !expander.expand(url) || !isOfHl7(found)) continue
    valueSets.push(found)
    for (const { valueSet = [] } of found.compose!.include) for (const included of valueSet) wanted.add(included)
  }
  const systems = new Set(valueSets.flatMap(({ compose }) => compose!.include.flatMap(({ system }) => system ?? [])))
  return {
    valueSets: valueSets.toSorted(byUrl).map(slimValueSet),
    codeSystems: resourcesOf<CodeSystem>(core, 'CodeSystem')
      .filter(({ url, content }) => content === 'complete' && systems.has(url!))
      .toSorted(byUrl)
      .map(slimCodeSystem),
  }
}

/** As it is written: one resource on a line, so that a change shows. */
export const terminologyText = ({ valueSets, codeSystems }: CoreTerminology): string => {
  const lines = (resources: readonly unknown[]) => resources.map((one) => JSON.stringify(one)).join(',\n')
  return `{\n"valueSets": [\n${lines(valueSets)}\n],\n"codeSystems": [\n${lines(codeSystems)}\n]\n}\n`
}
