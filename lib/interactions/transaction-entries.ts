import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import { requirePermitted } from '../security/access/decide.ts'
import { entryPath, type RequestEntry, rawEntries, readEntry } from './bundle-entry.ts'
import { conditionalDeleteOf } from './conditional-delete.ts'
import { type Criteria, criteriaOf, parseCriteria } from './criteria.ts'
import type { InteractionRequest, Resolve } from './interaction.ts'
import { type Preconditions, preconditionsOf } from './preconditions.ts'
import { type Patch, readPatch } from './read-patch.ts'
import { submittedResource } from './resource-body.ts'
import { requireSameId } from './update.ts'

/** An entry of a transaction that writes. */
export interface WriteEntry extends RequestEntry {
  interaction: 'create' | 'update' | 'patch' | 'delete'
  /** what creates has the id it would get; empty where only the criteria know it */
  id: string
  /** of a create or update, links as they came */
  content?: Resource
  patch?: Patch
  preconditions: Preconditions
  /** of a conditional create, update, patch or delete */
  criteria?: Criteria
  /** how many resources may meet the criteria */
  most: number
}

export interface TransactionEntries {
  writes: WriteEntry[]
  reads: RequestEntry[]
  count: number
}

/** Reads all entries and refuses what can be refused without looking at what is stored. @throws FhirError with the place in the Bundle */
export const readTransaction = (
  careloop: Careloop,
  request: InteractionRequest,
  resolve: Resolve,
): TransactionEntries => {
  const entries = rawEntries(request.body).map((raw, index) => readEntry(raw, index, request, resolve))
  if (careloop.view)
    for (const entry of entries) inEntry(entry.index, () => requirePermitted(careloop.view!.access, entry))
  const writes: WriteEntry[] = []
  const reads: RequestEntry[] = []
  for (const entry of entries) {
    if (isWrite(entry)) writes.push(inEntry(entry.index, () => readWrite(entry, request, careloop)))
    else if (entry.method === 'GET' || entry.method === 'HEAD') reads.push(entry)
    else
      throw fail(
        'unsupportedParameter',
        `A transaction cannot hold a ${entry.interaction} by ${entry.method}; send it by itself.`,
        `${entryPath(entry.index)}.request`,
      )
  }
  refuseDuplicates(writes)
  return { writes, reads, count: entries.length }
}

type Writing = RequestEntry & { interaction: WriteEntry['interaction'] }

const WRITES: readonly string[] = ['create', 'update', 'patch', 'delete'] satisfies WriteEntry['interaction'][]
const isWrite = (entry: RequestEntry): entry is Writing => WRITES.includes(entry.interaction)

const readWrite = (entry: Writing, { baseUrl }: InteractionRequest, { ids, tenant }: Careloop): WriteEntry => {
  const { interaction, type, query, conditions, resource } = entry
  const changes = interaction === 'update' || interaction === 'patch'
  const preconditions = preconditionsOf(conditions, changes && tenant.requireIfMatch)
  const isConditional = interaction !== 'create' && entry.id === ''
  const criteria = isConditional && interaction !== 'delete' ? criteriaOf(type, query, baseUrl) : undefined
  const write = { ...entry, preconditions, most: 1, ...(criteria && { criteria }) }
  if (interaction === 'delete')
    return isConditional ? { ...write, ...conditionalDeleteOf(type, query, baseUrl) } : write
  if (interaction === 'patch') return { ...write, patch: readPatch(resource) }
  const content = submittedResource(type, resource, baseUrl)
  if (interaction === 'update') {
    if (!isConditional) requireSameId(content, entry)
    return { ...write, id: content.id ?? ids.next(), content }
  }
  const { ifNoneExist } = conditions
  const absent = ifNoneExist === undefined ? undefined : parseCriteria(type, ifNoneExist, baseUrl)
  return { ...write, id: ids.next(), content, ...(absent && { criteria: absent }) }
}

/** Throws the error again with its place in the Bundle. */
export const throwAtEntry = (index: number, error: unknown): never => {
  throw error instanceof FhirError ? error.at(entryPath(index)) : error
}

/** Puts the place in the Bundle in front of whatever goes wrong. */
export const inEntry = <T>(index: number, action: () => T): T => {
  try {
    return action()
  } catch (error) {
    return throwAtEntry(index, error)
  }
}

const refuseRepeated = (seen: Map<string, number>, what: string, key: string, index: number): void => {
  const first = seen.get(key)
  if (first !== undefined)
    throw fail('invalid', `${entryPath(first)} and ${entryPath(index)} ${what}.`, entryPath(index))
  seen.set(key, index)
}

/** No two entries may be about the same thing: which of them should win? https://hl7.org/fhir/R4/http.html#trules */
const refuseDuplicates = (writes: readonly WriteEntry[]): void => {
  refuseSameResource(writes.filter(({ criteria, interaction }) => !criteria || interaction === 'create'))
  const seen = new Map<string, number>()
  for (const { type, fullUrl, criteria, index } of writes) {
    if (fullUrl !== undefined) refuseRepeated(seen, 'have the same fullUrl', `fullUrl ${fullUrl}`, index)
    if (criteria)
      refuseRepeated(seen, 'are decided by the same criteria', `criteria ${type}?${criteria.canonical}`, index)
  }
}

/** For entries whose resource is known. @throws FhirError invalid (400) */
export const refuseSameResource = (writes: readonly Pick<WriteEntry, 'type' | 'id' | 'index'>[]): void => {
  const seen = new Map<string, number>()
  for (const { type, id, index } of writes)
    refuseRepeated(seen, 'change the same resource', referenceTo(type, id), index)
}
