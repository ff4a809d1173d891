import { currentKey, parseRow, postingHash } from './keys.ts'
import { compareKeys } from './order.ts'
import { canPassBetween, type Head, type RowStream, type StreamOptions, StreamReader } from './row-stream.ts'
import type { Item, Key, Table } from './table.ts'
import { type Version, versionOf } from './version.ts'

export type { RowStream }

/** A committed, live resource and its place in the walk. */
export interface Hit {
  /** `<order>#<id>`; a later walk with `after` this position goes on behind it */
  position: string
  version: Version
}

/** The table, and where the rows of a resource stand in it. */
export interface WalkedTable extends Table {
  /** The rows of a live current version: in its lists and in the log. */
  rowsOf(version: Version): readonly Key[]
}

export interface WalkOptions extends StreamOptions {
  descending?: boolean
  /** exclusive */
  after?: string
}

/**
 * Walks several streams as one list in order of position, and gives only what is true: each row is a hint, checked against the
 * current item it names. A row that no current or future version can assert is dead and is deleted in passing.
 *
 * A resource may move in its lists while the walk is under way. A walk that comes to its end gives at the end those of which it met
 * a row, however often they moved: their items tell where they stand. One may also pass from a part not yet read to a part already
 * read without being met. Its new row is written before its old row goes, so looking at the rows once more finds it, unless it
 * passes once more during that look (docs/adr/0006-what-moves-during-a-walk.md). A walk that stops before its end does neither: what
 * changes between two pages may be missed, what does not change is neither missed nor repeated.
 */
export class Walk {
  private readonly table: WalkedTable
  private readonly options: WalkOptions
  private readonly readers: readonly StreamReader[]
  private readonly given = new Set<string>()
  /** Rows that were seen to be dead, which they stay. */
  private readonly dead = new Set<string>()
  /** Resources that did not stand where a row of theirs was met, with their current items. */
  private readonly met = new Map<string, Item>()
  private lastPosition: string | undefined
  /** Rows looked at so far, in force or not: the measure of what a search has cost. */
  rows = 0

  constructor(table: WalkedTable, streams: readonly RowStream[], options: WalkOptions) {
    this.table = table
    this.options = options
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
    if (this.done) return []
    const hits = await this.verify(await this.take(count))
    return this.done ? [...hits, ...(await this.settle())] : hits
  }

  /** The next rows in merged order: all rows of up to `count` positions. */
  private async take(count: number): Promise<Head[]> {
    const heads: Head[] = []
    let positions = 0
    for (;;) {
      // One row more than asked for tells whether there is a next page.
      await Promise.all(this.readers.map((reader) => reader.fill(count + 1)))
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
    const sign = this.options.descending ? -1 : 1
    // With the `@` that follows it in the sort key: `1@` comes after `10@`, though `1` would come before `10`.
    const place = (reader: StreamReader) => `${reader.first!.row.position}@`
    let best: StreamReader | undefined
    for (const reader of this.readers)
      if (reader.first && (!best || compareKeys(place(reader), place(best)) * sign < 0)) best = reader
    return best
  }

  private async verify(heads: readonly Head[]): Promise<Hit[]> {
    const keys = heads.map(({ row, type }) => currentKey(type, row.id))
    const current = new Map((await this.table.getMany(keys)).map((item) => [item.pk, item]))
    const hits: Hit[] = []
    const dead: Key[] = []
    for (const [index, head] of heads.entries()) {
      const { row, stream, key } = head
      const item = current.get(keys[index]!.pk)
      if (!item) continue
      if (inForce(head, item)) {
        if (!this.given.has(item.pk)) hits.push({ position: row.position, version: versionOf(item) })
        this.given.add(item.pk)
        continue
      }
      this.met.set(item.pk, item)
      if (row.v <= (item.v as number) && !stream.log) dead.push(key)
    }
    for (const key of dead) this.dead.add(addressOf(key))
    if (dead.length) await this.table.writeMany([], dead).catch(() => undefined)
    return hits
  }

  /** What moved behind the walk's back, at the place where the walk ended. */
  private async settle(): Promise<Hit[]> {
    const seen = this.canBeUnseen() ? await this.verify(await this.rowsNotGiven()) : []
    const hits = [...seen, ...this.standingElsewhere()]
    return hits.map((hit) => ({ ...hit, position: this.lastPosition ?? hit.position }))
  }

  private get lists(): readonly StreamReader[] {
    return this.readers.filter(({ stream }) => !stream.log)
  }

  /**
   * Whether a resource can have been in the lists all the time and in none of what was read of them. Not by one query; and the rows
   * of the log stay.
   */
  private canBeUnseen(): boolean {
    const { lists } = this
    return (
      lists.some(({ queries }) => queries > 1) ||
      lists.some(({ stream }, n) => lists.slice(n + 1).some((other) => canPassBetween(stream, other.stream)))
    )
  }

  private async rowsNotGiven(): Promise<Head[]> {
    const readers = this.lists.map(({ stream }) => new StreamReader(this.table, stream, this.options))
    const heads = (await Promise.all(readers.map((reader) => reader.rest()))).flat()
    return heads.filter(
      ({ row, type, key }) => !this.given.has(currentKey(type, row.id).pk) && !this.dead.has(addressOf(key)),
    )
  }

  /** Of the resources that did not stand where they were met, those that stood elsewhere in what is walked: an item tells where. */
  private standingElsewhere(): Hit[] {
    const hits: Hit[] = []
    for (const [pk, item] of this.met) {
      if (item.deleted || this.given.has(pk)) continue
      const version = versionOf(item)
      const position = this.positionOf(version)
      if (position === undefined) continue
      this.given.add(pk)
      hits.push({ position, version })
    }
    return hits
  }

  /** Where this version stands in what is walked. */
  private positionOf(version: Version): string | undefined {
    for (const row of this.table.rowsOf(version)) {
      const reader = this.readers.find((each) => each.covers(row))
      if (reader) return parseRow(row.sk, reader.stream.prefix).position
    }
    return undefined
  }
}

const addressOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`

const inForce = ({ row, stream, key }: Head, item: Item): boolean => {
  if (item.deleted) return false
  if (stream.log) return item.v === row.v && item.updated === row.order
  const asserted = item.asserted as Record<string, number>
  return asserted[postingHash({ pk: key.pk, prefix: stream.prefix, order: row.order })] === row.v
}
