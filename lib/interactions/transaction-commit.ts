import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import type { Write } from '../store/plan-write.ts'
import { ClaimTaken } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { entryPath } from './bundle-entry.ts'
import type { Links } from './bundle-links.ts'
import { findUpToTwo, onlyMatch } from './criteria.ts'
import { deleteWrite } from './delete.ts'
import type { Answer } from './interaction.ts'
import { contentsOf, linksOf } from './transaction-contents.ts'
import { inEntry, throwAtEntry, type WriteEntry } from './transaction-entries.ts'
import { updateWrite } from './update.ts'

const SEARCHES_AT_ONCE = 16

/** What a transaction knows beside its entries, kept over attempts. */
export interface TransactionState {
  /** what conditional references have been found to mean */
  conditionalReferences: Links
  /** owners of claims that have been seen to be void, by the index of the entry that wants the claim */
  voidOwners: Map<number, string>
}

/** One entry's part: the write it needs, or the answer when it needs none. */
interface Part {
  entry: WriteEntry
  write?: Write
  status: number
  existing?: Version
}

/**
 * One attempt at all writes of a transaction: decided on what is stored now, committed together or not at all.
 * @throws VersionConflict and ClaimTaken when another writer came first; FhirError with the place in the Bundle
 */
export const commitTransaction = async (
  careloop: Careloop,
  entries: readonly WriteEntry[],
  state: TransactionState,
): Promise<Map<number, Answer>> => {
  const { store } = careloop
  const [matches, current] = await Promise.all([matchesOf(careloop, entries), currentOf(careloop, entries)])
  const links = linksOf(entries, matches, state.conditionalReferences)
  const contents = contentsOf(entries, matches, links)
  const parts = entries.map((entry) =>
    inEntry(entry.index, () => partOf(entry, contents.get(entry.index), current, matches, state)),
  )
  const writing = parts.filter((part) => part.write)
  try {
    const versions = await store.write(writing.map((part) => part.write!))
    const written = new Map(writing.map((part, position) => [part, versions[position]!]))
    return new Map(parts.map((part) => [part.entry.index, answerOf(part, written.get(part))]))
  } catch (error) {
    if (error instanceof ClaimTaken) await noteOwners(careloop, writing, state)
    // The store does not say which of several it could not take.
    if (error instanceof FhirError)
      throw error.at(writing.length === 1 ? entryPath(writing[0]!.entry.index) : 'Bundle.entry')
    throw error
  }
}

/**
 * Who owns the claims that this transaction wants: of several that are taken the store names one. Owners are read before the search
 * of the next attempt; one that the search does not find no longer meets the criteria, and its claim is void.
 */
const noteOwners = async ({ store }: Careloop, writing: readonly Part[], { voidOwners }: TransactionState) => {
  const claiming = writing.flatMap(({ entry }) => (entry.criteria ? [entry] : []))
  await boundedly(claiming, SEARCHES_AT_ONCE, async ({ index, type, criteria }) => {
    const owner = await store.claimOwner(type, criteria!.canonical)
    if (owner !== undefined) voidOwners.set(index, owner)
  })
}

/** What conditional creates find, by index of the entry. */
const matchesOf = async (careloop: Careloop, entries: readonly WriteEntry[]): Promise<Map<number, Version>> => {
  const conditional = entries.filter(({ criteria }) => criteria)
  const found = await boundedly(conditional, SEARCHES_AT_ONCE, async ({ index, criteria }) => {
    const versions = await findUpToTwo(careloop, criteria!).catch((error: unknown) => throwAtEntry(index, error))
    return [index, inEntry(index, () => onlyMatch(versions))] as const
  })
  const matches = new Map(found.flatMap(([index, version]) => (version ? [[index, version] as const] : [])))
  refuseDeleted(entries, matches)
  return matches
}

/** Deletes come first, so a conditional create that found what this transaction deletes has found nothing certain. */
const refuseDeleted = (entries: readonly WriteEntry[], matches: ReadonlyMap<number, Version>): void => {
  const deleted = entries.filter(({ interaction }) => interaction === 'delete')
  for (const [index, { type, id }] of matches)
    if (deleted.some((entry) => entry.type === type && entry.id === id))
      throw fail('invalid', 'This finds a resource that another entry of the Bundle deletes.', entryPath(index))
}

const currentOf = async ({ store }: Careloop, entries: readonly WriteEntry[]): Promise<Map<string, Version>> => {
  const changing = entries.filter(({ interaction }) => interaction !== 'create')
  const versions = changing.length ? await store.readMany(changing) : []
  return new Map(versions.map((version) => [referenceTo(version.type, version.id), version]))
}

const partOf = (
  entry: WriteEntry,
  content: Resource | undefined,
  currentVersions: ReadonlyMap<string, Version>,
  matches: ReadonlyMap<number, Version>,
  state: TransactionState,
): Part => {
  const { interaction, type, id, index, preconditions, criteria } = entry
  const current = currentVersions.get(referenceTo(type, id))
  if (interaction === 'delete') {
    const write = deleteWrite(current, preconditions)
    return { entry, status: 204, ...(write ? { write } : { existing: current }) }
  }
  if (interaction === 'update') {
    const write = updateWrite(entry, content!, current, preconditions)
    if (!write) return { entry, status: 200, existing: current }
    return { entry, status: current && !current.deleted ? 200 : 201, write }
  }
  const existing = matches.get(index)
  if (existing) return { entry, status: 200, existing }
  const voidOwner = state.voidOwners.get(index)
  const claim = criteria && { criteria: criteria.canonical, ...(voidOwner !== undefined && { voidOwner }) }
  return { entry, status: 201, write: { type, id, resource: content!, method: 'POST', ...(claim && { claim }) } }
}

const answerOf = ({ entry, status, existing }: Part, written: Version | undefined): Answer => {
  const version = written ?? existing
  const located = status === 201 || entry.interaction === 'create'
  return { status, ...(version && { version }), ...(located && { located }) }
}
