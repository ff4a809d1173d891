import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { instantOf } from '../../lib/clock.ts'
import type { Due } from '../../local/due-items.ts'
import { createSimulatedClock } from '../../local/simulated-clock.ts'

const START = '2026-11-25T14:00:00.000Z'
const MINUTE = 60_000
const at = (minutes: number): string => instantOf(Date.parse(START) + minutes * MINUTE)

/** A clock over items that wake at given minutes; `asleep` items never wake. */
const simulation = (wakeAt: number[], asleep: readonly number[] = []) => {
  const ticks: string[] = []
  let items: Due[] = wakeAt.map((minutes, index) => ({ pk: String(index), wakeAt: at(minutes) }))
  const clock = createSimulatedClock(START, () => ({
    nextDue: async (after = '') =>
      items.filter((item) => item.wakeAt > after).sort((a, b) => (a.wakeAt < b.wakeAt ? -1 : 1))[0],
    tick: () => {
      ticks.push(clock.now())
      items = items.filter((item) => item.wakeAt > clock.now() || asleep.includes(Number(item.pk)))
    },
    drain: async () => undefined,
  }))
  return { clock, ticks, left: () => items }
}

describe('a simulated clock', () => {
  test('stands still', () => {
    const { clock } = simulation([])
    expect([clock.now(), clock.now()]).toEqual([START, START])
  })

  test('ticks in the minutes that something is due in and in no other', async () => {
    const { clock, ticks } = simulation([10.5, 60 * 24 * 30, 11])
    await clock.moveTo(at(60 * 24 * 31))
    expect(ticks).toEqual([at(11), at(60 * 24 * 30)])
    expect(clock.now()).toBe(at(60 * 24 * 31))
  })

  test('ticks at the minute it is moved to, and not beyond', async () => {
    const { clock, ticks } = simulation([10, 10.1])
    await clock.moveTo(at(10))
    expect(ticks).toEqual([at(10)])
  })

  test('what has been due before is woken in the next minute', async () => {
    const { clock, ticks } = simulation([-100])
    await clock.moveTo(at(1.5))
    expect(ticks).toEqual([at(1)])
  })

  test('an item that does not wake does not stop the time', async () => {
    const { clock, ticks } = simulation([1, 60 * 24 * 300], [0])
    await clock.moveTo(at(60 * 24 * 365))
    expect(ticks).toEqual([at(1), at(60 * 24 * 300)])
  })

  test('two moves at once are one after the other', async () => {
    const { clock, ticks } = simulation([5, 15])
    await Promise.all([clock.moveTo(at(10)), clock.moveTo(at(20))])
    expect(ticks).toEqual([at(5), at(15)])
    expect(clock.now()).toBe(at(20))
  })

  test('nothing that is due is left behind, however the way is parted', async () => {
    const minutes = fc.double({ min: -10, max: 1000, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.array(minutes), fc.array(fc.nat(1000)), async (due, stops) => {
        const { clock, ticks, left } = simulation(due)
        for (const stop of stops.sort((a, b) => a - b)) await clock.moveTo(at(stop))
        await clock.moveTo(at(1001))
        expect(left()).toEqual([])
        expect(ticks).toEqual([...new Set(ticks)].sort())
        expect(ticks.every((tick) => tick.endsWith(':00.000Z'))).toBe(true)
      }),
    )
  })
})
