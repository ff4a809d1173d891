import type { Careloop } from '../../careloop.ts'
import type { EventSubject } from '../../events/contract.ts'
import { idIn } from '../../fhir.ts'
import { activateGoals } from './activate-goals.ts'
import { followRecurrence } from './follow-recurrence.ts'
import { followReview } from './follow-review.ts'

/** Lets everything follow a plan that was changed, or whose clock has struck. Any number of times. */
export const carePlanChanged = async (careloop: Careloop, { reference }: EventSubject): Promise<string> => {
  const id = idIn(reference)
  const outcomes = [
    await followRecurrence(careloop, id),
    await followReview(careloop, id),
    await activateGoals(careloop, id),
  ]
  return outcomes.join()
}
