import { describe, expect, test } from '@jest/globals'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import { raiseSchema, readSchema, requireSchema, SCHEMA, SCHEMA_KEY } from '../../../lib/store/schema.ts'

const key = { pk: 'Task/1', sk: 'current' }

describe('the schema of a table', () => {
  test('only grows, whoever raises it at the same time', async () => {
    const table = new MemoryTable()
    expect(await readSchema(table)).toEqual({ complete: 1, newest: 1 })
    await Promise.all([raiseSchema(table, { newest: SCHEMA }), raiseSchema(table, { complete: SCHEMA })])
    await raiseSchema(table, { complete: 1 })
    expect(await readSchema(table)).toEqual({ complete: SCHEMA, newest: SCHEMA })
  })

  test('of a later release keeps this one from reading and writing, and from migrating', async () => {
    const stored = new MemoryTable()
    await stored.put({ ...SCHEMA_KEY, complete: SCHEMA, newest: SCHEMA + 1 }, 'absent')
    const table = requireSchema(stored)
    await expect(table.get(key)).rejects.toMatchObject({ status: 500, message: expect.stringContaining('later') })
    await expect(table.put({ ...key, v: 1 }, 'absent')).rejects.toThrow(`schema ${SCHEMA + 1}`)
    expect(await stored.get(key)).toBeUndefined()
    await expect(raiseSchema(stored, { newest: SCHEMA })).rejects.toThrow('deploy the release')
  })

  test('of an earlier release is read as it is, and looked at once', async () => {
    const stored = new MemoryTable()
    const looked: string[] = []
    const get = stored.get.bind(stored)
    stored.get = (one) => {
      looked.push(one.pk)
      return get(one)
    }
    const table = requireSchema(stored)
    await table.put({ ...key, v: 1 }, 'absent')
    await Promise.all([table.get(key), table.getMany([key])])
    expect(looked.filter((pk) => pk === SCHEMA_KEY.pk)).toHaveLength(1)
  })
})
