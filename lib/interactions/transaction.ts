import type { Bundle, BundleEntry } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { withOutcome } from '../security/access/decide.ts'
import { boundedly } from '../store/backoff.ts'
import { asFhirError } from './as-fhir-error.ts'
import { entryPath, requestOf } from './bundle-entry.ts'
import { referencesIn } from './bundle-links.ts'
import { errorEntry, responseEntry } from './bundle-response.ts'
import { isConditional, resolveConditionalReferences } from './conditional-references.ts'
import type { EntryAnswer, Interaction } from './interaction.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { commitTransaction, type TransactionState } from './transaction-commit.ts'
import { readTransaction, type WriteEntry } from './transaction-entries.ts'

const READS_AT_ONCE = 8

/**
 * All writes in one commit, or none. Reads are answered after it; one that finds nothing says so in its entry, for the writes stand.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export const transaction: Interaction = async (careloop, request, resolve) => {
  const { writes, reads, count } = readTransaction(careloop, request, resolve)
  const state: TransactionState = {
    conditionalReferences: await conditionalReferencesOf(careloop, writes, request.baseUrl),
    voidOwners: new Map(),
  }
  const answers = await retryConflicts(() => commitTransaction(careloop, request, writes, state))

  const entry = new Array<BundleEntry>(count)
  const entries = new Array<EntryAnswer>(count)
  for (const write of writes) entries[write.index] = { ...write, answer: answers.get(write.index)! }
  for (const [index, answer] of answers) entry[index] = responseEntry(await withOutcome(careloop, answer), request)
  const unexpected: string[] = []
  await boundedly(reads, READS_AT_ONCE, async (read) => {
    try {
      const answer = await read.handle(careloop, requestOf(read, request), resolve)
      entry[read.index] = responseEntry(answer, request)
      entries[read.index] = { ...read, answer }
    } catch (thrown) {
      if (!(thrown instanceof FhirError)) unexpected.push(thrown instanceof Error ? thrown.name : typeof thrown)
      const error = asFhirError(thrown, request.requestId)
      entry[read.index] = errorEntry(error)
      entries[read.index] = { ...read, error }
    }
  })
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction-response', ...(entry.length && { entry }) }
  return { status: 200, resource: bundle as unknown as Resource, entries, ...(unexpected.length && { unexpected }) }
}

const conditionalReferencesOf = (careloop: Careloop, writes: readonly WriteEntry[], baseUrl: string) => {
  const places = new Map<string, string>()
  for (const { index, content } of writes)
    for (const { reference, path } of referencesIn(content))
      if (isConditional(reference) && !places.has(reference))
        places.set(reference, `${entryPath(index)}.resource.${path}`)
  return resolveConditionalReferences(careloop, places, baseUrl)
}
