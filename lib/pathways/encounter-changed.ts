import type { Careloop } from '../careloop.ts'
import type { EventSubject } from '../events/contract.ts'
import { idIn } from '../fhir.ts'
import { targetsOfFact } from './fact-recorded.ts'
import { distinct, lookAgain, targetsOfEncounter, targetsOfPlans } from './look-again.ts'

/**
 * Lets every pathway of an Encounter follow what it says now, and those of the patient's other Encounters that look at it: a new stay
 * ends what an earlier one called for. The event may be late, doubled or out of order.
 * @returns an outcome for each pathway looked at
 */
export const encounterChanged = async (careloop: Careloop, { reference, patient }: EventSubject): Promise<string> => {
  const id = idIn(reference)
  const own = await targetsOfEncounter(careloop, id)
  if (patient === undefined) return lookAgain(careloop, distinct(own))
  const plans = await targetsOfPlans(careloop, patient)
  return lookAgain(careloop, distinct([...own, ...(await targetsOfFact(careloop, patient, 'Encounter', plans))]))
}
