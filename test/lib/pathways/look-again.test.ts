import { expect, test } from '@jest/globals'
import type { Bundle, CarePlan, Task } from 'fhir/r4'
import { type Careloop, createCareloop } from '../../../lib/careloop.ts'
import type { EventDetail } from '../../../lib/events/contract.ts'
import { type Resource, referenceTo } from '../../../lib/fhir.ts'
import { fail } from '../../../lib/outcome.ts'
import { encounterChanged } from '../../../lib/pathways/encounter-changed.ts'
import { MemoryTable } from '../../../lib/store/memory-table.ts'
import type { Write } from '../../../lib/store/plan-write.ts'
import type { Key, RowQuery } from '../../../lib/store/table.ts'
import { defaultSettings } from '../../../lib/tenant.ts'
import { discharge, hospital, inpatient } from '../../bench/discharge/patients.ts'
import { tenantWith, transitionOfCare, withEverything } from '../../flows/pathways.ts'
import { type SimulatedTenant, stay } from '../../flows/simulated-tenant.ts'

const FRIDAY = '2026-11-20T14:00:00-06:00'
const eventOf = (reference: string, patient: string) =>
  ({ tenant: 'demo', reference, patient, version: 1, at: FRIDAY }) as EventDetail<'encounter-discharged'>
const DISCHARGED = eventOf('Encounter/stay', 'Patient/amelia')

/** The same, of which `before` hears of the writes before they are made. */
const hearing = ({ careloop }: SimulatedTenant, before: (writes: readonly Write[]) => Promise<unknown>): Careloop => {
  const write = async (writes: readonly Write[]) => {
    await before(writes)
    return careloop.store.write(writes)
  }
  return { ...careloop, store: { ...careloop.store, write } }
}

const once = (act: () => Promise<unknown>) => {
  let isDone = false
  return async () => {
    if (isDone) return
    isDone = true
    await act()
  }
}

const discharged = async (...definitions: Parameters<typeof tenantWith>[0]): Promise<SimulatedTenant> => {
  const tenant = await tenantWith(definitions, '2026-11-20T20:05:00.000Z')
  await tenant.put({ resourceType: 'Patient', id: 'amelia' })
  await tenant.put(stay(FRIDAY))
  return tenant
}
const statuses = async (tenant: SimulatedTenant) =>
  Object.fromEntries((await tenant.all<Task>('Task')).map(({ code, status }) => [code!.text ?? '', status]))

test('what others record while a plan is made, and looked for it before it was there, is not missed', async () => {
  const tenant = await discharged(withEverything)
  const contact = {
    ...{ resourceType: 'Communication', id: 'c', status: 'completed', sent: '2026-11-20T14:04:00-06:00' },
    ...{ subject: { reference: 'Patient/amelia' }, payload: [{ contentString: 'reached' }] },
  }
  await encounterChanged(
    hearing(
      tenant,
      once(() => tenant.put(contact)),
    ),
    DISCHARGED,
  )
  expect(await statuses(tenant)).toMatchObject({ contact: 'completed', 'second-call': 'ready' })
})

test('of two that make the same plans at the same time, the second finds what the first has made', async () => {
  const tenant = await discharged(withEverything, transitionOfCare)
  await encounterChanged(
    hearing(
      tenant,
      once(() => encounterChanged(tenant.careloop, DISCHARGED)),
    ),
    DISCHARGED,
  )
  const made = [...(await tenant.all<CarePlan>('CarePlan')), ...(await tenant.all<Task>('Task'))]
  expect(new Set(made.map(({ meta }) => meta?.versionId))).toEqual(new Set(['1']))
  expect(made.filter(({ resourceType }) => resourceType === 'CarePlan')).toHaveLength(2)
})

test('a plan that the store refuses does not keep the others from being made', async () => {
  const tenant = await discharged(withEverything, transitionOfCare)
  const refusing = hearing(tenant, async (writes) => {
    const titles = writes.map(({ resource }) => (resource as unknown as CarePlan).title)
    if (titles.includes(withEverything.title)) throw fail('tooLarge', 'Too large.')
  })
  await expect(encounterChanged(refusing, DISCHARGED)).rejects.toThrow('Too large.')
  const plans = await tenant.all<CarePlan>('CarePlan')
  expect(plans.map(({ title }) => title)).toEqual([transitionOfCare.title])
})

/** Counts requests: each is a round trip. */
class RequestCounter extends MemoryTable {
  requests = 0

  override get(key: Key) {
    this.requests += 1
    return super.get(key)
  }

  override getMany(keys: readonly Key[]) {
    this.requests += 1
    return super.getMany(keys)
  }

  override query(query: RowQuery) {
    this.requests += 1
    return super.query(query)
  }
}

test('a discharge is read in few requests, however many pathways look at it', async () => {
  const table = new RequestCounter()
  const clock = { now: () => new Date().toISOString() }
  const careloop = createCareloop({ table, clock, ids: { next: () => 'unused' }, tenant: { ...defaultSettings } })
  const put = async (resource: Resource) => {
    const base = await careloop.store.read(resource.resourceType, resource.id!)
    await careloop.store.write([{ type: resource.resourceType, id: resource.id!, resource, base, method: 'PUT' }])
  }
  const entries = (bundle: Bundle) => bundle.entry!.map(({ resource }) => resource as unknown as Resource)
  for (const resource of [...entries(hospital()), ...entries(inpatient(1))]) await put(resource)
  const encounter = discharge(1)
  const event = eventOf(referenceTo('Encounter', encounter.id), encounter.subject!.reference!)
  await encounterChanged(careloop, event)
  await put(encounter as unknown as Resource)
  table.requests = 0
  expect(await encounterChanged(careloop, event)).toContain('started')
  expect(table.requests).toBeLessThanOrEqual(12)
})
