import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Carrier, type Movable, rebalance } from '../../../../lib/follow-up/caseload/rebalance.ts'

const one = (patient: string, weight: number, others: Partial<Movable> = {}): Movable => ({
  patient,
  acuity: 'moderate',
  isNew: false,
  weight,
  wanted: { languages: [], interpreter: false, roles: [] },
  ...others,
})
const carrier = (worker: string, capacity: number, cases: Movable[], others: Partial<Carrier> = {}): Carrier => ({
  worker,
  capacity,
  cases,
  load: cases.reduce((sum, { weight }) => sum + weight, 0),
  languages: ['en'],
  roles: [],
  ...others,
})

describe('rebalancing', () => {
  test('nobody above their capacity: nothing to move', () => {
    expect(rebalance([carrier('a', 10, [one('p', 10)]), carrier('b', 10, [])])).toEqual({ moves: [], stuck: [] })
  })

  test('moves the new and the light first, and no more than it takes', () => {
    const cases = [one('old', 2), one('new', 4, { isNew: true }), one('light', 1), one('heavy', 5)]
    const { moves, stuck } = rebalance([carrier('a', 8, cases), carrier('b', 10, [])])
    expect(moves.map(({ patient, to, reason }) => [patient, to, reason])).toEqual([['new', 'b', 'over-capacity']])
    expect(moves[0]!.giver).toEqual([12 / 8, 1])
    expect(stuck).toEqual([])
  })

  test('finds cover for who is away, and says for whom there is none', () => {
    const away = carrier(
      'a',
      10,
      [one('p', 3), one('q', 3, { wanted: { languages: ['fr'], interpreter: false, roles: [] } })],
      {
        unavailable: 'absent',
      },
    )
    const { moves, stuck } = rebalance([away, carrier('b', 10, [])])
    expect(moves.map(({ patient, to, reason }) => [patient, to, reason])).toEqual([['p', 'b', 'absent']])
    expect(stuck).toEqual([{ patient: 'q', from: 'a', reason: 'absent' }])
  })

  test('never overloads anybody, never moves to who is away, moves each case at most once', () => {
    const carriers = fc
      .uniqueArray(
        fc.record(
          {
            worker: fc.stringMatching(/^[a-f]$/),
            capacity: fc.integer({ min: 0, max: 20 }),
            weights: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
            unavailable: fc.constantFrom('inactive' as const, 'absent' as const),
          },
          { requiredKeys: ['worker', 'capacity', 'weights'] },
        ),
        { selector: ({ worker }) => worker },
      )
      .map((all) =>
        all.map(({ worker, capacity, weights, unavailable }) =>
          carrier(
            worker,
            capacity,
            weights.map((tenths, n) => one(`${worker}${n}`, tenths / 10)),
            unavailable && { unavailable },
          ),
        ),
      )
    fc.assert(
      fc.property(carriers, (all) => {
        const { moves } = rebalance(all)
        const load = new Map(all.map((each) => [each.worker, each.load]))
        for (const { from, to, weight } of moves) {
          load.set(from, load.get(from)! - weight)
          load.set(to, load.get(to)! + weight)
        }
        const takers = new Set(moves.map(({ to }) => to))
        for (const { worker, capacity, unavailable } of all)
          if (takers.has(worker)) {
            expect(unavailable).toBeUndefined()
            expect(load.get(worker)!).toBeLessThanOrEqual(capacity + 1e-9)
          }
        expect(new Set(moves.map(({ patient }) => patient)).size).toBe(moves.length)
      }),
    )
  })
})
