import type { PlanDefinition } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import type { Search } from '../search/search.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { formerDefinitions, packagedDefinitions } from './packaged-definitions.ts'

/** A definition as its author wrote it. */
export interface FoundDefinition {
  definition: PlanDefinition
  /** `PlanDefinition/<id>/_history/<v>`, when the tenant keeps it */
  source?: string
}

const TYPE = 'PlanDefinition'

/** The definition with this id that comes with Careloop, unless the tenant has one with the same url in its place. */
export const packagedUnlessReplaced = async (search: Search, id: string): Promise<PlanDefinition | undefined> => {
  const definition = packagedDefinitions.find((candidate) => candidate.id === id)
  if (!definition) return undefined
  const own = await search.all(TYPE, `url=${encodeURIComponent(definition.url!)}`)
  return own.length ? undefined : definition
}

const stored = (version: Version): FoundDefinition => ({
  definition: resourceOf(version) as unknown as PlanDefinition,
  source: `${referenceTo(TYPE, version.id)}/_history/${version.v}`,
})

/** What GET PlanDefinition/[id] shows. */
export const definitionWithId = async (
  { store, search }: Careloop,
  id: string,
): Promise<FoundDefinition | undefined> => {
  const version = await store.read(TYPE, id)
  if (version && !version.deleted) return stored(version)
  const definition = await packagedUnlessReplaced(search, id)
  return definition && { definition }
}

const SOURCE = /^PlanDefinition\/([A-Za-z0-9\-.]{1,64})\/_history\/(\d+)$/

/** The version that `PlanDefinition/<id>/_history/<v>` names; undefined for any other text. */
export const versionNamed = (source: string | undefined): { id: string; v: number } | undefined => {
  const [, id, v] = SOURCE.exec(source ?? '') ?? []
  return id === undefined ? undefined : { id, v: Number(v) }
}

/** The very version that a request was made by: `canonical` is `url|version`, `source` the stored version where the tenant keeps it. */
export const definitionBehind = async (
  { store }: Careloop,
  canonical: string | undefined,
  source: string | undefined,
): Promise<FoundDefinition | undefined> => {
  const named = versionNamed(source)
  const version = named && (await store.vread(TYPE, named.id, named.v))
  if (version && !version.deleted) return stored(version)
  const definition = [...packagedDefinitions, ...formerDefinitions].find(
    (candidate) => `${candidate.url}|${candidate.version}` === canonical,
  )
  return definition && { definition }
}
