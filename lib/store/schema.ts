import { fail } from '../outcome.ts'
import { ConditionFailed, type Key, type Table } from './table.ts'

/**
 * How this release lays a table out: its keys, its lists, its attributes. One more than before whenever what is stored has to change for a
 * release to find everything, be it by another layout or by other lists of a resource; each number has a migration in lib/migrations.
 *
 * 1: release 0.1.0, which did not write it down. 2: the records of an audit in lists of their own, and the lists of urgent work.
 */
export const SCHEMA = 2

export const SCHEMA_KEY: Key = { pk: '!schema', sk: 'schema' }

/** What a table says of itself. */
export interface TableSchema {
  /** all of it is laid out so, or later */
  complete: number
  /** nothing of it is laid out later than so */
  newest: number
}

const UNWRITTEN: TableSchema = { complete: 1, newest: 1 }

export const readSchema = async (table: Table): Promise<TableSchema> => {
  const item = await table.get(SCHEMA_KEY)
  return item ? { complete: item.complete as number, newest: item.newest as number } : UNWRITTEN
}

/** @throws FhirError exception (500) when the table has been written by a later release, which nothing but that can read */
const refuseNewer = ({ newest }: TableSchema): void => {
  if (newest > SCHEMA)
    throw fail(
      'exception',
      `The table is laid out by schema ${newest} and this release knows schema ${SCHEMA}: deploy the release that migrated it, or a later ` +
        'one. Nothing was read or written.',
    )
}

/** Notes what a migration is about to do, or has done. Numbers only grow. @throws FhirError as {@link requireSchema} */
export const raiseSchema = async (table: Table, raised: Partial<TableSchema>): Promise<void> => {
  for (;;) {
    const item = await table.get(SCHEMA_KEY)
    const known = item ? { complete: item.complete as number, newest: item.newest as number } : UNWRITTEN
    refuseNewer(known)
    const next = {
      complete: Math.max(known.complete, raised.complete ?? 0),
      newest: Math.max(known.newest, raised.newest ?? 0, raised.complete ?? 0),
    }
    if (item && next.complete === known.complete && next.newest === known.newest) return
    try {
      return await table.put({ ...SCHEMA_KEY, ...next }, item ? { ...known } : 'absent')
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
    }
  }
}

/**
 * The table, looked at once before its first use: a release does not touch what a later one has laid out. An older layout is read as it is,
 * see docs/adr/0008-schema-of-the-table.md.
 */
export const requireSchema = (table: Table): Table => {
  let looked: Promise<void> | undefined
  const first = (): Promise<void> => {
    looked ??= readSchema(table)
      .then(refuseNewer)
      .catch((error: unknown) => {
        looked = undefined
        throw error
      })
    return looked
  }
  return {
    get: (key, consistency) => first().then(() => table.get(key, consistency)),
    getMany: (keys) => first().then(() => table.getMany(keys)),
    query: (query) => first().then(() => table.query(query)),
    put: (item, condition) => first().then(() => table.put(item, condition)),
    delete: (key, condition) => first().then(() => table.delete(key, condition)),
    transact: (puts) => first().then(() => table.transact(puts)),
    writeMany: (puts, deletes) => first().then(() => table.writeMany(puts, deletes)),
    due: (wake, until, limit) => first().then(() => table.due(wake, until, limit)),
  }
}
