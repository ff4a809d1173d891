import type { BundleEntry, BundleEntryResponse, OperationOutcome } from 'fhir/r4'
import { type FhirError, outcomeOf } from '../outcome.ts'
import { etagOf } from './etag.ts'
import type { Answer, InteractionRequest } from './interaction.ts'
import { fullUrlOf, versionedReference } from './links.ts'
import { contentOf, statusWith } from './prefer-return.ts'

// A module of Node's that is imported gives all it has: of node:http that is the whole client of fetch, 20 ms of a cold start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

const statusLine = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim()

/** What HTTP would have said in its head, as `Bundle.entry.response`. */
export const responseOf = ({ status, version, located }: Answer): BundleEntryResponse => ({
  status: statusLine(status),
  ...(located && version && { location: versionedReference(version) }),
  ...(version && { etag: etagOf(version), lastModified: version.updated }),
})

/** The entry of a batch-response or transaction-response. Writes show their content only when `Prefer: return` was given. */
export const responseEntry = (answer: Answer, { prefer, baseUrl }: InteractionRequest): BundleEntry => {
  const content = contentOf(answer, prefer.return ?? 'minimal')
  const response = responseOf({ ...answer, status: statusWith(content, answer) })
  if (content?.resourceType === 'OperationOutcome')
    return { response: { ...response, outcome: content as unknown as OperationOutcome } }
  return {
    ...(answer.version && content && { fullUrl: fullUrlOf(baseUrl, answer.version) }),
    ...(content && { resource: content as unknown as NonNullable<BundleEntry['resource']> }),
    response,
  }
}

export const errorEntry = (error: FhirError): BundleEntry => ({
  response: { status: statusLine(error.status), outcome: outcomeOf(error) },
})
