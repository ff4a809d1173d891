import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Instant, Resource } from '../fhir.ts'
import { parseJson, stringifyJson } from '../json.ts'
import type { Item } from './table.ts'

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One version of one resource, as the store knows it. What has been read of its body stays with it: a search matches, sorts, includes
 * and shows one and the same parse.
 */
export class Version {
  readonly type: string
  readonly id: string
  readonly v: number
  readonly updated: Instant
  readonly method: Method
  readonly deleted: boolean
  /** The item it was read from; the store's own business. */
  readonly item: Item
  #text: string | undefined
  #content: Resource | undefined

  /** @param item of kind "current" or "superseded version" */
  constructor(item: Item) {
    const slash = item.pk.indexOf('/')
    this.type = item.pk.slice(0, slash)
    this.id = item.pk.slice(slash + 1)
    this.v = item.v as number
    this.updated = item.updated as Instant
    this.method = item.method as Method
    this.deleted = item.deleted === true
    this.item = item
  }

  /** The stored JSON text; empty for a tombstone. */
  get text(): string {
    const { z, body } = this.item
    this.#text ??= z ? inflateRawSync(z as Uint8Array).toString('utf8') : ((body as string | undefined) ?? '')
    return this.#text
  }

  /** The resource, shared by all who look: not to be changed. {@link resourceOf} gives one to change. */
  get content(): Readonly<Resource> {
    this.#content ??= readLately(this)
    return this.#content
  }
}

/** So many versions a process keeps the content of: the work of some patients, at a few KB each. */
const LATELY = 500

/** What was read lately, the latest last: event after event looks at the same versions. */
const lately = new Map<string, { item: Item; content: Resource }>()

const sameBody = (one: Item, other: Item): boolean =>
  one.updated === other.updated &&
  one.body === other.body &&
  (one.z === other.z ||
    (one.z !== undefined && other.z !== undefined && Buffer.compare(one.z as Uint8Array, other.z as Uint8Array) === 0))

/** The content of a version. It is told apart by all that it is made of, so it is what parsing it once more would give. */
const readLately = (version: Version): Resource => {
  const { item, v } = version
  const key = `${item.pk} ${v}`
  const known = lately.get(key)
  const content = known && sameBody(known.item, item) ? known.content : resourceOf(version)
  lately.delete(key)
  lately.set(key, { item, content })
  if (lately.size > LATELY) lately.delete(lately.keys().next().value!)
  return content
}

/** A 1 KB write unit is what compression has to save to be worth it. */
const WRITE_UNIT = 1024

/** What is stored of a resource: everything but what the server itself says of it (id, versionId, lastUpdated). */
export const bodyOf = (resource: Resource): string => {
  const { resourceType, id: _id, meta, ...rest } = resource
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {}
  return stringifyJson({ resourceType, ...(Object.keys(kept).length && { meta: kept }), ...rest })
}

/** The body as attributes of an item: text, or deflated when that saves at least one write unit given what else the item holds. */
export const bodyAttributes = (body: string, otherBytes: number): { body: string } | { z: Uint8Array } => {
  const plainBytes = Buffer.byteLength(body)
  const units = (bytes: number) => Math.ceil((bytes + otherBytes) / WRITE_UNIT)
  if (units(plainBytes) === 1) return { body }
  const z = deflateRawSync(body)
  return units(z.length) < units(plainBytes) ? { z } : { body }
}

/** The resource of a version with the server's `id`, `meta.versionId` and `meta.lastUpdated`; a fresh object each time. Not for tombstones. */
export const resourceOf = (version: Version): Resource => {
  const { resourceType, meta, ...rest } = parseJson(version.text) as Resource
  return {
    resourceType,
    id: version.id,
    meta: { ...meta, versionId: String(version.v), lastUpdated: version.updated },
    ...rest,
  }
}

/** Reads an item of kind "current" or "superseded version". */
export const versionOf = (item: Item): Version => new Version(item)
