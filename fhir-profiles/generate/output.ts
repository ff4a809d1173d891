import type { CompartmentDefinition, SearchParameter, StructureDefinition } from 'fhir/r4'
import { compartmentParameters } from './compartment.ts'
import { Elements } from './elements.ts'
import { type PackageFiles, resourcesOf } from './package.ts'
import { datatypeNames, furtherSchemaFiles, schemaFiles } from './schema-files.ts'
import { SchemaWriter } from './schemas.ts'
import { Declarer, uselessExceptions } from './search-parameters.ts'
import { shownElements } from './shown-elements.ts'
import { HEADER, quoted } from './text.ts'
import { CORE_TYPES, SERVED_TYPES, SUPPORTING_TYPES } from './types.ts'
import { ValueSets } from './value-sets.ts'

/** What the generator makes: texts by file name below lib/resources/generated, and what a person should know about them. */
export interface Output {
  files: ReadonlyMap<string, string>
  remarks: readonly string[]
}

/** A table as JSON: infra/bundle.ts packs it, since as code it would be read by each function that starts. */
const jsonFile = (table: object): string => `${JSON.stringify(table, undefined, 2)}\n`

/** The published search parameters of R4 4.0.1 and US Core 8.0.0, by type and code. */
const searchParametersFile = (declarer: Declarer, remarks: string[]): string =>
  jsonFile(
    Object.fromEntries(
      SERVED_TYPES.toSorted().map((type) => {
        const { declared, leftOut } = declarer.declare(type)
        remarks.push(...leftOut.map(({ code, reason }) => `${type}?${code} is left out: ${reason}`))
        return [type, declared]
      }),
    ),
  )

/** What a summary shows of each type: see lib/interactions/subset.ts. */
const shownElementsFile = (core: PackageFiles): string =>
  jsonFile(
    Object.fromEntries(
      SERVED_TYPES.toSorted().map((type) => {
        const definition = JSON.parse(core.get(`StructureDefinition-${type}.json`)!) as StructureDefinition
        return [type, shownElements(definition)]
      }),
    ),
  )

const compartmentFile = (definition: CompartmentDefinition): string => {
  const lines = SERVED_TYPES.toSorted().map((type) => {
    const parameters = compartmentParameters(definition, type)
    return `  ${type}: [${parameters.map(quoted).join(', ')}],`
  })
  return [
    HEADER,
    '',
    `/** ${definition.url}: the search parameters that put a resource into a patient's compartment, by type. */`,
    'export const patientCompartment: Readonly<Record<string, readonly string[]>> = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

export interface Definitions {
  elements: Elements
  declarer: Declarer
}

export const readDefinitions = (core: PackageFiles, usCore: PackageFiles): Definitions => {
  const elements = new Elements(resourcesOf<StructureDefinition>(core, 'StructureDefinition'))
  const definitions = [core, usCore].flatMap((files) => resourcesOf<SearchParameter>(files, 'SearchParameter'))
  return { elements, declarer: new Declarer(elements, definitions) }
}

/** By lib/resources/contained.ts and primitive.ts, as is what every element and resource has to meet. */
const CHECKED_ELSEWHERE = ['ref-1', 'txt-1', 'txt-2']

const constraintRemarks = (writers: readonly SchemaWriter[]): string[] => {
  const met = new Map(writers.flatMap(({ constraintsMet }) => [...constraintsMet]))
  for (const key of CHECKED_ELSEWHERE) met.set(key, true)
  const not = [...met].flatMap(([key, isChecked]) => (isChecked ? [] : [key]))
  return [`constraints: ${met.size - not.length} of ${met.size} are checked, but not ${not.toSorted().join(', ')}`]
}

/** Makes all generated files from the packages hl7.fhir.r4.core and hl7.fhir.us.core; writes nothing. */
export const generate = (core: PackageFiles, usCore: PackageFiles): Output => {
  const { declarer, elements } = readDefinitions(core, usCore)
  const remarks = uselessExceptions(declarer, SERVED_TYPES).map((code) => `the exception for ${code} is not needed`)
  const compartment = JSON.parse(core.get('CompartmentDefinition-patient.json')!) as CompartmentDefinition
  const writer = new SchemaWriter(elements, new ValueSets(core))
  const furtherWriter = new SchemaWriter(elements, new ValueSets(core))
  const files = new Map([
    ...schemaFiles(writer, CORE_TYPES),
    ...furtherSchemaFiles(furtherWriter, SUPPORTING_TYPES, datatypeNames(writer, CORE_TYPES)),
    ['search-parameters.json', searchParametersFile(declarer, remarks)],
    ['patient-compartment.ts', compartmentFile(compartment)],
    ['shown-elements.json', shownElementsFile(core)],
  ])
  const writers = [writer, furtherWriter]
  const ofSchemas = new Set(writers.flatMap((one) => [...one.remarks]))
  return { files, remarks: [...remarks, ...ofSchemas, ...constraintRemarks(writers)] }
}
