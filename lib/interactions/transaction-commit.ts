import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import type { Claim, Write } from '../store/plan-write.ts'
import { ClaimTaken } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { entryPath } from './bundle-entry.ts'
import type { Links } from './bundle-links.ts'
import { commitWrites } from './commit-writes.ts'
import { deleteWrite } from './delete.ts'
import type { Answer, InteractionRequest } from './interaction.ts'
import { type AimedEntry, aimEntries } from './transaction-aim.ts'
import { contentsOf, linksOf } from './transaction-contents.ts'
import { inEntry, type WriteEntry } from './transaction-entries.ts'
import { updateWrite } from './update.ts'

const OWNERS_AT_ONCE = 16

/** What a transaction knows beside its entries, kept over attempts. */
export interface TransactionState {
  /** what conditional references have been found to mean */
  conditionalReferences: Links
  /** owners of claims that have been seen to be void, by the index of the entry that wants the claim */
  voidOwners: Map<number, string>
}

/** One entry's part: the write it needs, or the answer when it needs none. */
interface Part {
  entry: AimedEntry
  write?: Write
  status: number
  existing?: Version
}

/**
 * One attempt at all writes of a transaction: decided on what is stored now, committed together or not at all. The answers are by
 * index of the entry.
 * @throws VersionConflict and ClaimTaken when another writer came first; FhirError with the place in the Bundle
 */
export const commitTransaction = async (
  careloop: Careloop,
  request: InteractionRequest,
  entries: readonly WriteEntry[],
  state: TransactionState,
): Promise<Map<number, Answer>> => {
  const aimed = await aimEntries(careloop, entries)
  const links = linksOf(aimed, state.conditionalReferences)
  const contents = await contentsOf(careloop, aimed, links, request.baseUrl)
  const parts = aimed.map((entry) =>
    inEntry(entry.index, () => partOf(entry, contents.get(entry.index), state.voidOwners.get(entry.index))),
  )
  const writing = parts.filter((part) => part.write)
  const writes = writing.map((part) => part.write!)
  const placeOf = (write: number, path: string): string => {
    const part = writing[write]
    if (!part) return `Provenance${path && `.${path}`}`
    return `${entryPath(part.entry.index)}${path && `.resource.${path}`}`
  }
  try {
    const queryOf = (write: number) => writing[write]?.entry.query ?? []
    const { versions, warnings } = await commitWrites(careloop, request, writes, { placeOf, queryOf })
    const written = new Map(writing.map((part, position) => [part, versions[position]!]))
    const answers = new Map<number, Answer>(entries.map(({ index }) => [index, { status: 204 }]))
    for (const part of parts) answers.set(part.entry.index, answerOf(part, written.get(part), warnings))
    return answers
  } catch (error) {
    if (error instanceof ClaimTaken) await noteOwners(careloop, writing, state)
    throw error instanceof FhirError ? placed(error, writing) : error
  }
}

/** What the store refuses it does not say the place of: of several writes it could be any. */
const placed = (error: FhirError, writing: readonly Part[]): FhirError => {
  if (error.problems.every(({ expression }) => expression !== undefined)) return error
  return error.at(writing.length === 1 ? entryPath(writing[0]!.entry.index) : 'Bundle.entry')
}

/**
 * Who owns the claims that this transaction wants: of several that are taken the store names one. Owners are read before the search
 * of the next attempt; one that the search does not find no longer meets the criteria, and its claim is void.
 */
const noteOwners = async ({ store }: Careloop, writing: readonly Part[], { voidOwners }: TransactionState) => {
  const claiming = writing.flatMap(({ entry, write }) => (write?.claim ? [entry] : []))
  await boundedly(claiming, OWNERS_AT_ONCE, async ({ index, type, criteria }) => {
    const owner = await store.claimOwner(type, criteria!.canonical)
    if (owner !== undefined) voidOwners.set(index, owner)
  })
}

const partOf = (entry: AimedEntry, content: Resource | undefined, voidOwner: string | undefined): Part => {
  const { interaction, type, id, current, found, preconditions, criteria } = entry
  if (interaction === 'delete') {
    const write = deleteWrite(current, preconditions)
    return { entry, status: 204, ...(write ? { write } : { existing: current }) }
  }
  if (found) return { entry, status: 200, existing: found }
  const isLive = current !== undefined && !current.deleted
  const claim: Claim | undefined =
    criteria && !isLive ? { criteria: criteria.canonical, ...(voidOwner !== undefined && { voidOwner }) } : undefined
  if (interaction === 'create')
    return { entry, status: 201, write: { type, id, resource: content!, method: 'POST', ...(claim && { claim }) } }
  const method = interaction === 'patch' ? 'PATCH' : 'PUT'
  const write = updateWrite(entry, content!, current, preconditions, { method, ...(claim && { claim }) })
  if (!write) return { entry, status: 200, existing: current }
  return { entry, status: isLive ? 200 : 201, write }
}

const answerOf = (
  { entry, status, existing }: Part,
  written: Version | undefined,
  warnings: Answer['warnings'],
): Answer => {
  const version = written ?? existing
  const located = status === 201 || entry.interaction === 'create'
  const own = warnings?.filter(({ expression }) => expression?.startsWith(`${entryPath(entry.index)}.`))
  return {
    status,
    ...(version && { version }),
    ...(located && { located }),
    ...(own?.length && { warnings: own }),
    ...(entry.interaction === 'delete' && entry.current && { seen: [entry.current] }),
  }
}
