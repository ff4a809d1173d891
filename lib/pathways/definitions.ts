import type { CarePlan, PlanDefinition } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { type Instant, referenceTo } from '../fhir.ts'
import { originOf } from '../store/snapshot.ts'
import type { Store } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { namesOurTrigger } from './check-pathway.ts'
import { versionNamed } from './find-definition.ts'
import { formerDefinitions, packagedDefinitions } from './packaged-definitions.ts'
import type { Pathway } from './pathway.ts'
import { readPathway } from './read-pathway.ts'

/** The pathways that come with Careloop. */
export const packaged: readonly Pathway[] = packagedDefinitions.map((definition) => readPathway(definition))
const former: readonly Pathway[] = formerDefinitions.map((definition) => readPathway(definition))

/** How long a process may run what a tenant has replaced. */
const FRESH_MS = 60_000

interface Known {
  at: Instant
  pathways: readonly Pathway[]
}

/** What is kept for a table as long as the process lives. */
interface Kept {
  known?: Known
  /** by `PlanDefinition/<id>/_history/<v>`: versions do not change */
  read: Map<string, Pathway | undefined>
}

const keptBy = new WeakMap<Store, Kept>()

const keptFor = (careloop: Careloop): Kept => {
  const store = originOf(careloop.store)
  const known = keptBy.get(store)
  if (known) return known
  const kept: Kept = { read: new Map() }
  keptBy.set(store, kept)
  return kept
}

const sourceOf = ({ id, v }: Version): string => `${referenceTo('PlanDefinition', id)}/_history/${v}`

/** The pathway that a stored version is; undefined, and a line in the log, when the engine cannot run it. */
const storedPathway = ({ read }: Kept, version: Version): Pathway | undefined => {
  const source = sourceOf(version)
  if (read.has(source)) return read.get(source)
  let pathway: Pathway | undefined
  try {
    pathway = readPathway(version.content as unknown as PlanDefinition, source)
  } catch (error) {
    const { v } = version
    const reference = referenceTo('PlanDefinition', version.id)
    logLine({ event: 'definition', reference, version: v, outcome: 'unfit', error: errorName(error) })
  }
  read.set(source, pathway)
  return pathway
}

const isFresh = ({ at }: Known, now: Instant): boolean => {
  const age = Date.parse(now) - Date.parse(at)
  // A clock that stands still, as in a test, is no measure of age.
  return age > 0 && age < FRESH_MS
}

/** The active definitions of the tenant; any other status of the same url switches the packaged one off. */
const merged = async (careloop: Careloop, kept: Kept): Promise<readonly Pathway[]> => {
  const stored = await careloop.search.all('PlanDefinition', '')
  if (!stored.length) return packaged
  const definitions = stored.map((version) => [version, version.content as unknown as PlanDefinition] as const)
  const overridden = new Set(definitions.map(([, { url }]) => url))
  const active = definitions
    .filter(([, definition]) => definition.status === 'active' && namesOurTrigger(definition))
    .flatMap(([version]) => storedPathway(kept, version) ?? [])
  const byUrl = new Map(active.map((pathway) => [pathway.url, pathway] as const))
  return [...packaged.filter(({ url }) => !overridden.has(url)), ...byUrl.values()]
}

/** The pathways that run now: those of the tenant in place of the packaged ones with the same url. As old as a minute at most. */
export const runningPathways = async (careloop: Careloop): Promise<readonly Pathway[]> => {
  const kept = keptFor(careloop)
  const now = careloop.clock.now()
  if (kept.known && isFresh(kept.known, now)) return kept.known.pathways
  const pathways = await merged(careloop, kept)
  kept.known = { at: now, pathways }
  return pathways
}

/** The version of a definition that a plan was made from is no longer kept. */
export class DefinitionMissing extends Error {
  constructor(canonicals: readonly string[]) {
    super(`the definition ${canonicals.join(', ')} is not kept: add it to lib/pathways/packaged-definitions.ts`)
    this.name = 'DefinitionMissing'
  }
}

/** The pathway that a plan was made from: that very version. @throws DefinitionMissing */
export const pathwayOf = async (
  careloop: Careloop,
  { instantiatesCanonical = [], instantiatesUri = [] }: Pick<CarePlan, 'instantiatesCanonical' | 'instantiatesUri'>,
): Promise<Pathway> => {
  const source = instantiatesUri.find(versionNamed)
  if (source) {
    const kept = keptFor(careloop)
    const known = kept.read.get(source)
    if (known) return known
    const { id, v } = versionNamed(source)!
    const version = await careloop.store.vread('PlanDefinition', id, v)
    const pathway = version && !version.deleted ? storedPathway(kept, version) : undefined
    if (pathway) return pathway
  }
  const pathway = [...packaged, ...former].find(({ canonical }) => instantiatesCanonical.includes(canonical))
  if (!pathway) throw new DefinitionMissing(instantiatesCanonical)
  return pathway
}
