import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { currentKey, parseRow, postingHash, type Row } from './keys.ts'
import type { Item, Key, Table } from './table.ts'
import { type Version, versionOf } from './version.ts'

/**
 * A list of resources to read: the rows of one partition, or a part of them. `prefix` is what stands before the order in the sort
 * keys; `from` and `to` bound the order (inclusive, compared as text).
 */
export interface RowStream {
  pk: string
  type: string
  prefix: string
  from?: string
  to?: string
  /** true for the change log, whose rows count when their version is current; other rows count when the item asserts them */
  log?: boolean
}

/** A committed, live resource and its place in the walk. */
export interface Hit {
  /** `<order>#<id>`; a later walk with `after` this position goes on behind it */
  position: string
  version: Version
}

export interface WalkOptions {
  descending?: boolean
  /** exclusive */
  after?: string
  /** When the search began: a resource that moved in its list since then is still given, at the place it was seen. */
  startedAt: Instant
}

interface Head {
  row: Row
  stream: RowStream
  key: Key
}

/** Sorts behind every character that a key may hold. */
const END = '\uffff'
const ROWS_AT_ONCE = 400
/** How far apart the clocks of two machines may be. */
const CLOCK_TOLERANCE_MS = 5_000

/** Reads one stream in chunks. */
class StreamReader {
  readonly stream: RowStream
  private readonly table: Table
  private readonly descending: boolean
  private buffer: Head[] = []
  private after: string | undefined
  private exhausted = false

  constructor(table: Table, stream: RowStream, options: WalkOptions) {
    this.table = table
    this.stream = stream
    this.descending = options.descending ?? false
    // '@' < END: behind every version of the position when ascending; before them all when descending.
    if (options.after !== undefined) this.after = `${stream.prefix}${options.after}@${this.descending ? '' : END}`
  }

  async fill(rows: number): Promise<void> {
    if (this.exhausted || this.buffer.length >= rows) return
    const { pk, prefix, from = '', to = '' } = this.stream
    const { items, more } = await this.table.query({
      pk,
      from: prefix + from,
      to: `${prefix}${to}${END}`,
      ...(this.after !== undefined && { after: this.after }),
      descending: this.descending,
      limit: Math.min(rows - this.buffer.length, ROWS_AT_ONCE),
    })
    this.exhausted = !more
    this.after = items.at(-1)?.sk ?? this.after
    // A claim item shares the partition of an identifier.
    const heads = items.filter((item) => item.sk.includes('@')).map((item) => this.head(item))
    this.buffer.push(...heads)
    if (!heads.length && !this.exhausted) await this.fill(rows)
  }

  private head(item: Item): Head {
    return { row: parseRow(item.sk, this.stream.prefix), stream: this.stream, key: { pk: item.pk, sk: item.sk } }
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
}

/**
 * Walks several streams as one list in order of position, and gives only what is true: each row is a hint, checked against the
 * current item it names. A row that no current or future version can assert is dead and is deleted in passing.
 */
export class Walk {
  private readonly table: Table
  private readonly readers: StreamReader[]
  private readonly descending: boolean
  private readonly movedSince: Instant
  private readonly given = new Set<string>()
  private lastPosition: string | undefined
  /** Rows looked at so far, in force or not: the measure of what a search has cost. */
  rows = 0

  constructor(table: Table, streams: readonly RowStream[], options: WalkOptions) {
    this.table = table
    this.descending = options.descending ?? false
    this.movedSince = instantOf(Date.parse(options.startedAt) - CLOCK_TOLERANCE_MS)
    this.readers = streams.map((stream) => new StreamReader(table, stream, options))
  }

  /** True when no row is left. */
  get done(): boolean {
    return this.readers.every((reader) => reader.done)
  }

  /** The position of the last row looked at, whether it gave a hit or not: where to go on from. */
  get position(): string | undefined {
    return this.lastPosition
  }

  /** Looks at up to `count` more positions and gives the hits among them. Empty does not mean the end: see {@link done}. */
  async next(count: number): Promise<Hit[]> {
    const heads = await this.take(count)
    if (!heads.length) return []
    const items = await this.table.getMany(heads.map(({ row, stream }) => currentKey(stream.type, row.id)))
    const current = new Map(items.map((item) => [item.pk, item]))
    const hits: Hit[] = []
    const dead: Key[] = []
    for (const head of heads) {
      const item = current.get(`${head.stream.type}/${head.row.id}`)
      if (!item) continue
      const holds = inForce(head, item)
      if ((holds || this.hasMoved(head, item)) && !this.given.has(item.pk)) {
        this.given.add(item.pk)
        hits.push({ position: head.row.position, version: versionOf(item) })
      }
      if (!holds && !head.stream.log && head.row.v <= (item.v as number)) dead.push(head.key)
    }
    if (dead.length) await this.table.writeMany([], dead).catch(() => undefined)
    // One row more than asked for tells whether there is a next page.
    await Promise.all(this.readers.map((reader) => reader.fill(1)))
    return hits
  }

  /**
   * A writer may have moved the resource to another place of the list, perhaps one this walk has passed, after the row was read.
   * The caller matches every parameter on the resource itself, so giving it here can show nothing false.
   */
  private hasMoved({ row }: Head, item: Item): boolean {
    return !item.deleted && row.v < (item.v as number) && (item.updated as Instant) >= this.movedSince
  }

  /** The next rows in merged order: all rows of up to `count` positions. */
  private async take(count: number): Promise<Head[]> {
    const heads: Head[] = []
    let positions = 0
    for (;;) {
      await Promise.all(this.readers.map((reader) => (reader.first ? undefined : reader.fill(count + 1))))
      const reader = this.earliest()
      if (!reader) return heads
      const { position } = reader.first!.row
      if (position !== this.lastPosition) {
        if (positions === count) return heads
        positions += 1
        this.lastPosition = position
      }
      heads.push(reader.shift())
      this.rows += 1
    }
  }

  private earliest(): StreamReader | undefined {
    const before = this.descending ? (a: string, b: string) => a > b : (a: string, b: string) => a < b
    let best: StreamReader | undefined
    for (const reader of this.readers)
      if (reader.first && (!best || before(reader.first.row.position, best.first!.row.position))) best = reader
    return best
  }
}

const inForce = ({ row, stream, key }: Head, item: Item): boolean => {
  if (item.deleted) return false
  if (stream.log) return item.v === row.v && item.updated === row.order
  const asserted = item.asserted as Record<string, number>
  return asserted[postingHash({ pk: key.pk, prefix: stream.prefix, order: row.order })] === row.v
}
