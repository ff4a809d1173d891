import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Plannable, planChunks } from '../../../local/load/plan-chunks.ts'

const entriesArbitrary = fc.integer({ min: 1, max: 40 }).chain((size) =>
  fc.array(
    fc.record({
      references: fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }),
      bytes: fc.integer({ min: 1, max: 50 }),
      target: fc.option(
        fc.integer({ min: 0, max: 30 }).map((id) => `Patient/${id}`),
        { nil: undefined },
      ),
    }),
    { minLength: size, maxLength: size },
  ),
)

const plain = (references: number[], target?: string): Plannable => ({
  references,
  bytes: 1,
  ...(target && { target }),
})

describe('planChunks', () => {
  test('puts every entry in exactly one chunk, within the limits, one write of a resource each', () => {
    fc.assert(
      fc.property(
        entriesArbitrary,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 50, max: 200 }),
        (entries, size, bytes) => {
          const { chunks } = planChunks(entries, { size, bytes })
          expect(chunks.flat().sort((a, b) => a - b)).toEqual([...entries.keys()])
          for (const chunk of chunks) {
            expect(chunk.length).toBeLessThanOrEqual(size)
            expect(chunk.reduce((sum, position) => sum + entries[position]!.bytes, 0)).toBeLessThanOrEqual(bytes)
            const targets = chunk.map((position) => entries[position]!.target).filter((target) => target)
            expect(new Set(targets).size).toBe(targets.length)
          }
        },
      ),
    )
  })

  test('without circles no reference points to a later chunk, and writes of one resource keep their order', () => {
    const acyclic = entriesArbitrary.map((entries) =>
      entries.map((entry, position) => ({
        ...entry,
        references: entry.references.filter((other) => other < position),
      })),
    )
    fc.assert(
      fc.property(acyclic, fc.integer({ min: 1, max: 10 }), (entries, size) => {
        const { chunks, forward } = planChunks(entries, { size, bytes: 1_000 })
        expect(forward).toBe(0)
        const chunkOf = new Map(chunks.flatMap((chunk, index) => chunk.map((position) => [position, index] as const)))
        for (const [position, { references, target }] of entries.entries()) {
          for (const reference of references) {
            expect(chunkOf.get(reference)!).toBeLessThanOrEqual(chunkOf.get(position)!)
          }
          const earlier = entries.findLastIndex((entry, other) => other < position && target && entry.target === target)
          if (earlier >= 0) expect(chunkOf.get(earlier)!).toBeLessThan(chunkOf.get(position)!)
        }
      }),
    )
  })

  test('keeps a Bundle that fits as it is', () => {
    expect(planChunks([plain([1]), plain([])], { size: 2, bytes: 10 })).toEqual({ chunks: [[0, 1]], forward: 0 })
  })

  test('sends what is referred to first, wherever it stands in the file', () => {
    const entries = [plain([3]), plain([3]), plain([3]), plain([])]
    expect(planChunks(entries, { size: 2, bytes: 10 }).chunks).toEqual([
      [3, 0],
      [1, 2],
    ])
  })

  test('keeps a circle together when it fits a chunk', () => {
    const entries = [plain([]), plain([2]), plain([1]), plain([])]
    expect(planChunks(entries, { size: 2, bytes: 10 })).toEqual({ chunks: [[0], [2, 1].sort(), [3]], forward: 0 })
  })

  test('of a circle too large it sends those first whose id the server decides, and counts the references left pointing forward', () => {
    const entries = [plain([1], 'Patient/a'), plain([2], 'Patient/b'), plain([0])]
    expect(planChunks(entries, { size: 1, bytes: 10 })).toEqual({ chunks: [[2], [0], [1]], forward: 2 })
  })

  test('gives an entry above the limit of bytes a chunk of its own', () => {
    const entries = [plain([]), { ...plain([]), bytes: 99 }, plain([])]
    expect(planChunks(entries, { size: 5, bytes: 10 }).chunks).toEqual([[0], [1], [2]])
  })
})
