import { type Clock, instantOf } from '../lib/clock.ts'
import type { Instant } from '../lib/fhir.ts'
import type { Due, NextDue } from './due-items.ts'

/** A clock that stands still until it is moved, and then goes through every minute in which something happens. */
export interface SimulatedClock extends Clock {
  /** Moves the clock to `to`, not before now. Resolves when all that happens until then has happened. */
  moveTo(to: Instant): Promise<void>
}

export interface SimulatedClockParts {
  nextDue: NextDue
  /** what the minute rule does */
  tick: () => void
  /** resolves when nothing is left to do at this time */
  drain: () => Promise<void>
}

const MINUTE_MS = 60_000

/** The first full minute at or after `instant`, and after `now`. */
const minuteFor = (instant: Instant, now: Instant): Instant => {
  const wanted = Math.ceil(Date.parse(instant) / MINUTE_MS) * MINUTE_MS
  const next = (Math.floor(Date.parse(now) / MINUTE_MS) + 1) * MINUTE_MS
  return instantOf(Math.max(wanted, next))
}

const same = (one: Due | undefined, other: Due | undefined): boolean =>
  one?.pk === other?.pk && one?.wakeAt === other?.wakeAt

/** @param parts is asked for when the clock is first moved: what it is made of needs the clock itself */
export const createSimulatedClock = (start: Instant, parts: () => SimulatedClockParts): SimulatedClock => {
  let now = instantOf(Date.parse(start))
  let moving = Promise.resolve()

  const move = async (to: Instant): Promise<void> => {
    const { nextDue, tick, drain } = parts()
    await drain()
    let woken: Due | undefined
    for (;;) {
      const earliest = await nextDue()
      // What a tick could not wake would stop us at every minute from here on; later minutes try it again with others.
      const due = woken && same(earliest, woken) ? await nextDue(now) : earliest
      if (!due) break
      const minute = minuteFor(due.wakeAt, now)
      if (minute > to) break
      now = minute
      woken = earliest
      tick()
      await drain()
    }
    if (to > now) now = to
  }

  return {
    now: () => now,
    moveTo(to) {
      const moved = moving.then(() => move(to))
      moving = moved.catch(() => undefined)
      return moved
    },
  }
}
