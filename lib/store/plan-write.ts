import type { Instant, Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { itemBytes } from './item.ts'
import {
  claimKey,
  currentKey,
  logRowKey,
  type PostingKey,
  postingHash,
  rowSortKey,
  shardOf,
  versionKey,
  wakeShard,
} from './keys.ts'
import type { ConditionalPut, Item, Key } from './table.ts'
import { bodyAttributes, bodyOf, type Method, type Version, versionOf } from './version.ts'

/** What the store must know of a type of resource; lib/resources and lib/search provide it. */
export interface Indexing {
  /** Every list this resource stands in. Pure. */
  postings(resource: Resource): readonly PostingKey[]
  /** The next instant, after `woken` when given, at which time alone changes what must be done about it. Pure. */
  wakeAt(resource: Resource, woken: Instant | undefined): Instant | undefined
  /** what is once there stays as it is */
  appendOnly?: true
}

/** One change to one resource. */
export interface Write {
  type: string
  id: string
  /** The content of the new version; none deletes. */
  resource?: Resource
  /** The version this change was decided on; none: the id has never been used. */
  base?: Version
  method: Method
  /** For a conditional create: the criteria that no other conditional create may use at the same time. */
  claim?: Claim
}

export interface Claim {
  /** The criteria in canonical form, e.g. `identifier=urn:mrn|123`. */
  criteria: string
  /** The owner whose claim was seen to be void (deleted, or no longer matching). */
  voidOwner?: string
}

/** A put that is part of a commit. */
export interface PlannedPut extends ConditionalPut {
  /** what is stored when the condition holds */
  held?: Item
}

/** A write as the items it takes: see "commit point" in docs/data-model.md. */
export interface WritePlan {
  before: Item[]
  commit: PlannedPut[]
  after: Key[]
  version: Version
}

/** DynamoDB's limit on an item, less room for what the store adds to a body. */
export const LARGEST_ITEM = 400 * 1024 - 4096

type Asserted = Record<string, number>

/**
 * Everything one write needs, as values; touches nothing.
 * @throws FhirError tooLarge when the body does not fit an item; methodNotAllowed for a change of what is only ever added to
 */
export const planWrite = (write: Write, now: Instant, indexing: (type: string) => Indexing): WritePlan => {
  const { type, id, base } = write
  const resource = write.resource && { ...write.resource, id }
  const { postings, wakeAt, appendOnly } = indexing(type)
  if (appendOnly && (base || !resource))
    throw fail('methodNotAllowed', `A ${type} is a record: nothing changes or deletes it.`, undefined, {
      Allow: 'GET, HEAD',
    })
  const v = (base?.v ?? 0) + 1
  // Clocks of machines differ: a later version must not look older than the one before.
  const updated = base && base.updated > now ? base.updated : now

  const held = (base?.item.asserted ?? {}) as Asserted
  const wanted = new Map((resource ? postings(resource) : []).map((key) => [postingHash(key), key] as const))
  const asserted: Asserted = {}
  const added: Item[] = []
  for (const [hash, key] of wanted) {
    asserted[hash] = held[hash] ?? v
    if (held[hash] === undefined) added.push({ pk: key.pk, sk: rowSortKey(key.prefix, key.order, id, v) })
  }

  const woken = base?.item.woken as Instant | undefined
  const wake = resource && wakeAt(resource, woken)
  const others = {
    ...currentKey(type, id),
    v,
    updated,
    method: write.method,
    ...(resource ? { asserted } : { deleted: true }),
    ...(appendOnly && { record: true }),
    ...(wake && { wake: wakeShard(shardOf(id)), wakeAt: wake }),
    ...(woken && { woken }),
  }
  const current: Item = resource ? { ...others, ...bodyAttributes(bodyOf(resource), itemBytes(others)) } : others
  if (itemBytes(current) > LARGEST_ITEM)
    throw fail(
      'tooLarge',
      `A ${type} of this size cannot be stored: at most 400 KB after compression. Move attachments to where a URL can point at them.`,
    )

  // `woken` too: the clock may move without a new version, and a put that undid it would wake the item twice. `tx`: see intent.ts.
  const commit: PlannedPut[] = [
    base
      ? { item: current, condition: { v: base.v, woken, tx: undefined }, held: base.item }
      : { item: current, condition: 'absent' },
  ]
  if (write.claim) commit.push(claimPut(claimKey(type, write.claim.criteria), id, write.claim.voidOwner))

  return {
    before: [...(base ? [supersededCopy(base)] : []), { ...logRowKey(type, id, v, updated) }, ...added],
    commit,
    after: base ? droppedRows(base, held, wanted, postings) : [],
    version: versionOf(current),
  }
}

const claimPut = (key: Key, owner: string, voidOwner: string | undefined): PlannedPut => {
  const item = { ...key, owner }
  if (voidOwner === undefined) return { item, condition: 'absent' }
  return { item, condition: { owner: voidOwner, tx: undefined }, held: { ...key, owner: voidOwner } }
}

/** The immutable copy of a version that is about to be superseded. */
const supersededCopy = (base: Version): Item => {
  const { updated, method, deleted, body, z } = base.item
  return {
    ...versionKey(base.type, base.id, base.v),
    v: base.v,
    updated,
    method,
    ...(deleted && { deleted }),
    ...(body !== undefined && { body }),
    ...(z && { z }),
  }
}

/**
 * The rows that `base` asserted and the new version does not; a row that today's rules would not make is left for a reader to find
 * dead.
 */
const droppedRows = (
  base: Version,
  held: Asserted,
  wanted: ReadonlyMap<string, PostingKey>,
  postings: Indexing['postings'],
): Key[] => {
  if (base.deleted || Object.keys(held).every((hash) => wanted.has(hash))) return []
  return assertedRows(base, postings).flatMap(({ hash, row }) => (wanted.has(hash) ? [] : [row]))
}

/** The rows of a live version in its lists. Their keys are computed again from the body, those that today's rules make. */
const assertedRows = ({ content, id, item }: Version, postings: Indexing['postings']): { hash: string; row: Key }[] =>
  postings(content).flatMap((key) => {
    const hash = postingHash(key)
    const since = (item.asserted as Asserted)[hash]
    return since === undefined ? [] : [{ hash, row: { pk: key.pk, sk: rowSortKey(key.prefix, key.order, id, since) } }]
  })

/** Where a live current version stands: its rows in its lists and in the log. */
export const rowsInForce = (version: Version, { postings }: Indexing): Key[] => [
  ...assertedRows(version, postings).map(({ row }) => row),
  logRowKey(version.type, version.id, version.v, version.updated),
]
