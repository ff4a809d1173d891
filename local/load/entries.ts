import { createHash } from 'node:crypto'
import { v5 } from 'uuid'
import { ID, type Resource, referenceTo } from '../../lib/fhir.ts'
import { stringifyJson } from '../../lib/json.ts'
import { UnreadableFile } from './cannot-load.ts'

/** One thing to write, with the id it will have decided wherever we can decide it. */
export interface Entry {
  /** its place in the file, as people count it there: `entry[3]` or `line 4` */
  place: string
  type: string
  /** what references in the same file may call it */
  fullUrl?: string
  /** `Type/id` where this write goes; absent while only the server can tell */
  target?: string
  /** as sent in `Bundle.entry.request`: method, url, ifNoneExist, ifMatch, … */
  request: { method: string; url: string; [element: string]: unknown }
  resource?: Resource
}

export interface ReadBundle {
  type: 'transaction' | 'batch' | 'collection'
  entries: Entry[]
  /** entries that read (GET, HEAD): there is nothing to load in them */
  reads: number
}

const URN_UUID = /^urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i
const TYPE = /^[A-Z][A-Za-z]+$/
const LITERAL = /^([A-Z][A-Za-z]+)\/([^/?]+)$/
const NAMESPACE = 'b7f1c0de-5d0c-5a55-8f7e-0f6d1f1c2a10'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isResource = (value: unknown): value is Resource =>
  isObject(value) && typeof value.resourceType === 'string' && TYPE.test(value.resourceType)

/**
 * Makes ids for resources that bring none: the same content gets the same id in every run, and content that occurs twice in one
 * file is two resources, as it was meant to be.
 */
export const createContentIds = (): ((resource: Resource) => string) => {
  const seen = new Map<string, number>()
  return (resource) => {
    const digest = createHash('sha256').update(stringifyJson(resource)).digest('base64')
    const nth = seen.get(digest) ?? 0
    seen.set(digest, nth + 1)
    return v5(`${digest}#${nth}`, NAMESPACE)
  }
}

type ContentIds = ReturnType<typeof createContentIds>

/**
 * A plain resource becomes a PUT to its own id. So loading it again changes nothing, whatever the order.
 * A `urn:uuid:` is unique by its nature, so it comes before an id that another system may also have given.
 */
export const putOf = (resource: Resource, place: string, contentIds: ContentIds, fullUrl?: string): Entry => {
  const uuid = fullUrl && URN_UUID.exec(fullUrl)?.[1]?.toLowerCase()
  const own = typeof resource.id === 'string' && ID.test(resource.id) ? resource.id : undefined
  const id = uuid ?? own ?? contentIds(resource)
  const target = referenceTo(resource.resourceType, id)
  return {
    place,
    type: resource.resourceType,
    ...(fullUrl && { fullUrl }),
    target,
    request: { method: 'PUT', url: target },
    resource: { ...resource, id },
  }
}

const writeOf = (entry: Record<string, unknown>, place: string, contentIds: ContentIds): Entry | 'read' => {
  const { resource } = entry
  const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined
  const request = isObject(entry.request) ? entry.request : undefined
  if (resource !== undefined && !isResource(resource)) throw new UnreadableFile(`${place} holds no FHIR resource`)
  const method = typeof request?.method === 'string' ? request.method : undefined
  if (method === 'GET' || method === 'HEAD') return 'read'
  if (!method || (method === 'POST' && !request?.ifNoneExist)) {
    if (!resource) throw new UnreadableFile(`${place} has neither a resource nor a request that could do without one`)
    return putOf(resource, place, contentIds, fullUrl)
  }
  const url = typeof request?.url === 'string' ? request.url : (resource?.resourceType ?? '')
  const literal = LITERAL.exec(url)
  const type = resource?.resourceType ?? url.split(/[/?]/)[0] ?? ''
  return {
    place,
    type,
    ...(fullUrl && { fullUrl }),
    ...(literal && { target: url }),
    request: { ...request, method, url },
    ...(resource && { resource: method === 'PUT' && literal ? { id: literal[2], ...resource } : resource }),
  }
}

const BUNDLES: Record<string, ReadBundle['type']> = {
  transaction: 'transaction',
  batch: 'batch',
  collection: 'collection',
  document: 'collection',
  searchset: 'collection',
}

/** Deletions come first in a transaction: https://hl7.org/fhir/R4/http.html#trules */
const deletionsFirst = (entries: Entry[]): Entry[] => [
  ...entries.filter(({ request }) => request.method === 'DELETE'),
  ...entries.filter(({ request }) => request.method !== 'DELETE'),
]

/** What a file of JSON wants written. @throws UnreadableFile that says why it cannot be loaded */
export const readBundle = (content: unknown): ReadBundle => {
  const contentIds = createContentIds()
  if (!isResource(content)) throw new UnreadableFile('this is JSON, but no FHIR resource: it has no resourceType')
  if (content.resourceType !== 'Bundle') {
    return { type: 'collection', entries: [putOf(content, content.resourceType, contentIds)], reads: 0 }
  }
  const type = BUNDLES[String(content.type)]
  if (!type) {
    const hint = content.type === 'message' ? ': send it to $process-message' : ''
    throw new UnreadableFile(`a Bundle of type ${String(content.type)} is not a set of resources to load${hint}`)
  }
  const given = Array.isArray(content.entry) ? content.entry : []
  const writes = given.map((entry: unknown, index) =>
    writeOf(isObject(entry) ? entry : {}, `entry[${index}]`, contentIds),
  )
  const entries = writes.filter((write) => write !== 'read')
  return { type, entries: deletionsFirst(entries), reads: writes.length - entries.length }
}
