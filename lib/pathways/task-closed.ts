import type { Careloop } from '../careloop.ts'
import type { EventSubject } from '../events/contract.ts'
import { idIn } from '../fhir.ts'
import { followOccurrence } from '../follow-up/recurrence/follow-recurrence.ts'
import { resolveIdentity } from '../messages/resolve-identity.ts'
import { closeFollowUps } from './close-follow-ups.ts'
import { reconcileOf } from './reconcile-of.ts'

/** What each follows the end of a Task: what was open about it, its plan, messages that waited for it, and what recurs. Any number of times. */
const followers: readonly ((careloop: Careloop, reference: string) => Promise<string>)[] = [
  (careloop, reference) => closeFollowUps(careloop, idIn(reference)),
  reconcileOf,
  resolveIdentity,
  followOccurrence,
]

/**
 * Lets everything follow the end of a Task. Looks at what the Task says now: the event may be late, doubled or out of order. One that
 * fails does not keep the others from their turn.
 * @throws what the first that failed threw
 */
export const taskClosed = async (careloop: Careloop, { reference }: EventSubject): Promise<string> => {
  const outcomes: string[] = []
  const failures: unknown[] = []
  for (const follow of followers)
    await follow(careloop, reference).then(
      (text) => outcomes.push(text),
      (error) => failures.push(error),
    )
  if (failures.length) throw failures[0]
  return outcomes.join()
}
