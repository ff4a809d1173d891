import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareKeys } from '../../../lib/store/order.ts'
import { ConditionFailed, type Item, type RowQuery, type Table, TransactionRefused } from '../../../lib/store/table.ts'

/** What every adapter of the port must do, run on each of them. Each test works in partitions of its own. */
export const tableContract = (createTable: () => Promise<Table>): void => {
  let table: Table
  let tests = 0
  let pk: string
  beforeEach(async () => {
    table ??= await createTable()
    tests += 1
    pk = `Partition?${tests}=x`
  })
  const row = (sk: string, attributes: Record<string, Item[string]> = {}): Item => ({ pk, sk, ...attributes })
  const sks = async (query: Omit<RowQuery, 'pk'>) => (await table.query({ pk, ...query })).items.map(({ sk }) => sk)
  const fill = (...keys: string[]) =>
    table.writeMany(
      keys.map((sk) => row(sk)),
      [],
    )

  describe('get and getMany', () => {
    test('an item comes back with every kind of attribute', async () => {
      const item = row('current', {
        v: 12,
        updated: '2026-11-25T05:59:59.000Z',
        body: 'ü€😀',
        z: Uint8Array.from([0, 1, 255]),
        deleted: true,
        asserted: { 'a-_9': 3, b: 1 },
        next: { v: 13, z: Uint8Array.from([255, 0]), asserted: {}, deleted: true },
      })
      await table.put(item, 'absent')
      expect(await table.get({ pk, sk: 'current' })).toEqual(item)
      expect(await table.getMany([{ pk, sk: 'current' }])).toEqual([item])
    })

    test('an empty map and undefined attributes', async () => {
      await table.put(row('current', { asserted: {}, wake: undefined }), 'absent')
      expect(await table.get({ pk, sk: 'current' })).toStrictEqual(row('current', { asserted: {} }))
    })

    test('no item', async () => {
      expect(await table.get({ pk, sk: 'current' })).toBeUndefined()
      expect(await table.getMany([{ pk, sk: 'current' }])).toEqual([])
      expect(await table.getMany([])).toEqual([])
    })

    test('a key may carry more than the key', async () => {
      await fill('a')
      const due = { pk, sk: 'a', wakeAt: '2026-11-25T05:59:59.000Z' }
      expect(await table.get(due)).toEqual(row('a'))
      expect(await table.getMany([due])).toEqual([row('a')])
      await table.writeMany([], [due])
      expect(await table.get(due)).toBeUndefined()
    })

    test('more keys than a batch holds, with duplicates: each existing item once', async () => {
      const keys = Array.from({ length: 230 }, (_, index) => `k${index}`)
      await fill(...keys)
      const wanted = [...keys, ...keys.slice(0, 40), 'missing'].map((sk) => ({ pk, sk }))
      const found = await table.getMany(wanted)
      expect(found.map(({ sk }) => sk).sort()).toEqual([...keys].sort())
    })

    test('what is given out or taken in is not shared', async () => {
      const item = row('current', { asserted: { a: 1 }, z: Uint8Array.from([1]) })
      await table.put(item, 'absent')
      ;(item.asserted as Record<string, number>).a = 2
      const read = (await table.get(item))!
      ;(read.z as Uint8Array)[0] = 9
      read.v = 1
      expect(await table.get(item)).toEqual(row('current', { asserted: { a: 1 }, z: Uint8Array.from([1]) }))
    })
  })

  describe('put', () => {
    test('on absence: the second one fails and changes nothing', async () => {
      await table.put(row('a', { v: 1 }), 'absent')
      await expect(table.put(row('a', { v: 2 }), 'absent')).rejects.toBeInstanceOf(ConditionFailed)
      expect(await table.get({ pk, sk: 'a' })).toEqual(row('a', { v: 1 }))
    })

    test.each<[string, Record<string, string | number | undefined>, boolean]>([
      ['the value it has', { v: 1 }, true],
      ['another value', { v: 2 }, false],
      ['another type', { v: '1' }, false],
      ['an attribute it lacks', { w: 1 }, false],
      ['all of several', { v: 1, owner: 'x' }, true],
      ['one of several', { v: 1, owner: 'y' }, false],
      ['that an attribute is not there, and it is not', { v: 1, woken: undefined }, true],
      ['that an attribute is not there, but it is', { owner: undefined }, false],
      ['nothing', {}, true],
    ])('on %s', async (_name, condition, holds) => {
      await table.put(row('a', { v: 1, owner: 'x' }), 'absent')
      const put = table.put(row('a', { v: 9 }), condition)
      if (holds) await put
      else await expect(put).rejects.toBeInstanceOf(ConditionFailed)
      expect((await table.get({ pk, sk: 'a' }))?.v).toBe(holds ? 9 : 1)
    })

    test('a condition on values fails on an absent item', async () => {
      await expect(table.put(row('a'), { v: 1 })).rejects.toBeInstanceOf(ConditionFailed)
    })

    test('replaces the whole item', async () => {
      await table.put(row('a', { v: 1, wakeAt: '2026', wake: 'wake#none' }), 'absent')
      await table.put(row('a', { v: 2 }), { v: 1 })
      expect(await table.get({ pk, sk: 'a' })).toEqual(row('a', { v: 2 }))
    })
  })

  describe('delete', () => {
    test('on the value it has', async () => {
      await table.put(row('a', { tx: '1' }), 'absent')
      await expect(table.delete({ pk, sk: 'a' }, { tx: '2' })).rejects.toBeInstanceOf(ConditionFailed)
      expect(await table.get({ pk, sk: 'a' })).toEqual(row('a', { tx: '1' }))
      await table.delete({ pk, sk: 'a' }, { tx: '1' })
      expect(await table.get({ pk, sk: 'a' })).toBeUndefined()
      await expect(table.delete({ pk, sk: 'a' }, { tx: '1' })).rejects.toBeInstanceOf(ConditionFailed)
    })
  })

  describe('transact', () => {
    test('writes all when every condition holds', async () => {
      await table.put(row('a', { v: 1 }), 'absent')
      await table.transact([
        { item: row('a', { v: 2 }), condition: { v: 1 } },
        { item: row('b', { v: 1 }), condition: 'absent' },
      ])
      expect(await sks({ limit: 9 })).toEqual(['a', 'b'])
    })

    test('writes nothing when one does not, and says which', async () => {
      await table.put(row('b', { v: 1 }), 'absent')
      const refused = table.transact([
        { item: row('a'), condition: 'absent' },
        { item: row('b', { v: 3 }), condition: { v: 2 } },
        { item: row('c'), condition: 'absent' },
        { item: row('d'), condition: { v: 1 } },
      ])
      await expect(refused).rejects.toBeInstanceOf(TransactionRefused)
      await expect(refused).rejects.toMatchObject({ failed: [1, 3] })
      expect((await table.query({ pk, limit: 9 })).items).toEqual([row('b', { v: 1 })])
    })

    test('takes one hundred, and no more', async () => {
      const puts = Array.from({ length: 101 }, (_, n) => ({ item: row(`a${n}`), condition: 'absent' as const }))
      await expect(table.transact(puts)).rejects.toThrow()
      expect(await sks({ limit: 1 })).toEqual([])
      await table.transact(puts.slice(0, 100))
      expect((await sks({ limit: 200 })).length).toBe(100)
    })

    test('an item cannot be there twice', async () => {
      const put = { item: row('a'), condition: 'absent' as const }
      await expect(table.transact([put, put])).rejects.toThrow()
    })
  })

  describe('writeMany', () => {
    test('any number of puts and deletes, duplicates included', async () => {
      const old = Array.from({ length: 60 }, (_, n) => `old${n}`)
      await fill(...old)
      const fresh = Array.from({ length: 70 }, (_, n) => row(`new${n}`))
      await table.writeMany(
        [...fresh, fresh[0]!],
        [...old, old[0]!, 'missing'].map((sk) => ({ pk, sk })),
      )
      expect((await sks({ limit: 200 })).sort()).toEqual(fresh.map(({ sk }) => sk).sort())
    })

    test('nothing to do', async () => {
      await expect(table.writeMany([], [])).resolves.toBeUndefined()
    })

    test('a put overwrites', async () => {
      await table.writeMany([row('a', { v: 1 })], [])
      await table.writeMany([row('a', { w: 1 })], [])
      expect(await table.get({ pk, sk: 'a' })).toEqual(row('a', { w: 1 }))
    })
  })

  describe('query', () => {
    test('stays in its partition, in the order of UTF-8 bytes', async () => {
      const inOrder = ['!', '10', '9', 'A', 'a', 'a\u0000', 'a-', 'a@', 'é', '€', '\uffff', '😀']
      await fill(...[...inOrder].reverse())
      await table.put({ pk: `${pk}2`, sk: 'a' }, 'absent')
      expect(await sks({ limit: 50 })).toEqual(inOrder)
      expect(await sks({ limit: 50, descending: true })).toEqual([...inOrder].reverse())
    })

    test('an empty partition', async () => {
      expect(await table.query({ pk, limit: 5 })).toEqual({ items: [], more: false })
    })

    test('gives whole items', async () => {
      await table.put(row('a', { v: 1, asserted: { x: 1 } }), 'absent')
      expect((await table.query({ pk, limit: 5 })).items).toEqual([row('a', { v: 1, asserted: { x: 1 } })])
    })

    test('says whether there may be more', async () => {
      await fill('a', 'b', 'c')
      expect((await table.query({ pk, limit: 2 })).more).toBe(true)
      expect((await table.query({ pk, limit: 4 })).more).toBe(false)
      expect((await table.query({ pk, limit: 4, after: 'c' })).more).toBe(false)
    })

    test('goes through as many pages of 1 MB as the limit asks for', async () => {
      const body = 'x'.repeat(300_000)
      const keys = Array.from({ length: 11 }, (_, n) => `k${String(n).padStart(2, '0')}`)
      await table.writeMany(
        keys.map((sk) => row(sk, { body })),
        [],
      )
      expect(await sks({ limit: 10 })).toEqual(keys.slice(0, 10))
      expect(await sks({ limit: 50, descending: true })).toEqual([...keys].reverse())
      expect((await table.getMany(keys.map((sk) => ({ pk, sk })))).length).toBe(keys.length)
    })

    test('any bounds, any place to go on from, either direction', async () => {
      const stored = ['b', 'd', 'd#1', 'd#1@1', 'f', 'h']
      await fill(...stored)
      const bound = fc.option(fc.constantFrom('', 'a', ...stored, 'c', 'd#', 'd#1@', 'e', 'h', 'z', 'd\uffff'), {
        nil: undefined,
      })
      const query = fc.record({ from: bound, to: bound, after: bound, descending: fc.boolean(), limit: fc.nat(6) })
      await fc.assert(
        fc.asyncProperty(query, async ({ from, to, after, descending, limit }) => {
          const model = stored
            .filter((sk) => from === undefined || compareKeys(sk, from) >= 0)
            .filter((sk) => to === undefined || compareKeys(sk, to) <= 0)
            .filter((sk) => after === undefined || compareKeys(sk, after) * (descending ? -1 : 1) > 0)
          if (descending) model.reverse()
          const page = await table.query({ pk, from, to, after, descending, limit: limit + 1 })
          expect(page.items.map(({ sk }) => sk)).toEqual(model.slice(0, limit + 1))
          if (model.length > limit + 1) expect(page.more).toBe(true)
          if (model.length <= limit) expect(page.more).toBe(false)
        }),
        { numRuns: 300 },
      )
    })
  })

  describe('due', () => {
    const at = (seconds: number) => `2026-11-25T06:00:${String(seconds).padStart(2, '0')}.000Z`
    const sleeper = (sk: string, seconds: number, shard = 'a'): Item =>
      row(sk, { v: 1, wake: `${pk}${shard}`, wakeAt: at(seconds), body: 'x' })

    test('gives the items of one shard whose time has come, earliest first, keys only', async () => {
      await table.writeMany([sleeper('c', 3), sleeper('a', 5), sleeper('b', 1), sleeper('d', 1, 'b')], [])
      expect(await table.due(`${pk}a`, at(3), 9)).toEqual([
        { pk, sk: 'b', wakeAt: at(1) },
        { pk, sk: 'c', wakeAt: at(3) },
      ])
      expect(await table.due(`${pk}a`, at(9), 1)).toEqual([{ pk, sk: 'b', wakeAt: at(1) }])
      expect(await table.due(`${pk}a`, at(0), 9)).toEqual([])
    })

    test('follows what becomes of the item', async () => {
      await table.writeMany([sleeper('a', 1), sleeper('b', 1), sleeper('c', 1)], [])
      await table.put(sleeper('a', 9), { v: 1 })
      await table.put(row('b', { v: 1 }), { v: 1 })
      await table.writeMany([], [{ pk, sk: 'c' }])
      expect(await table.due(`${pk}a`, at(5), 9)).toEqual([])
      expect((await table.due(`${pk}a`, at(9), 9)).map(({ sk }) => sk)).toEqual(['a'])
    })
  })
}
