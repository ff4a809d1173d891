import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import type { Version } from '../store/version.ts'
import { entryPath } from './bundle-entry.ts'
import { requireAtMost } from './conditional-delete.ts'
import { idOfMatch, requireOnlyTombstone } from './conditional-update.ts'
import { findUpTo, onlyMatch } from './criteria.ts'
import { nothingToPatch, patchedContent } from './patch.ts'
import { neverExisted } from './read.ts'
import { inEntry, refuseSameResource, throwAtEntry, type WriteEntry } from './transaction-entries.ts'
import { requireUpdateCreate } from './update.ts'

const SEARCHES_AT_ONCE = 16

/** An entry with the resource that it has turned out to be about, and what is stored of that. */
export interface AimedEntry extends WriteEntry {
  /** a conditional create has found this: nothing is to be written */
  found?: Version
  /** what is stored, a tombstone included */
  current?: Version
}

/**
 * Finds what the entries are about: by criteria where they have some, else by id. A delete that meets several resources becomes several
 * entries with one index, one that meets none goes.
 * @throws FhirError with the place in the Bundle
 */
export const aimEntries = async (careloop: Careloop, entries: readonly WriteEntry[]): Promise<AimedEntry[]> => {
  const [matches, stored] = await Promise.all([matchesOf(careloop, entries), storedOf(careloop, entries)])
  const aimed = entries.flatMap((entry) =>
    inEntry(entry.index, () => aim(careloop, entry, matches.get(entry.index), stored)),
  )
  refuseFoundAndDeleted(aimed)
  refuseSameResource(aimed.filter(({ found }) => !found))
  return Promise.all(aimed.map(withPatchedContent))
}

const aim = (
  careloop: Careloop,
  entry: WriteEntry,
  matches: readonly Version[] | undefined,
  stored: ReadonlyMap<string, Version>,
): AimedEntry[] => {
  const { interaction, type, id } = entry
  const byId = stored.get(referenceTo(type, id))
  if (interaction === 'create') return [withVersion(entry, 'found', matches && onlyMatch(matches))]
  if (!matches) {
    if (interaction === 'update') requireUpdateCreate(careloop, { type, id }, byId)
    if (interaction === 'patch' && !byId) throw neverExisted(type)
    return [withVersion(entry, 'current', byId)]
  }
  requireAtMost(interaction === 'delete' ? matches : [], entry.most)
  if (interaction === 'delete') return matches.map((match) => withVersion(entry, 'current', match))
  const match = onlyMatch(matches)
  if (interaction === 'update') {
    idOfMatch(entry.content!, match)
    if (!match) {
      if (entry.content!.id !== undefined) requireUpdateCreate(careloop, { type, id }, byId)
      requireOnlyTombstone(byId)
    }
    return [withVersion(entry, 'current', match ?? byId)]
  }
  if (!match) throw nothingToPatch(type)
  return [withVersion(entry, 'current', match)]
}

const withVersion = (entry: WriteEntry, name: 'found' | 'current', version: Version | undefined): AimedEntry =>
  version ? { ...entry, id: version.id, [name]: version } : entry

/** What the criteria of entries find, by index of the entry. */
const matchesOf = async (careloop: Careloop, entries: readonly WriteEntry[]): Promise<Map<number, Version[]>> => {
  const conditional = entries.filter(({ criteria }) => criteria)
  const found = await boundedly(conditional, SEARCHES_AT_ONCE, async ({ index, criteria, most }) => {
    const versions = await findUpTo(careloop, criteria!, most + 1).catch((error: unknown) => throwAtEntry(index, error))
    return [index, versions] as const
  })
  return new Map(found)
}

/** What is stored under the ids that entries name. */
const storedOf = async ({ store }: Careloop, entries: readonly WriteEntry[]): Promise<Map<string, Version>> => {
  const named = entries.filter(({ interaction, id, criteria, content }) =>
    criteria ? interaction === 'update' && content?.id !== undefined : interaction !== 'create' && id !== '',
  )
  const versions = named.length ? await store.readMany(named) : []
  return new Map(versions.map((version) => [referenceTo(version.type, version.id), version]))
}

/** Deletes come first, so a conditional create that found what this transaction deletes has found nothing certain. */
const refuseFoundAndDeleted = (entries: readonly AimedEntry[]): void => {
  const deleted = new Set(
    entries.filter(({ interaction }) => interaction === 'delete').map(({ type, id }) => referenceTo(type, id)),
  )
  for (const { found, type, id, index } of entries)
    if (found && deleted.has(referenceTo(type, id)))
      throw fail('invalid', 'This finds a resource that another entry of the Bundle deletes.', entryPath(index))
}

const withPatchedContent = async (entry: AimedEntry): Promise<AimedEntry> => {
  const { patch, current, preconditions, index } = entry
  if (!patch || !current) return entry
  const content = await patchedContent(current, patch, preconditions).catch((error: unknown) =>
    throwAtEntry(index, error),
  )
  return { ...entry, content }
}
