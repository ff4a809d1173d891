import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { idIn } from '../fhir.ts'
import { hasPassed } from './follow-plan.ts'
import { lookAgain, type Target, targetsOfPlan } from './look-again.ts'

const PLAN = /^CarePlan\/([A-Za-z0-9\-.]{1,64})$/

/** The plan that a pathway made a Task for; text, if there is none: why. */
const targetsOf = async (careloop: Careloop, reference: string): Promise<Target[] | string> => {
  const { store } = careloop
  const id = idIn(reference)
  const current = await store.read('Task', id)
  // Of one that was deleted its last version says what plan it was of.
  const version = current?.deleted ? await store.vread('Task', id, current.v - 1) : current
  if (!version || version.deleted) return 'gone'
  const { focus, instantiatesCanonical } = version.content as unknown as Task
  const [, planId] = PLAN.exec(focus?.reference ?? '') ?? []
  return planId === undefined || instantiatesCanonical === undefined ? 'unplanned' : targetsOfPlan(careloop, planId)
}

/**
 * Lets the plan of a Task follow that the Task was closed or deleted: steps that come after it are to be taken now, alternatives to it no more, and
 * a plan whose time is over may have been waiting for it. Nothing for a Task that no pathway made. `reference`: `Task/id`
 */
export const reconcileOf = async (careloop: Careloop, reference: string): Promise<string> => {
  const targets = await targetsOf(careloop, reference)
  if (typeof targets === 'string') return targets
  const { clock, tenant } = careloop
  const concerned = targets.filter(
    ({ pathway: { steps }, plan }) =>
      steps.some(({ after, oneOf, recurrence }) => after || oneOf || recurrence) ||
      (plan && hasPassed(plan, clock.now(), tenant.timeZone)),
  )
  return lookAgain(careloop, concerned)
}

/** Lets the plan of a Task that nobody works on follow that the time for it is over; undefined when no plan goes on that it is of. */
export const reconcileWatch = async (careloop: Careloop, reference: string): Promise<string | undefined> => {
  const targets = await targetsOf(careloop, reference)
  return typeof targets === 'string' || !targets.length ? undefined : lookAgain(careloop, targets)
}
