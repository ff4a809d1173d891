import { Temporal } from 'temporal-polyfill'
import type { Crash, DeliveredEvent, SimulatedTenant } from '../flows/simulated-tenant.ts'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

/** What the bus and the functions behind it have been through. */
export interface Deliveries {
  events: number
  doubled: number
  heldBack: number
  broughtBack: number
  crashed: number
}

const DOUBLED = 0.15
const HELD_BACK = 0.1
const BROUGHT_BACK = 0.02
const CRASHED = 0.08
const LONGEST_DELAY_MINUTES = 180
const CRASHES: readonly Crash[] = ['before', 'after']

/**
 * A bus at its worst: it doubles, reorders, holds back and brings back what is long done, and the functions it calls die before or
 * after what they commit, and are called again.
 */
export const faultyBus = (
  random: Random,
  tenant: SimulatedTenant,
  agenda: Agenda,
): { deliveries: Deliveries; deliverAll: (events: readonly DeliveredEvent[]) => Promise<void> } => {
  const deliveries: Deliveries = { events: 0, doubled: 0, heldBack: 0, broughtBack: 0, crashed: 0 }

  const deliver = async (event: DeliveredEvent): Promise<void> => {
    if (!random.chance(CRASHED)) return tenant.deliver(event)
    tenant.table.crash = random.pick(CRASHES)
    try {
      await tenant.deliver(event)
      // It had nothing to write.
      tenant.table.crash = undefined
    } catch {
      deliveries.crashed += 1
      await tenant.deliver(event)
    }
  }

  const deliverAll = async (events: readonly DeliveredEvent[]): Promise<void> => {
    deliveries.events += events.length
    const again = events.filter(() => random.chance(DOUBLED))
    const old = tenant.archive.length && random.chance(BROUGHT_BACK) ? [random.pick(tenant.archive)] : []
    deliveries.doubled += again.length
    deliveries.broughtBack += old.length
    for (const event of random.shuffled([...events, ...again, ...old])) {
      if (!random.chance(HELD_BACK)) {
        await deliver(event)
        continue
      }
      deliveries.heldBack += 1
      const at = Temporal.Instant.from(tenant.now).add({ minutes: random.between(1, LONGEST_DELAY_MINUTES) })
      agenda.put(at, () => deliver(event), { owed: true })
    }
  }

  return { deliveries, deliverAll }
}
