import type { Item, Key, Table } from '../store/table.ts'

/** How far one segment of the table has come in a migration. */
export interface Checkpoint {
  /** of a migration's passes over the whole table, from 1 */
  pass: number
  /** the last key that was dealt with; none: at the beginning */
  after?: Key
  /** all of the segment has been dealt with in this pass */
  done: boolean
  /** items looked at, and changed, in this pass */
  looked: number
  changed: number
}

const keyOf = (name: string, segments: number, segment: number): Key => ({
  pk: '!migrations',
  // Segments of another number are other parts of the table.
  sk: `${name}#${segments}#${String(segment).padStart(4, '0')}`,
})

export const readCheckpoint = async (
  table: Table,
  name: string,
  segments: number,
  segment: number,
): Promise<Checkpoint | undefined> => {
  const item = await table.get(keyOf(name, segments, segment))
  if (!item) return undefined
  const { pass, looked, changed, done, after } = item as Item & { after?: { pk: string; sk: string } }
  return {
    pass: pass as number,
    looked: looked as number,
    changed: changed as number,
    done: done === true,
    ...(after && { after }),
  }
}

/** Of two processes the last has its way: both have done what it says. */
export const writeCheckpoint = async (
  table: Table,
  name: string,
  segments: number,
  segment: number,
  { after, ...rest }: Checkpoint,
): Promise<void> => {
  await table.put({ ...keyOf(name, segments, segment), ...rest, ...(after && { after: { ...after } }) }, {})
}
