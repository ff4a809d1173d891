import type { Bundle, BundleEntry } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { boundedly } from '../store/backoff.ts'
import { asFhirError } from './as-fhir-error.ts'
import { inPhases, type RequestEntry, rawEntries, readEntry, requestOf } from './bundle-entry.ts'
import { errorEntry, responseEntry } from './bundle-response.ts'
import type { Interaction } from './interaction.ts'

const AT_ONCE = 8

/** Every entry by itself, answered in its place whatever becomes of the others. https://hl7.org/fhir/R4/http.html#brules */
export const batch: Interaction = async (careloop, request, resolve) => {
  const raw = rawEntries(request.body)
  const entry = new Array<BundleEntry>(raw.length)
  const unexpected: string[] = []
  const refused = (error: unknown): BundleEntry => {
    if (!(error instanceof FhirError)) unexpected.push(error instanceof Error ? error.name : typeof error)
    return errorEntry(asFhirError(error, request.requestId))
  }

  const readable: RequestEntry[] = []
  for (const [index, rawEntry] of raw.entries())
    try {
      readable.push(readEntry(rawEntry, index, request, resolve))
    } catch (error) {
      entry[index] = refused(error)
    }

  const answer = async (read: RequestEntry): Promise<void> => {
    try {
      entry[read.index] = responseEntry(await read.handle(careloop, requestOf(read, request), resolve), request)
    } catch (error) {
      entry[read.index] = refused(error)
    }
  }
  for (const phase of inPhases(readable)) await boundedly(phase, AT_ONCE, answer)

  const bundle: Bundle = { resourceType: 'Bundle', type: 'batch-response', ...(entry.length && { entry }) }
  return { status: 200, resource: bundle as unknown as Resource, ...(unexpected.length && { unexpected }) }
}
