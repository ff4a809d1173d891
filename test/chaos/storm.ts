import { setTimeout as delay } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import type { Random } from '../simulate/random.ts'
import type { Stage } from './scene.ts'
import type { World } from './world.ts'

/** What it was like. */
export interface Weather {
  kills: number
  outages: number
  clockJumps: number
  /** how far the clock has gone, by the shortest jump and the longest */
  jumped: string[]
}

const DRIZZLE = 0.03
const OUTAGES = [0.6, 0.95] as const
const JUMPS = ['PT20S', 'PT1M', 'PT5M', 'PT31M', 'PT1H', 'PT7H', 'PT24H', 'PT50H'] as const
const KILL_AFTER_MS = [3_000, 14_000] as const
const OUTAGE_AFTER_MS = [4_000, 12_000] as const
const OUTAGE_LASTS_MS = [300, 4_000] as const
const JUMP_AFTER_MS = [1_000, 6_000] as const
const HELD_FOR_MS = [0, 2_500] as const

/** Kills, outages and jumps of the clock, each at moments of its own, until `until` (milliseconds of `performance.now`). */
export const blow = async (random: Random, world: World, stage: Stage, until: number): Promise<Weather> => {
  const weather: Weather = { kills: 0, outages: 0, clockJumps: 0, jumped: [] }
  const isOver = () => performance.now() >= until
  const ending = new AbortController()
  const wait = ([low, high]: readonly [number, number], chances: Random): Promise<void> =>
    delay(chances.between(low, high), undefined, { signal: ending.signal }).catch(() => undefined)

  const kills = async (chances: Random): Promise<void> => {
    for (;;) {
      await wait(KILL_AFTER_MS, chances)
      if (isOver()) return
      await world.kill()
      weather.kills += 1
      await world.start()
    }
  }

  const outages = async (chances: Random): Promise<void> => {
    for (;;) {
      world.database.severity = DRIZZLE
      await wait(OUTAGE_AFTER_MS, chances)
      if (isOver()) return
      world.database.severity = chances.pick(OUTAGES)
      weather.outages += 1
      await wait(OUTAGE_LASTS_MS, chances)
    }
  }

  const jumps = async (chances: Random): Promise<void> => {
    for (;;) {
      await wait(JUMP_AFTER_MS, chances)
      if (isOver()) return
      if (!stage.base) continue
      const by = chances.pick(JUMPS)
      weather.clockJumps += 1
      weather.jumped.push(by)
      // The clock moves when nothing is left to do, which under load is never: so the clients pause, and for some of the way only.
      stage.held = true
      const moved = world.moveClock(Temporal.Instant.from(world.now).add(Temporal.Duration.from(by)).toString())
      await Promise.race([moved, wait(HELD_FOR_MS, chances)])
      stage.held = false
      await Promise.race([moved, delay(until - performance.now())])
    }
  }

  const last = setTimeout(() => ending.abort(), until - performance.now())
  await Promise.all([kills(random.fork()), outages(random.fork()), jumps(random.fork())])
  clearTimeout(last)
  return weather
}
