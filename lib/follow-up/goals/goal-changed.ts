import type { Careloop } from '../../careloop.ts'
import type { EventSubject } from '../../events/contract.ts'
import { idIn } from '../../fhir.ts'
import { followGoal } from './follow-goal.ts'

/** Evaluates a Goal that was changed, or whose due date has come near or has passed. */
export const goalChanged = (careloop: Careloop, { reference }: EventSubject): Promise<string> =>
  followGoal(careloop, idIn(reference))
