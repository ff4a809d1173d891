import type { Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { isEscalation } from '../../lib/pathways/escalation.ts'
import type { TenantSettings } from '../../lib/tenant.ts'
import { SimulatedTenant } from '../flows/simulated-tenant.ts'
import { facilities, locationOf } from '../simulate/facilities.ts'
import { encounterOf } from '../simulate/resources.ts'
import { nextTick } from '../simulate/simulation.ts'
import type { Stay } from '../simulate/stays.ts'
import { patientOf } from './resources.ts'

/** The ids of the Tasks that belong to each stay, by its id; escalations left aside, which depend on what people do. */
export const tasksByStay = (tasks: readonly Task[]): Map<string, string[]> => {
  const work = tasks.filter((task) => !isEscalation(task) && task.encounter?.reference)
  const byStay = Map.groupBy(work, ({ encounter }) => encounter!.reference!.slice('Encounter/'.length))
  return new Map([...byStay].map(([stay, own]) => [stay, own.map(({ id }) => id!).sort()]))
}

/** The same stays where nothing ever fails, each event comes once and in order, and the clock goes through every minute. */
export const cleanRun = async (
  settings: TenantSettings,
  stays: readonly Stay[],
  from: string,
  until: string,
): Promise<Map<string, string[]>> => {
  const tenant = new SimulatedTenant(from, settings)
  const passTo = async (instant: Temporal.Instant): Promise<void> => {
    for (;;) {
      const tick = await nextTick(tenant)
      if (tick === undefined || tick > instant.epochMilliseconds) break
      await tenant.advanceTo(Temporal.Instant.fromEpochMilliseconds(tick).toString())
    }
    tenant.now = instant.toString()
  }
  for (const facility of facilities) await tenant.put(locationOf(facility))
  const byTime = stays.toSorted((a, b) => Temporal.Instant.compare(a.discharged!, b.discharged!))
  for (const stay of byTime) {
    await passTo(stay.discharged!)
    const { discharged: _at, disposition: _to, ...before } = stay
    await tenant.put(patientOf(stay.patientId, ''))
    await tenant.put(encounterOf({ ...before, status: 'in-progress' }))
    await tenant.settle()
    await tenant.put(encounterOf(stay))
    await tenant.settle()
  }
  await passTo(Temporal.Instant.from(until))
  return tasksByStay(await tenant.all<Task>('Task', '', Number.POSITIVE_INFINITY))
}
