import type { Encounter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { createEvaluations, type Evaluations } from './conditions.ts'
import { facilityTimeZone } from './facility-time-zone.ts'
import { createFacts, type Facts } from './facts.ts'

/** An Encounter as it is now, deleted ones included. */
export interface Stay {
  id: string
  version: Version
  /** undefined when it was deleted */
  resource?: Resource
}

/** One look at what is stored: what several pathways need of it is read once. */
export interface Round {
  stay(encounterId: string): Promise<Stay | undefined>
  timeZone(stay: Stay): Promise<string>
  evaluations: Evaluations
  /** of the patient with this reference */
  facts(subject: string | undefined): Facts
}

const once = <Key, Value>(read: (key: Key) => Value, nameOf: (key: Key) => unknown = (key) => key) => {
  const known = new Map<unknown, Value>()
  return (key: Key): Value => {
    const name = nameOf(key)
    if (!known.has(name)) known.set(name, read(key))
    return known.get(name)!
  }
}

/** `evaluations`: those of an earlier look, moments ago. */
export const createRound = (careloop: Careloop, evaluations = createEvaluations()): Round => {
  const { store, tenant } = careloop
  return {
    evaluations,
    stay: once(async (id: string) => {
      const version = await store.read('Encounter', id)
      return version && { id, version, ...(!version.deleted && { resource: version.content }) }
    }),
    timeZone: once(
      async ({ resource }: Stay) =>
        resource ? facilityTimeZone(store, resource as unknown as Encounter, tenant.timeZone) : tenant.timeZone,
      ({ id }) => id,
    ),
    facts: once((subject: string | undefined) => createFacts(careloop, subject)),
  }
}
