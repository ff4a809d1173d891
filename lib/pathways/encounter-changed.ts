import type { Careloop } from '../careloop.ts'
import type { EventSubject } from '../events/contract.ts'
import { idIn } from '../fhir.ts'
import { runningPathways } from './definitions.ts'
import { targetsOfFact } from './fact-recorded.ts'
import { lookOf, readRecord } from './look.ts'
import { distinct, lookAgain, targetsOfEncounter, targetsOfPlans } from './look-again.ts'

/**
 * Lets every pathway of an Encounter follow what it says now, and those of the patient's other Encounters that look at it: a new stay
 * ends what an earlier one called for. The event may be late, doubled or out of order.
 * @returns an outcome for each pathway looked at
 */
export const encounterChanged = async (
  careloop: Careloop,
  { reference, patient, version }: EventSubject,
): Promise<string> => {
  const id = idIn(reference)
  const look = lookOf(careloop)
  if (patient === undefined) return lookAgain(careloop, distinct(await targetsOfEncounter(look, id)), look)
  await readRecord(look, patient, await runningPathways(careloop), id, version)
  const own = await targetsOfEncounter(look, id)
  const others = await targetsOfFact(look, patient, 'Encounter', await targetsOfPlans(look, patient))
  return lookAgain(careloop, distinct([...own, ...others]), look)
}
