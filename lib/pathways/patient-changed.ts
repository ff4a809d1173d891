import type { Careloop } from '../careloop.ts'
import type { EventSubject } from '../events/contract.ts'
import { runningPathways } from './definitions.ts'
import { lookAtPatient } from './look.ts'
import { distinct, lookAgain, targetsOfPatient, targetsOfPlans } from './look-again.ts'

/** Lets the pathways that look at the patient follow what is known of them now. */
export const patientChanged = async (careloop: Careloop, { reference }: EventSubject): Promise<string> => {
  const pathways = (await runningPathways(careloop)).filter(({ names }) => names.has('subject'))
  const look = await lookAtPatient(careloop, reference)
  const plans = await targetsOfPlans(look, reference)
  return lookAgain(careloop, distinct([...plans, ...(await targetsOfPatient(look, reference, pathways))]), look)
}
