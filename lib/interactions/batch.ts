import type { Bundle, BundleEntry } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import { asFhirError } from './as-fhir-error.ts'
import { inPhases, type RequestEntry, rawEntries, readEntry, requestOf } from './bundle-entry.ts'
import { errorEntry, responseEntry } from './bundle-response.ts'
import type { EntryAnswer, Interaction } from './interaction.ts'

const AT_ONCE = 8

/** Every entry by itself, answered in its place whatever becomes of the others. https://hl7.org/fhir/R4/http.html#brules */
export const batch: Interaction = async (careloop, request, resolve) => {
  const raw = rawEntries(request.body)
  const entry = new Array<BundleEntry>(raw.length)
  const unexpected: string[] = []
  const entries = new Array<EntryAnswer>(raw.length)
  const refuse = (thrown: unknown, index: number, read?: RequestEntry): void => {
    if (!(thrown instanceof FhirError)) unexpected.push(thrown instanceof Error ? thrown.name : typeof thrown)
    const error = asFhirError(thrown, request.requestId)
    entry[index] = errorEntry(error)
    entries[index] = { ...read, error }
  }

  const readable: RequestEntry[] = []
  for (const [index, rawEntry] of raw.entries())
    try {
      readable.push(readEntry(rawEntry, index, request, resolve))
    } catch (error) {
      refuse(error, index)
    }

  const answer = async (read: RequestEntry): Promise<void> => {
    try {
      const answer = await read.handle(careloop, requestOf(read, request), resolve)
      entry[read.index] = responseEntry(answer, request)
      entries[read.index] = { ...read, answer }
    } catch (error) {
      refuse(error, read.index, read)
    }
  }
  for (const phase of inPhases(readable)) await boundedly(phase, AT_ONCE, answer)

  const bundle: Bundle = { resourceType: 'Bundle', type: 'batch-response', ...(entry.length && { entry }) }
  return { status: 200, resource: bundle as unknown as Resource, entries, ...(unexpected.length && { unexpected }) }
}
