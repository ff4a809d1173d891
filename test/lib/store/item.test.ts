import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { itemBytes, sameItem } from '../../../lib/store/item.ts'
import type { Item } from '../../../lib/store/table.ts'
import { createTestTable } from '../../support/tables.ts'

describe('itemBytes', () => {
  test('is what DynamoDB counts, to the byte', async () => {
    let units = 0
    const { table } = await createTestTable({ onCapacity: (_operation, { write }) => (units = write) })
    const number = fc.oneof(fc.integer(), fc.constantFrom(0, 7, 10, 12, 100, 4_000_000_000, 0.5, 1.25))
    const attributes = fc.record(
      {
        v: number,
        deleted: fc.boolean(),
        owner: fc.string({ unit: 'grapheme' }),
        z: fc.uint8Array(),
        asserted: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), number, { noNullPrototype: true }),
      },
      { requiredKeys: [] },
    )
    let made = 0
    await fc.assert(
      fc.asyncProperty(attributes, async (given) => {
        made += 1
        const item = { pk: 'Task/1', sk: String(made), ...given, body: '' } as Item
        const fits = { ...item, body: 'x'.repeat(1024 - itemBytes(item)) }
        await table.put(fits, 'absent')
        expect(units).toBe(1)
        await table.put({ ...fits, body: `${fits.body}x` }, {})
        expect(units).toBe(2)
      }),
      { numRuns: 60 },
    )
  })
})

describe('sameItem', () => {
  const item: Item = { pk: 'a', sk: 'b', v: 1, z: Uint8Array.from([1]), asserted: { a: 1 } }
  test.each<[string, Partial<Item>, boolean]>([
    ['nothing', {}, true],
    ['an attribute that is undefined', { wake: undefined }, true],
    ['one more attribute', { wake: 'w' }, false],
    ['a value', { v: 2 }, false],
    ['bytes', { z: Uint8Array.from([2]) }, false],
    ['an element', { asserted: { a: 2 } }, false],
    ['one element more', { asserted: { a: 1, b: 1 } }, false],
    ['a kind of value', { z: 'AQ==' }, false],
  ])('%s apart', (_name, difference, same) => {
    const other = { ...structuredClone(item), ...difference }
    expect([sameItem(item, other), sameItem(other, item)]).toEqual([same, same])
  })
})
