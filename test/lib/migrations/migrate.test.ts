import { describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import { changeToEvents } from '../../../lib/events/change-to-events.ts'
import { migrations } from '../../../lib/migrations/index.ts'
import { type MigrateParts, migrate } from '../../../lib/migrations/migrate.ts'
import { scanTable } from '../../../lib/migrations/scan.ts'
import { declarations } from '../../../lib/resources/index.ts'
import { createIndexing } from '../../../lib/search/postings.ts'
import { rowsInForce } from '../../../lib/store/plan-write.ts'
import { readSchema, SCHEMA } from '../../../lib/store/schema.ts'
import type { Item, Table } from '../../../lib/store/table.ts'
import { versionOf } from '../../../lib/store/version.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { steppingClock, testApi } from '../../support/api.ts'
import { itemsOf, tableFixture } from '../../support/table-fixtures.ts'
import { createTestTable, type TestTable } from '../../support/tables.ts'

const RELEASES = ['0.1.0-before-worklists', '0.1.0']

const indexing = createIndexing({ declarations, timeZone: defaultSettings.timeZone })
const clock = steppingClock('2026-01-06T12:00:00.000Z')
const ITEMS_A_PAGE = 20

const tableOf = async (release: string): Promise<TestTable> => {
  const made = await createTestTable()
  await made.table.writeMany(tableFixture(release), [])
  return made
}

const partsOf = ({ client, tableName }: TestTable, table: Table): MigrateParts => ({
  table,
  scan: scanTable(client, tableName, ITEMS_A_PAGE),
  migrations: migrations({ table, clock, indexing }),
  segments: 2,
  sleep: async () => undefined,
})

class Killed extends Error {}

/** A table that only lives for so many calls of one process. */
const mortal = (table: Table, calls: number): Table => {
  let left = calls
  return new Proxy(table, {
    get: (target, name) => {
      const member = target[name as keyof Table] as (...all: unknown[]) => unknown
      return (...all: unknown[]) => {
        left -= 1
        if (left < 0) throw new Killed()
        return member.apply(target, all)
      }
    },
  })
}

/** Killed again and again, each time later, until it comes to its end. */
const migrateThroughKills = async (made: TestTable): Promise<number> => {
  for (let kills = 0; ; kills += 1) {
    try {
      await migrate(partsOf(made, mortal(made.table, 7 + 3 * kills)))
      return kills
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
}

const isOwn = ({ pk }: Item): boolean => pk === '!migrations' || pk === '!schema' || pk === '!settings'

const live = (items: readonly Item[]): Item[] => items.filter(({ sk, deleted }) => sk === 'current' && !deleted)

const missingRows = (items: readonly Item[]): string[] => {
  const stored = new Set(items.map(({ pk, sk }) => `${pk} ${sk}`))
  return live(items).flatMap((item) => {
    const version = versionOf(item)
    const wanted = indexing(version.type).postings(version.content).length
    const rows = rowsInForce(version, indexing(version.type)).map(({ pk, sk }) => `${pk} ${sk}`)
    // One more: its row in the log.
    return [
      ...rows.filter((row) => !stored.has(row)),
      ...(rows.length === wanted + 1 ? [] : [`${item.pk}: not in all lists`]),
    ]
  })
}

const searches = [
  '/Task?owner=Practitioner/nurse&_count=100',
  '/Task?patient=patient-1',
  '/Task?_query=worklist&worker=Practitioner/nurse&_count=100',
  '/Task?identifier=urn:example:task|T-7',
  '/Task?due-date=ge2026-02-20&_sort=due-date&_count=100',
  '/Task?_sort=-_lastUpdated&_count=100',
  '/Patient?identifier=1003',
  '/Observation?subject=Patient/patient-2',
  '/AuditEvent?patient=Patient/patient-1',
  '/CarePlan?subject=Patient/amelia',
]

/** The ids that a search gives, against those that match when every resource of the type is written anew. */
const answersOf = async (table?: Table, resources?: readonly Item[]): Promise<(string | undefined)[][]> => {
  const api = testApi({ ...(table && { table }), clock })
  const { careloop } = api
  for (const version of (resources ?? []).map(versionOf))
    await careloop.store.write([{ type: version.type, id: version.id, resource: version.content, method: 'PUT' }])
  const answers: (string | undefined)[][] = []
  for (const search of searches) {
    const { status, body, text } = await api.get<Bundle>(search)
    if (status !== 200) throw new Error(`${search}: ${text}`)
    answers.push((body.entry ?? []).map(({ resource }) => resource?.id).sort())
  }
  return answers
}

describe.each(RELEASES)('a table that release %s has written', (release) => {
  test('is at this schema after a migration that was killed again and again, with nothing lost or changed', async () => {
    const made = await tableOf(release)
    const before = tableFixture(release)
    expect(await readSchema(made.table)).toEqual({ complete: 1, newest: 1 })
    expect(missingRows(before)).not.toEqual([])

    expect(await migrateThroughKills(made)).toBeGreaterThan(5)

    const after = await itemsOf(made.client, made.tableName)
    expect(await readSchema(made.table)).toEqual({ complete: SCHEMA, newest: SCHEMA })
    expect(missingRows(after)).toEqual([])
    const contents = (items: readonly Item[]) =>
      items.flatMap(({ pk, sk, v, updated, body, z, deleted, method }) =>
        v === undefined || isOwn({ pk, sk })
          ? []
          : [{ pk, sk, v, updated, body, z: z && Buffer.from(z as Uint8Array), deleted, method }],
      )
    expect(contents(after)).toEqual(contents(before))
    expect(await answersOf(made.table)).toEqual(await answersOf(undefined, live(before)))
  })

  test('is not changed by another migration, nor tells anybody of one', async () => {
    const made = await tableOf(release)
    const before = new Map(tableFixture(release).map((item) => [`${item.pk} ${item.sk}`, item]))
    await migrate(partsOf(made, made.table))
    const once = (await itemsOf(made.client, made.tableName)).filter((item) => !isOwn(item))

    const [report] = await migrate({ ...partsOf(made, made.table), again: true })
    expect(report).toMatchObject({ changed: 0 })
    expect((await itemsOf(made.client, made.tableName)).filter((item) => !isOwn(item))).toEqual(once)
    expect(await migrate(partsOf(made, made.table))).toEqual([])
    for (const item of live(once))
      expect(changeToEvents(before.get(`${item.pk} current`), item, defaultSettings)).toEqual([])
  })

  test('is at this schema though clients wrote, and another migrated, at the same time', async () => {
    const made = await tableOf(release)
    const api = testApi({ table: made.table, clock })
    const traffic = async () => {
      for (let round = 0; round < 3; round += 1)
        for (let n = 1; n < 20; n += 3) {
          const { body } = await api.get(`/Task/work-${n}`)
          const owner = { reference: round % 2 ? 'CareTeam/pool' : 'Practitioner/nurse' }
          await api.put(`/Task/work-${n}`, { ...body, owner, priority: ['urgent', 'stat', 'routine'][round] })
        }
    }
    await Promise.all([
      traffic(),
      migrate(partsOf(made, made.table)),
      migrate({ ...partsOf(made, made.table), segments: 3 }),
    ])
    expect(missingRows(await itemsOf(made.client, made.tableName))).toEqual([])
  })
})
