import { type Resource, referenceTo } from '../fhir.ts'
import type { Ids } from '../ids.ts'
import { FhirError, fail } from '../outcome.ts'
import { entryPath, type RequestEntry, rawEntries, readEntry } from './bundle-entry.ts'
import { type Criteria, parseCriteria } from './criteria.ts'
import type { InteractionRequest, Resolve } from './interaction.ts'
import { type Preconditions, preconditionsOf } from './preconditions.ts'
import { resourceOfType } from './resource-body.ts'
import { requireSameId } from './update.ts'

/** An entry of a transaction that writes. */
export interface WriteEntry extends RequestEntry {
  interaction: 'create' | 'update' | 'delete'
  /** a create has the id it would get */
  id: string
  /** of a create or update, links as they came */
  content?: Resource
  preconditions: Preconditions
  /** of a conditional create */
  criteria?: Criteria
}

export interface TransactionEntries {
  writes: WriteEntry[]
  reads: RequestEntry[]
  count: number
}

/** Reads all entries and refuses what can be refused without looking at what is stored. @throws FhirError with the place in the Bundle */
export const readTransaction = (request: InteractionRequest, resolve: Resolve, ids: Ids): TransactionEntries => {
  const entries = rawEntries(request.body).map((raw, index) => readEntry(raw, index, request, resolve))
  const writes: WriteEntry[] = []
  const reads: RequestEntry[] = []
  for (const entry of entries) {
    if (isWrite(entry)) writes.push(inEntry(entry.index, () => readWrite(entry, request, ids)))
    else if (entry.method === 'GET' || entry.method === 'HEAD') reads.push(entry)
    else
      throw fail(
        'notSupported',
        `A transaction cannot hold a ${entry.interaction} by ${entry.method}; send it by itself.`,
        `${entryPath(entry.index)}.request`,
      )
  }
  refuseDuplicates(writes)
  return { writes, reads, count: entries.length }
}

type Writing = RequestEntry & { interaction: WriteEntry['interaction'] }

const isWrite = (entry: RequestEntry): entry is Writing =>
  entry.interaction === 'create' || entry.interaction === 'update' || entry.interaction === 'delete'

const readWrite = (entry: Writing, { baseUrl }: InteractionRequest, ids: Ids): WriteEntry => {
  const preconditions = preconditionsOf(entry.conditions)
  if (entry.interaction === 'delete') return { ...entry, preconditions }
  const content = resourceOfType(entry.type, entry.resource)
  if (entry.interaction === 'update') {
    requireSameId(content, entry)
    return { ...entry, content, preconditions }
  }
  const { ifNoneExist } = entry.conditions
  const criteria = ifNoneExist === undefined ? undefined : parseCriteria(entry.type, ifNoneExist, baseUrl)
  return { ...entry, id: ids.next(), content, preconditions, ...(criteria && { criteria }) }
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

/** No two entries may be about the same thing: which of them should win? https://hl7.org/fhir/R4/http.html#trules */
const refuseDuplicates = (writes: readonly WriteEntry[]): void => {
  const seen = new Map<string, number>()
  const once = (what: string, key: string, index: number): void => {
    const first = seen.get(key)
    if (first !== undefined)
      throw fail('invalid', `${entryPath(first)} and ${entryPath(index)} ${what}.`, entryPath(index))
    seen.set(key, index)
  }
  for (const { type, id, fullUrl, criteria, index } of writes) {
    once('change the same resource', referenceTo(type, id), index)
    if (fullUrl !== undefined) once('have the same fullUrl', `fullUrl ${fullUrl}`, index)
    if (criteria) once('create on the same criteria', `criteria ${type}?${criteria.canonical}`, index)
  }
}
