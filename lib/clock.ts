import type { Instant } from './fhir.ts'

/** Where the time comes from. Everything that needs "now" is given a clock; nothing else calls `Date.now()`. */
export interface Clock {
  now(): Instant
}

export const instantOf = (epochMilliseconds: number): Instant => new Date(epochMilliseconds).toISOString()

export const systemClock: Clock = { now: () => instantOf(Date.now()) }

const HOST_CLOCK = Symbol.for('careloop.clock')
type Host = { [HOST_CLOCK]?: Clock }

/**
 * The clock of this process: the machine's, unless the host of the functions (the one-machine runtime with `--clock`) has
 * installed a simulated one. The registry symbol reaches across separately bundled functions; in Lambda nobody sets it.
 */
export const processClock: Clock = { now: () => ((globalThis as Host)[HOST_CLOCK] ?? systemClock).now() }

/** Makes `clock` the one every function loaded into this process sees. */
export const installHostClock = (clock: Clock): void => {
  ;(globalThis as Host)[HOST_CLOCK] = clock
}
