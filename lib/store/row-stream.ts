import { parseRow, type Row } from './keys.ts'
import { compareKeys } from './order.ts'
import type { Item, Key, Table } from './table.ts'

/**
 * A list of resources to read: the rows of one partition, or a part of them. `prefix` is what stands before the order in the sort
 * keys; `from` and `to` bound the order (inclusive, compared as text).
 */
export interface RowStream {
  pk: string
  /** none: of a compartment as a whole, where each row says it in front of its order */
  type?: string
  prefix: string
  from?: string
  to?: string
  /** true for the change log, whose rows count when their version is current; other rows count when the item asserts them */
  log?: boolean
}

export interface StreamOptions {
  descending?: boolean
  /** a position; exclusive */
  after?: string
}

/** A row as it was read. */
export interface Head {
  row: Row
  type: string
  stream: RowStream
  key: Key
}

/** Sorts behind every character that a sort key may hold. */
const END = '\uffff'
const ROWS_AT_ONCE = 400
const REST_AT_ONCE = 10_000

/** Reads one stream in chunks. */
export class StreamReader {
  readonly stream: RowStream
  private readonly table: Table
  private readonly descending: boolean
  private readonly from: string
  private readonly to: string
  private readonly after: string | undefined
  private behind: string | undefined
  private buffer: Head[] = []
  private exhausted = false
  /** how many queries it took so far */
  queries = 0

  constructor(table: Table, stream: RowStream, { descending = false, after }: StreamOptions) {
    const { prefix, from = '', to = '' } = stream
    this.table = table
    this.stream = stream
    this.descending = descending
    this.from = prefix + from
    this.to = prefix + to + END
    // Behind every version of the position when ascending; before them all when descending.
    this.after = after === undefined ? undefined : `${prefix}${after}@${descending ? '' : END}`
    this.behind = this.after
  }

  get first(): Head | undefined {
    return this.buffer[0]
  }

  get done(): boolean {
    return this.exhausted && !this.buffer.length
  }

  shift(): Head {
    return this.buffer.shift()!
  }

  /** Sees to it that a row is there, unless the stream is at its end, by reading `rows` of them. */
  async fill(rows: number): Promise<void> {
    while (!this.buffer.length && !this.exhausted) await this.read(Math.min(rows, ROWS_AT_ONCE))
  }

  /** All rows that are left, in as few queries as can be. */
  async rest(): Promise<Head[]> {
    while (!this.exhausted) await this.read(REST_AT_ONCE)
    return this.buffer.splice(0)
  }

  /** Whether this row is one that this reader reads, sooner or later. */
  covers({ pk, sk }: Key): boolean {
    if (pk !== this.stream.pk || compareKeys(sk, this.from) < 0 || compareKeys(sk, this.to) > 0) return false
    return this.after === undefined || compareKeys(sk, this.after) * (this.descending ? -1 : 1) > 0
  }

  private async read(limit: number): Promise<void> {
    const { table, descending, from, to, behind } = this
    const { items, more } = await table.query({ pk: this.stream.pk, from, to, after: behind, descending, limit })
    this.queries += 1
    this.exhausted = !more
    this.behind = items.at(-1)?.sk ?? behind
    for (const item of items) if (isRow(item)) this.buffer.push(this.head(item))
  }

  private head({ pk, sk }: Item): Head {
    const row = parseRow(sk, this.stream.prefix)
    const type = this.stream.type ?? row.order.slice(0, row.order.indexOf('/'))
    return { row, type, stream: this.stream, key: { pk, sk } }
  }
}

/** The claim on an identifier shares the partition of its rows. */
const isRow = ({ sk }: Item): boolean => sk.includes('@')

/** Whether a change can take a resource from the one stream to the other. */
export const canPassBetween = (one: RowStream, other: RowStream): boolean =>
  !one.log && !other.log && one.type === other.type
