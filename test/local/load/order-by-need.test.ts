import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { orderByNeed } from '../../../local/load/order-by-need.ts'

const graphs = fc.integer({ min: 0, max: 25 }).chain((size) =>
  size === 0
    ? fc.constant<number[][]>([])
    : fc.array(fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 4 }), {
        minLength: size,
        maxLength: size,
      }),
)

const reachable = (needs: readonly (readonly number[])[], from: number): Set<number> => {
  const reached = new Set<number>()
  const walk = [...needs[from]!]
  for (let node = walk.pop(); node !== undefined; node = walk.pop()) {
    if (reached.has(node)) continue
    reached.add(node)
    walk.push(...needs[node]!)
  }
  return reached
}

describe('orderByNeed', () => {
  test('every node is in one group, after all it needs outside its group', () => {
    fc.assert(
      fc.property(graphs, (needs) => {
        const groups = orderByNeed(needs)
        expect(groups.flat().sort((a, b) => a - b)).toEqual([...needs.keys()])
        const groupOf = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)))
        for (const [node, needed] of needs.entries()) {
          for (const other of needed) expect(groupOf.get(other)!).toBeLessThanOrEqual(groupOf.get(node)!)
        }
      }),
    )
  })

  test('two nodes share a group exactly when each needs the other', () => {
    fc.assert(
      fc.property(graphs, (needs) => {
        const reached = [...needs.keys()].map((node) => reachable(needs, node))
        const groups = orderByNeed(needs)
        for (const a of needs.keys()) {
          for (const b of needs.keys()) {
            const together = groups.some((group) => group.includes(a) && group.includes(b))
            expect(together).toBe(a === b || (reached[a]!.has(b) && reached[b]!.has(a)))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  test('nodes that need nothing later keep their order', () => {
    expect(orderByNeed([[], [0], [], [2, 0]])).toEqual([[0], [1], [2], [3]])
  })

  test('a chain as long as a large Bundle does not exhaust the stack', () => {
    const length = 50_000
    const needs = Array.from({ length }, (_, node) => (node + 1 < length ? [node + 1] : []))
    expect(orderByNeed(needs)[0]).toEqual([length - 1])
  })
})
