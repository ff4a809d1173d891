import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CapabilityStatement,
  CodeSystem,
  OperationDefinition,
  PlanDefinition,
  Questionnaire,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4'

const PROFILES = join(import.meta.dirname, '..')

/** What has a page of its own. */
export type Artifact =
  | CapabilityStatement
  | CodeSystem
  | OperationDefinition
  | PlanDefinition
  | Questionnaire
  | SearchParameter
  | StructureDefinition
  | ValueSet

export interface Example {
  /** below fhir-profiles/examples */
  file: string
  resource: Resource
}

const jsonFiles = (folder: string): string[] =>
  readdirSync(join(PROFILES, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => name)
    .sort()

const read = <T>(folder: string, file: string): T => JSON.parse(readFileSync(join(PROFILES, folder, file), 'utf8')) as T

const FOLDERS = [
  'structure-definitions',
  'plan-definitions',
  'questionnaires',
  'operation-definitions',
  'search-parameters',
  'capability-statements',
  'value-sets',
  'code-systems',
] as const

export interface Source {
  artifact: Artifact
  /** below fhir-profiles */
  file: string
}

/** All that fhir-profiles defines, in the order of its folders and files. */
export const readSources = (): Source[] =>
  FOLDERS.flatMap((folder) =>
    jsonFiles(folder).map((file) => ({ artifact: read<Artifact>(folder, file), file: `${folder}/${file}` })),
  )

/** The examples, those of stories too. */
export const readExamples = (): Example[] => {
  const stories = readdirSync(join(PROFILES, 'examples'), { withFileTypes: true }).filter((one) => one.isDirectory())
  const files = [
    ...jsonFiles('examples'),
    ...stories.flatMap(({ name }) => jsonFiles(`examples/${name}`).map((file) => `${name}/${file}`)),
  ]
  return files.map((file) => ({ file, resource: read<Resource>('examples', file) }))
}

/** What kind of artifact it is, as its page and the index name it. */
export const kindOf = (artifact: Artifact): string => {
  switch (artifact.resourceType) {
    case 'StructureDefinition':
      return artifact.type === 'Extension' ? 'extension' : 'profile'
    case 'PlanDefinition':
      return 'pathway'
    case 'OperationDefinition':
      return 'operation'
    case 'SearchParameter':
      return 'search-parameter'
    case 'CapabilityStatement':
      return 'requirements'
    case 'ValueSet':
      return 'value-set'
    case 'CodeSystem':
      return 'code-system'
    case 'Questionnaire':
      return 'questionnaire'
  }
}

/** In docs/profiles. */
export const pageOf = (artifact: Artifact): string => `${kindOf(artifact)}-${artifact.id}.md`

export const titleOf = (artifact: Artifact): string =>
  ('title' in artifact ? artifact.title : undefined) ?? artifact.name ?? artifact.id ?? ''
