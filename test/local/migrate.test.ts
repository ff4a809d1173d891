import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readSchema, SCHEMA } from '../../lib/store/schema.ts'
import { tableFixture } from '../support/table-fixtures.ts'
import { createTestTable } from '../support/tables.ts'

const migrate = (...options: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../local/migrate.ts'), ...options], { encoding: 'utf8' })

test('npm run migrate brings the table of a tenant to the schema of this release', async () => {
  const { table, tableName } = await createTestTable()
  await table.writeMany(tableFixture('0.1.0'), [])
  const endpoint = process.env.CARELOOP_DYNAMODB_ENDPOINT!

  const { status, stdout, stderr } = migrate(
    '--tenant',
    'local',
    '--table',
    tableName,
    '--endpoint',
    endpoint,
    '--pause',
    '0',
  )

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/reindex-2: \d+ of \d+ items changed, 2 passes/)
  expect(stdout).toContain(`${tableName} is at schema ${SCHEMA}.`)
  expect(await readSchema(table)).toEqual({ complete: SCHEMA, newest: SCHEMA })
})

test('what it does not understand it explains', () => {
  for (const options of [[], ['--table', 'x'], ['--tenant', 'local', '--table', 'x', '--segments', '0'], ['--bogus']]) {
    const { status, stderr } = migrate(...options)
    expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining('npm run migrate -- --tenant')])
  }
})
