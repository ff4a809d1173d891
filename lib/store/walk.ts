import { currentKey, postingHash, rowSortKey } from './keys.ts'
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

export interface WalkOptions extends StreamOptions {
  descending?: boolean
  /** exclusive */
  after?: string
}

/** How often the end of a walk looks again for what moved while it walked. Every further time takes a further change in between. */
const LOOKS = 5

/**
 * Walks several streams as one list in order of position, and gives only what is true: each row is a hint, checked against the
 * current item it names. A row that no current or future version can assert is dead and is deleted in passing.
 *
 * A resource may move in its list while the walk is under way, from a part not yet read to a part already read. Its new row is
 * written before its old row goes, so a walk that came to the end finds it by looking at the rows once more. A walk that stops
 * before its end need not: what changes between two pages may be missed, what does not change is neither missed nor repeated.
 */
export class Walk {
  private readonly table: Table
  private readonly options: WalkOptions
  private readonly readers: readonly StreamReader[]
  private readonly given = new Set<string>()
  /** Rows that were seen to be dead, which they stay. */
  private readonly dead = new Set<string>()
  /** Resources whose row was read but was overtaken by a later version, with that version. */
  private readonly overtaken = new Map<string, { item: Item; stream: RowStream }>()
  private lastPosition: string | undefined
  /** Rows looked at so far, in force or not: the measure of what a search has cost. */
  rows = 0

  constructor(table: Table, streams: readonly RowStream[], options: WalkOptions) {
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
    const keys = heads.map(({ row, stream }) => currentKey(stream.type, row.id))
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
      const v = item.v as number
      if (row.v <= v && !stream.log) dead.push(key)
      if (row.v < v && !item.deleted) this.overtaken.set(item.pk, { item, stream })
    }
    for (const key of dead) this.dead.add(addressOf(key))
    if (dead.length) await this.table.writeMany([], dead).catch(() => undefined)
    return hits
  }

  /** What moved behind the walk's back, at the place where the walk ended. */
  private async settle(): Promise<Hit[]> {
    const hits = this.movedInLog()
    const postings = this.readers.filter(({ stream }) => !stream.log)
    const passing = postings.some(({ stream }, n) =>
      postings.slice(n + 1).some((to) => canPassBetween(stream, to.stream)),
    )
    let again = passing || postings.some(({ queries }) => queries > 1) || this.anyOvertaken()
    for (let look = 0; again && look < LOOKS; look += 1) {
      this.overtaken.clear()
      const found = await this.verify(await this.rowsNotGiven(postings))
      hits.push(...found)
      again = this.anyOvertaken() || (passing && found.length > 0)
    }
    return hits.map((hit) => ({ ...hit, position: this.lastPosition ?? hit.position }))
  }

  private anyOvertaken(): boolean {
    return [...this.overtaken].some(([pk, { stream }]) => !stream.log && !this.given.has(pk))
  }

  private async rowsNotGiven(postings: readonly StreamReader[]): Promise<Head[]> {
    const readers = postings.map(({ stream }) => new StreamReader(this.table, stream, this.options))
    const heads = (await Promise.all(readers.map((reader) => reader.rest()))).flat()
    return heads.filter(
      ({ row, stream, key }) => !this.given.has(currentKey(stream.type, row.id).pk) && !this.dead.has(addressOf(key)),
    )
  }

  /** The rows of the log stay, and an item tells where its own row is: no need to look again. */
  private movedInLog(): Hit[] {
    const hits: Hit[] = []
    for (const [pk, { item, stream }] of this.overtaken) {
      if (!stream.log || this.given.has(pk)) continue
      const version = versionOf(item)
      const row = rowSortKey(stream.prefix, version.updated, version.id, version.v)
      if (!this.readers.some((reader) => reader.stream === stream && reader.covers(row))) continue
      this.given.add(pk)
      hits.push({ position: `${version.updated}#${version.id}`, version })
    }
    return hits
  }
}

const addressOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`

const inForce = ({ row, stream, key }: Head, item: Item): boolean => {
  if (item.deleted) return false
  if (stream.log) return item.v === row.v && item.updated === row.order
  const asserted = item.asserted as Record<string, number>
  return asserted[postingHash({ pk: key.pk, prefix: stream.prefix, order: row.order })] === row.v
}
