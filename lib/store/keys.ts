import { hash } from 'node:crypto'
import type { Instant } from '../fhir.ts'
import type { Key } from './table.ts'

/**
 * Every key of the table, in one place. docs/data-model.md shows each with a real example.
 * Ids hold no `#`, `@`, `?` or `!` (https://hl7.org/fhir/R4/datatypes.html#id), so these characters can part a key.
 */

/** What only grows at its end, the log and the clocks, is spread over this many partitions (each takes 1,000 writes a second). */
export const SHARDS = 2

/** DynamoDB's limit on a partition key is 2,048 bytes; a longer value of a parameter is replaced by its digest. */
const LONGEST_VALUE = 512

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

export const shardOf = (id: string): number => digest(id).readUInt8(0) % SHARDS

export const shards = (): number[] => Array.from({ length: SHARDS }, (_, shard) => shard)

export const currentKey = (type: string, id: string): Key => ({ pk: `${type}/${id}`, sk: 'current' })

const VERSION_DIGITS = 10
export const versionKey = (type: string, id: string, v: number): Key => ({
  pk: `${type}/${id}`,
  sk: `v#${String(v).padStart(VERSION_DIGITS, '0')}`,
})

const boundedValue = (value: string): string =>
  Buffer.byteLength(value) <= LONGEST_VALUE ? value : `sha256:${digest(value).toString('hex')}`

/** Partition of the rows of all resources of `type` that hold `value` for the search parameter `parameter`. */
export const valuePartition = (type: string, parameter: string, value: string): string =>
  `${type}?${parameter}=${boundedValue(value)}`

/** Partition of everything in one patient's compartment; sort keys begin with the type. */
export const compartmentPartition = (patientId: string): string => `Patient/${patientId}?`
/** Partition of the records of what happened to one patient's data: apart, so that no reader of the compartment pays for them. */
export const recordPartition = (patientId: string): string => `Patient/${patientId}!`
export const compartmentPrefix = (type: string): string => `${type}/`

/** Partition of all live resources of a type that declares a listing, in its order: not sharded, see docs/adr/0004. */
export const listingPartition = (type: string): string => `${type}?!`

/** Partition of the change log of a type: one row a version, by instant, never deleted. */
export const logPartition = (type: string, shard: number): string => `${type}!${shard}`

export const claimKey = (type: string, claim: string): Key => ({ pk: `${type}?${boundedValue(claim)}`, sk: 'claim' })

/** The record of a transaction of more writes than one TransactWriteItems takes. */
export const transactionKey = (id: string): Key => ({ pk: `tx#${id}`, sk: 'transaction' })

/** A part of the list of the items that such a transaction writes. */
export const membersKey = (id: string, part: number): Key => ({ pk: `tx#${id}`, sk: `members#${part}` })

/** Whether this is the record of a transaction, which has a clock as a resource may have one. */
export const isTransactionKey = ({ sk }: Key): boolean => sk === 'transaction'

/** Partition of the wake index for items whose clock is kept by this shard. */
export const wakeShard = (shard: number): string => `wake#${shard}`

/** `<order>#<id>@<v>` behind the prefix of its partition. */
export const rowSortKey = (prefix: string, order: string, id: string, v: number): string =>
  `${prefix}${order}#${id}@${v}`

export interface Row {
  /** `<order>#<id>`: the place of the resource in its list, the same in every version that left it there */
  position: string
  order: string
  id: string
  v: number
}

export const parseRow = (sk: string, prefix: string): Row => {
  const at = sk.lastIndexOf('@')
  const hash = sk.lastIndexOf('#', at)
  return {
    position: sk.slice(prefix.length, at),
    order: sk.slice(prefix.length, hash),
    id: sk.slice(hash + 1, at),
    v: Number(sk.slice(at + 1)),
  }
}

/** Where a row stands: a partition, the prefix of its sort key there, and its order. */
export interface PostingKey {
  pk: string
  prefix: string
  order: string
}

/** 48 bits that stand for a posting key in the `asserted` map of the current item, to keep that item small. */
export const postingHash = (key: PostingKey): string =>
  digest(`${key.pk}\n${key.prefix}${key.order}`).subarray(0, 6).toString('base64url')

export const logRowKey = (type: string, id: string, v: number, updated: Instant): Key => ({
  pk: logPartition(type, shardOf(id)),
  sk: rowSortKey('', updated, id, v),
})
