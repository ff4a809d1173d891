import type { Careloop } from '../../careloop.ts'
import type { EventSubject } from '../../events/contract.ts'
import { followGoal } from './follow-goal.ts'

/** Evaluates a Goal that was changed, or whose due date has come near or has passed. */
export const goalChanged = (careloop: Careloop, { reference }: EventSubject): Promise<string> =>
  followGoal(careloop, reference.slice(reference.indexOf('/') + 1))
