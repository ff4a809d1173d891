import type { Encounter, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { facilityTimeZone } from './facility-time-zone.ts'

const ENCOUNTER = /^Encounter\/([A-Za-z0-9\-.]{1,64})$/

/** The time zone a Task's days are counted in: that of the facility of its Encounter, else the tenant's. */
export const taskTimeZone = async ({ store, tenant }: Careloop, { encounter }: Task): Promise<string> => {
  const [, id] = ENCOUNTER.exec(encounter?.reference ?? '') ?? []
  const version = id === undefined ? undefined : await store.read('Encounter', id)
  if (!version || version.deleted) return tenant.timeZone
  return facilityTimeZone(store, version.content as unknown as Encounter, tenant.timeZone)
}
