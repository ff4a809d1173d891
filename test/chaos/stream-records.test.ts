import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../simulate/random.ts'
import { doubled, type StreamRecord, shuffledBetweenItems } from './stream-records.ts'

interface Numbered extends StreamRecord {
  number: number
}

const records = fc
  .array(fc.constantFrom('Task/1', 'Task/2', 'Goal/1'), { minLength: 1, maxLength: 12 })
  .map((items) =>
    items.map((S, number): Numbered => ({ number, dynamodb: { Keys: { pk: { S }, sk: { S: 'current' } } } })),
  )
const itemOf = ({ dynamodb }: StreamRecord) => dynamodb!.Keys!.pk!.S!
const seeds = fc.integer({ min: 1, max: 10_000 })

describe('records of the stream as a bad one gives them', () => {
  test('in another order: all are there once, those of one item as they were', () => {
    fc.assert(
      fc.property(records, seeds, (given, seed) => {
        const shuffled = shuffledBetweenItems(createRandom(seed), given)
        expect(shuffled.toSorted((a, b) => a.number - b.number)).toEqual(given)
        for (const own of Map.groupBy(shuffled, itemOf).values())
          expect(own).toEqual(own.toSorted((a, b) => a.number - b.number))
      }),
    )
  })

  test('the order does change', () => {
    const given = Array.from(
      { length: 8 },
      (_, number): Numbered => ({
        ...{ number, dynamodb: { Keys: { pk: { S: `Task/${number}` }, sk: { S: 'current' } } } },
      }),
    )
    expect(shuffledBetweenItems(createRandom(1), given)).not.toEqual(given)
  })

  test('doubled: after all of them comes a stretch of them again', () => {
    fc.assert(
      fc.property(records, seeds, (given, seed) => {
        const all = doubled(createRandom(seed), given)
        const again = all.slice(given.length).map(({ number }) => number)
        expect(all.slice(0, given.length)).toEqual(given)
        expect(again.length).toBeGreaterThan(0)
        expect(again).toEqual(again.map((_, n) => again[0]! + n))
      }),
    )
  })
})
