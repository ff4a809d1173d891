import { describe, expect, test } from '@jest/globals'
import { backoff, boundedly, chunksOf } from '../../../lib/store/backoff.ts'

describe('backoff', () => {
  test('grows, is never the same for all, and has an end', () => {
    const longest = (attempt: number) => Math.max(...Array.from({ length: 300 }, () => backoff(attempt)))
    expect(longest(0)).toBeLessThanOrEqual(25)
    expect(longest(4)).toBeGreaterThan(longest(0))
    expect(longest(50)).toBeLessThanOrEqual(1_600)
    expect(backoff(3)).not.toBe(backoff(3))
  })
})

describe('boundedly', () => {
  test('gives the results in the order of the elements', async () => {
    const work = async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, 5 - n))
      return n * 2
    }
    expect(await boundedly([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10])
    expect(await boundedly([], 2, work)).toEqual([])
  })
})

describe('chunksOf', () => {
  test('cuts to size', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(chunksOf([], 2)).toEqual([])
  })
})
