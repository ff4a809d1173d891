import type { Careloop } from '../../careloop.ts'
import type { Instant } from '../../fhir.ts'
import type { Caller } from '../../interactions/interaction.ts'
import type { Key } from '../../store/table.ts'

/** Where it is kept for how long the glass is broken: no resource, so that no client can write it. */
export const glassKey = (user: string, patient: string): Key => ({ pk: '!break-glass', sk: `${user} ${patient}` })

/** Until when a user sees what is labelled of a patient; undefined: never did. */
export const brokenUntil = async ({ store }: Careloop, user: string, patient: string): Promise<Instant | undefined> =>
  (await store.table.get(glassKey(user, patient)))?.until as Instant | undefined

/** Whether a user has broken the glass for a patient and the time for that is not over. */
export const isGlassBroken = async (careloop: Careloop, { reference }: Caller, patient: string): Promise<boolean> => {
  const until = reference === undefined ? undefined : await brokenUntil(careloop, reference, patient)
  return until !== undefined && careloop.clock.now() < until
}
