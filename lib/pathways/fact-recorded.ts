import type { Careloop } from '../careloop.ts'
import type { EventDetail } from '../events/contract.ts'
import { idIn } from '../fhir.ts'
import { runningPathways } from './definitions.ts'
import { planState } from './follow-plan.ts'
import { lookAtPatient } from './look.ts'
import { distinct, lookAgain, type Target, targetsOfPatient, targetsOfPlan, targetsOfPlans } from './look-again.ts'
import { notBefore } from './not-before.ts'

/** Whether a plan looks at resources of a type: one that has ended only at what may still show that it was done. */
const looksAt = ({ pathway: { types, steps }, plan }: Target, type: string): boolean =>
  plan && planState(plan) === 'ended'
    ? steps.some(({ evidence }) => evidence.some((each) => each.type === type))
    : types.has(type)

/** What looks at the patient's resources of a type: their plans, and pathways that may apply now though they did not before. */
export const targetsOfFact = async (
  careloop: Careloop,
  patient: string,
  type: string,
  plans: readonly Target[],
): Promise<Target[]> => {
  const pathways = (await runningPathways(careloop)).filter(({ startTypes }) => startTypes.has(type))
  const looking = plans.filter((target) => looksAt(target, type))
  return [...looking, ...(await targetsOfPatient(careloop, patient, pathways))]
}

/** Lets a patient's plans follow a fact that was recorded, amended or deleted. */
export const factRecorded = async (
  careloop: Careloop,
  { reference, patient, type, at }: EventDetail<'fact-recorded'>,
): Promise<string> => {
  if (type === 'CarePlan') {
    const id = idIn(reference)
    return lookAgain(notBefore(careloop, at), await targetsOfPlan(careloop, id))
  }
  if (patient === undefined) return 'nobody'
  const look = await lookAtPatient(careloop, patient)
  const plans = await targetsOfPlans(look, patient)
  return lookAgain(careloop, distinct(await targetsOfFact(look, patient, type, plans)), look)
}
