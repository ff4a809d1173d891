import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareKeys, SortedKeys } from '../../../lib/store/order.ts'

const text = fc.string({ unit: 'binary', maxLength: 6 })

describe('compareKeys', () => {
  test('is the order of UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
    expect(compareKeys('\uffff', '😀')).toBeLessThan(0)
  })
})

describe('SortedKeys', () => {
  test('holds what was added and not deleted, once, in order', () => {
    const changes = fc.array(fc.record({ key: fc.stringMatching(/^[a-c]{1,2}$/), add: fc.boolean() }))
    fc.assert(
      fc.property(changes, (all) => {
        const sorted = new SortedKeys()
        const model = new Set<string>()
        for (const { key, add } of all) {
          if (add) sorted.add(key)
          else sorted.delete(key)
          if (add) model.add(key)
          else model.delete(key)
        }
        expect(sorted.keys).toEqual([...model].sort())
      }),
    )
  })
})
