import type { CodeSystem, StructureDefinition, ValueSet } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { FhirError } from '../outcome.ts'
import { escaped } from '../search/escape.ts'
import { withoutVersion } from '../search/uri.ts'
import { wholeOf } from '../security/access/view.ts'
import { sourcesOf } from '../terminology/sources.ts'
import type { Definitions } from './findings.ts'
import { packagedProfile } from './packaged-profiles.ts'
import { type Profile, profileOf } from './profile-tree.ts'

/** For so long a definition that was found, or was not, is taken to be as it was; only `$validate` looks each time. */
const TRUSTED_MS = 60_000
/** A profile made ready takes some 200 KB. */
const MOST_KEPT = 200

interface Kept {
  at: number
  definition: unknown
}

const kept = new WeakMap<Careloop, Map<string, Kept>>()

/** `2.10.0` is later than `2.9.0`. */
const byVersion = (one = '', other = ''): number => one.localeCompare(other, 'en', { numeric: true })

/** Of several with one URL the active and then the latest counts, unless a version is named. */
const bestOf = (candidates: readonly StructureDefinition[], version: string | undefined) =>
  candidates
    .filter((one) => version === undefined || one.version === version)
    .toSorted(
      (one, other) =>
        Number(other.status === 'active') - Number(one.status === 'active') || byVersion(other.version, one.version),
    )[0]

/** What of a definition can be read: a tenant's own may be anything that is a resource. */
const readable = (definition: StructureDefinition): Profile | undefined => {
  try {
    return profileOf(definition)
  } catch {
    return undefined
  }
}

const findProfile = async ({ search }: Careloop, canonical: string): Promise<Profile | undefined> => {
  const url = withoutVersion(canonical)
  const version = canonical.slice(url.length + 1) || undefined
  const stored = await search.all('StructureDefinition', `url=${encodeURIComponent(escaped(url))}`)
  const found = bestOf(
    stored.map(({ content }) => content as unknown as StructureDefinition),
    version,
  )
  if (found) return readable(found)
  const packaged = await packagedProfile(url)
  return packaged && (version === undefined || packaged.version === version) ? readable(packaged) : undefined
}

type Kind = 'profile' | 'valueSet' | 'codeSystem'

/** What has been asked for in a look at a resource, and is loaded before the next. */
export interface LoadableDefinitions extends Definitions {
  /** Loads what has been asked for since. @returns false when there was nothing */
  loadMissing(): Promise<boolean>
}

/**
 * Definitions by canonical URL: those that the tenant keeps, then those that come with the service.
 * @param fresh looks for each of them anew
 */
export const definitionsOf = (asked: Careloop, { fresh = false } = {}): LoadableDefinitions => {
  // Definitions are everybody's, whatever else a caller may see.
  const careloop = wholeOf(asked)
  const cache = kept.get(careloop) ?? new Map<string, Kept>()
  kept.set(careloop, cache)
  const sources = sourcesOf(careloop)
  const now = Date.parse(careloop.clock.now())
  const loaded = new Map<string, unknown>()
  const missing = new Map<string, [Kind, string]>()

  const get = (kind: Kind, canonical: string): unknown => {
    const key = `${kind} ${canonical}`
    if (!loaded.has(key)) missing.set(key, [kind, canonical])
    return loaded.get(key)
  }
  const find = async (kind: Kind, canonical: string): Promise<unknown> => {
    try {
      return await (kind === 'profile' ? findProfile(careloop, canonical) : sources[kind](canonical))
    } catch (error) {
      // A definition that cannot be used is as good as none.
      if (error instanceof FhirError) return undefined
      throw error
    }
  }
  const load = async ([key, [kind, canonical]]: [string, [Kind, string]]): Promise<void> => {
    const known = cache.get(key)
    const isTrusted = !fresh && known && now - known.at < TRUSTED_MS
    const definition = isTrusted ? known.definition : await find(kind, canonical)
    loaded.set(key, definition)
    cache.delete(key)
    cache.set(key, isTrusted ? known : { at: now, definition })
    if (cache.size > MOST_KEPT) cache.delete(cache.keys().next().value!)
  }
  return {
    profile: (canonical) => get('profile', canonical) as Profile | undefined,
    valueSet: (canonical) => get('valueSet', canonical) as ValueSet | undefined,
    codeSystem: (url) => get('codeSystem', url) as CodeSystem | undefined,
    async loadMissing() {
      const wanted = [...missing]
      missing.clear()
      await Promise.all(wanted.map(load))
      return wanted.length > 0
    },
  }
}
