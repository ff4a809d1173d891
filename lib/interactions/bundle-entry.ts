import type { Bundle } from 'fhir/r4'
import { FhirError, fail } from '../outcome.ts'
import type { Conditions, InteractionRequest, Parameter, Resolve, Resolved } from './interaction.ts'
import { parseRelativeUrl } from './relative-url.ts'
import { resourceOfType } from './resource-body.ts'

const LARGEST_BUNDLE = 5_000

/** An entry of a batch or transaction, read: what it asks for and of which interaction. */
export interface RequestEntry extends Resolved {
  index: number
  fullUrl?: string
  method: string
  query: readonly Parameter[]
  conditions: Conditions
  /** JSON, not looked into yet */
  resource?: unknown
}

/** `Bundle.entry[3]` */
export const entryPath = (index: number): string => `Bundle.entry[${index}]`

/** The entries of a Bundle as they came. @throws FhirError invalid (400), tooLarge (413) */
export const rawEntries = (body: unknown): readonly unknown[] => {
  const { entry = [] } = resourceOfType('Bundle', body) as unknown as Partial<Bundle>
  if (!Array.isArray(entry)) throw fail('invalid', 'Bundle.entry must be an array.', 'Bundle.entry')
  if (entry.length > LARGEST_BUNDLE)
    throw fail('tooLarge', `A Bundle can have ${LARGEST_BUNDLE} entries, this one has ${entry.length}.`, 'Bundle.entry')
  return entry
}

type Loose = Record<string, unknown>
const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null

const textOf = (element: Loose, name: string, path: string): string | undefined => {
  const value = element[name]
  if (value === undefined || typeof value === 'string') return value
  throw fail('invalid', `${name} must be a string.`, `${path}.${name}`)
}

/** @throws FhirError that names the place in the Bundle: malformed (400), nowhere to be found (404), not to be done (405) */
export const readEntry = (
  raw: unknown,
  index: number,
  { baseUrl }: InteractionRequest,
  resolve: Resolve,
): RequestEntry => {
  const path = entryPath(index)
  if (!isObject(raw) || !isObject(raw.request))
    throw fail('invalid', 'An entry of a batch or transaction needs a request with method and url.', `${path}.request`)
  const requestPath = `${path}.request`
  const method = textOf(raw.request, 'method', requestPath)
  const url = textOf(raw.request, 'url', requestPath)
  const fullUrl = textOf(raw, 'fullUrl', path)
  if (!method) throw fail('invalid', 'request.method is missing.', `${requestPath}.method`)
  if (!url) throw fail('invalid', 'request.url is missing.', `${requestPath}.url`)
  const { segments, query } = parseRelativeUrl(url, baseUrl, `${requestPath}.url`)
  const resolved = resolveAt(`${requestPath}.url`, () => resolve(method, segments))
  if (resolved.interaction === 'batch' || resolved.interaction === 'transaction')
    throw fail('invalid', 'A Bundle cannot be an entry of a batch or transaction.', `${requestPath}.url`)
  const condition = (name: keyof Conditions) => {
    const text = textOf(raw.request as Loose, name, requestPath)
    return text !== undefined && { [name]: text }
  }
  return {
    ...resolved,
    index,
    method,
    query,
    ...(fullUrl !== undefined && { fullUrl }),
    conditions: {
      ...condition('ifMatch'),
      ...condition('ifNoneMatch'),
      ...condition('ifModifiedSince'),
      ...condition('ifNoneExist'),
    },
    ...(raw.resource !== undefined && { resource: raw.resource }),
  }
}

const resolveAt = (path: string, resolved: () => Resolved): Resolved => {
  try {
    return resolved()
  } catch (error) {
    throw error instanceof FhirError ? error.at(path) : error
  }
}

/** The request of an entry, as if it had come by itself. */
export const requestOf = (entry: RequestEntry, bundle: InteractionRequest): InteractionRequest => {
  const { type, id, versionId, query, conditions, resource } = entry
  const { prefer, baseUrl, requestId, provenance, caller, access } = bundle
  return {
    type,
    id,
    versionId,
    query,
    conditions,
    prefer,
    baseUrl,
    requestId,
    ...(resource !== undefined && { body: resource }),
    ...(provenance !== undefined && { provenance }),
    ...(caller && { caller }),
    ...(access && { access }),
  }
}

/** https://hl7.org/fhir/R4/http.html#trules */
const PHASES = [['DELETE'], ['POST'], ['PUT', 'PATCH'], ['GET', 'HEAD']]

/** The entries in the order in which they are to be processed, whatever their order in the Bundle. */
export const inPhases = (entries: readonly RequestEntry[]): RequestEntry[][] =>
  PHASES.map((methods) => entries.filter(({ method }) => methods.includes(method)))
