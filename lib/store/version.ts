import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Instant, Resource } from '../fhir.ts'
import { parseJson, stringifyJson } from '../json.ts'
import type { Item } from './table.ts'

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One version of one resource, as the store knows it. */
export interface Version {
  readonly type: string
  readonly id: string
  readonly v: number
  readonly updated: Instant
  readonly method: Method
  readonly deleted: boolean
  /** The item it was read from; the store's own business. */
  readonly item: Item
}

const BODY_WITHOUT_META = new WeakMap<Item, string>()

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

/** The stored JSON text of a version; empty for a tombstone. */
export const bodyText = (version: Version): string => {
  const { item } = version
  const known = BODY_WITHOUT_META.get(item)
  if (known !== undefined) return known
  const text = item.z
    ? inflateRawSync(item.z as Uint8Array).toString('utf8')
    : ((item.body as string | undefined) ?? '')
  BODY_WITHOUT_META.set(item, text)
  return text
}

/** The resource of a version with the server's `id`, `meta.versionId` and `meta.lastUpdated`; a fresh object each time. Not for tombstones. */
export const resourceOf = (version: Version): Resource => {
  const { resourceType, meta, ...rest } = parseJson(bodyText(version)) as Resource
  return {
    resourceType,
    id: version.id,
    meta: { ...meta, versionId: String(version.v), lastUpdated: version.updated },
    ...rest,
  }
}

/** Reads an item of kind "current" or "superseded version". */
export const versionOf = (item: Item): Version => {
  const slash = item.pk.indexOf('/')
  return {
    type: item.pk.slice(0, slash),
    id: item.pk.slice(slash + 1),
    v: item.v as number,
    updated: item.updated as Instant,
    method: item.method as Method,
    deleted: item.deleted === true,
    item,
  }
}
