import type { Crash, DeliveredEvent, SimulatedTenant } from './simulated-tenant.ts'

/** How the bus of a tenant delivers what has been published. */
export type Bus = (tenant: SimulatedTenant) => Parameters<SimulatedTenant['settle']>[0]

/** Once and in order. */
export const reliably: Bus = () => undefined

/** A bus that doubles, reorders and brings back what is long done, to functions that die at any moment and run at the same time. */
export const badly =
  (seed: number): Bus =>
  (tenant) => {
    let state = seed
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return (state >> 8) % below
    }
    const shuffled = <Value>(values: readonly Value[]): Value[] =>
      values
        .map((value) => [random(1_000), value] as const)
        .sort(([a], [b]) => a - b)
        .map(([, value]) => value)
    const CRASHES: (Crash | undefined)[] = ['before', 'after', undefined]

    return async (events: readonly DeliveredEvent[]) => {
      const old = shuffled(tenant.archive).slice(0, random(4))
      const deliveries = shuffled([...events, ...events, ...old])
      for (const event of deliveries) {
        tenant.table.crash = CRASHES[random(CRASHES.length)]
        await tenant.deliver(event).catch(() => undefined)
        tenant.table.crash = undefined
      }
      // What failed is delivered again, in the end to functions that live; two of them at once.
      for (const event of shuffled(deliveries)) await Promise.all([tenant.deliver(event), tenant.deliver(event)])
    }
  }
