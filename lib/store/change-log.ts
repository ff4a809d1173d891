import type { Instant } from '../fhir.ts'
import { logPartition, parseRow, shards, versionKey } from './keys.ts'
import { compareKeys } from './order.ts'
import type { Store } from './store.ts'
import type { Table } from './table.ts'
import { type Version, versionOf } from './version.ts'

/** A version as the change log has it, with the version that came after it where that is known to be there. */
export interface Change {
  version: Version
  /** when the next version superseded it; undefined: it is the current one */
  superseded?: Instant
}

export interface ChangeLogQuery {
  types: readonly string[]
  /** inclusive */
  from?: Instant
  /** inclusive */
  to?: Instant
  /** a {@link ChangePage.position}; only what is older follows */
  after?: string
  /** rows to look at */
  limit: number
}

export interface ChangePage {
  changes: { change: Change; position: string }[]
  /** of the last row looked at */
  position?: string
  more: boolean
}

const END = '\uffff'
const QUERIES_AT_A_TIME = 2

/** A row of the log: its sort key, and the type as the last word where two rows are equal. */
interface LogRow {
  type: string
  sk: string
}

const positionOf = ({ type, sk }: LogRow): string => `${sk} ${type}`
const newestFirst = (one: LogRow, other: LogRow): number =>
  compareKeys(other.sk, one.sk) || compareKeys(other.type, one.type)

/** The rows of one partition, newest first. Rows of other types at the position itself may still follow: it is read inclusively. */
const rowsOf = async (table: Table, type: string, shard: number, query: ChangeLogQuery): Promise<LogRow[]> => {
  const { from = '', to, after, limit } = query
  const upper = to === undefined ? END : `${to}${END}`
  const behind = after?.slice(0, after.lastIndexOf(' '))
  const last = behind !== undefined && compareKeys(behind, upper) < 0 ? behind : upper
  const { items } = await table.query({
    pk: logPartition(type, shard),
    from,
    to: last,
    descending: true,
    limit: limit + QUERIES_AT_A_TIME,
  })
  return items
    .map(({ sk }) => ({ type, sk }))
    .filter((row) => after === undefined || newestFirst(parsePosition(after), row) < 0)
}

const parsePosition = (position: string): LogRow => {
  const space = position.lastIndexOf(' ')
  return { sk: position.slice(0, space), type: position.slice(space + 1) }
}

/**
 * The versions of all resources of some types, newest first, as the change log has them. A row counts only if that version exists with
 * that instant: a write that never came to its commit may have left one.
 */
export const readChangeLog = async (store: Store, query: ChangeLogQuery): Promise<ChangePage> => {
  const partitions = query.types.flatMap((type) => shards().map((shard) => ({ type, shard })))
  const rows = (await Promise.all(partitions.map(({ type, shard }) => rowsOf(store.table, type, shard, query)))).flat()
  const shown = rows.sort(newestFirst).slice(0, query.limit)
  const last = shown.at(-1)
  const changes = await changesOf(store, shown)
  return { changes, ...(last && { position: positionOf(last) }), more: rows.length > shown.length }
}

const changesOf = async (store: Store, rows: readonly LogRow[]): Promise<ChangePage['changes']> => {
  const parsed = rows.map((row) => ({ ...parseRow(row.sk, ''), type: row.type, row }))
  const copies = parsed.flatMap(({ type, id, v }) => [versionKey(type, id, v), versionKey(type, id, v + 1)])
  // The current versions first: what is superseded in between has its copy by then.
  const current = new Map((await store.readMany(parsed)).map((version) => [`${version.type}/${version.id}`, version]))
  const superseded = new Map(
    (await store.table.getMany(copies)).map((item) => [`${item.pk} ${item.sk}`, versionOf(item)]),
  )
  const at = (type: string, id: string, v: number): Version | undefined => {
    const now = current.get(`${type}/${id}`)
    if (!now || now.v < v) return undefined
    const { pk, sk } = versionKey(type, id, v)
    return now.v === v ? now : superseded.get(`${pk} ${sk}`)
  }
  return parsed.flatMap(({ type, id, v, order, row }) => {
    const version = at(type, id, v)
    if (!version || version.updated !== order) return []
    const next = at(type, id, v + 1)
    return [{ change: { version, ...(next && { superseded: next.updated }) }, position: positionOf(row) }]
  })
}
