import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4'
import { NotAsTold } from './narrator.ts'

/** The API as another system sees it. Every call throws NotAsTold when it is refused. */
export interface FhirClient {
  transaction(bundle: Bundle): Promise<Bundle>
  search<T extends FhirResource>(query: string): Promise<T[]>
  /** Replaces the version that was read, or fails. */
  update(resource: FhirResource, path: string): Promise<void>
}

const FHIR_JSON = 'application/fhir+json'

export const createFhirClient = (baseUrl: string, token: string): FhirClient => {
  const ask = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        accept: FHIR_JSON,
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': FHIR_JSON }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json().catch(() => undefined)) as T
    if (response.ok) return answer
    const issue = (answer as OperationOutcome | undefined)?.issue?.[0]
    throw new NotAsTold(
      `${method} ${path || '/'} was refused with ${response.status}: ${issue?.diagnostics ?? 'no reason given'}`,
    )
  }
  return {
    transaction: (bundle) => ask('POST', '', bundle),
    async search<T extends FhirResource>(query: string) {
      const { entry = [] } = await ask<Bundle>('GET', `/${query}`)
      return entry.flatMap(({ resource }) => (resource ? [resource as T] : []))
    },
    async update(resource, path) {
      const version = resource.meta?.versionId
      await ask('PUT', `/${path}`, resource, version ? { 'if-match': `W/"${version}"` } : {})
    },
  }
}
