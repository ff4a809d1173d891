import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'
import { hasRecurring, type Unrolled, unrollSteps } from '../follow-up/recurrence/unroll-steps.ts'
import type { Version } from '../store/version.ts'
import { type Application, taskId } from './apply.ts'
import { lastInstantOf, localDateOf } from './date-time.ts'
import { spansOfStatus } from './facts.ts'
import { pausesOf } from './pauses.ts'
import { doneAtOf, doneTaskOf } from './reconcile-steps.ts'
import type { Stay } from './round.ts'
import { planPeriod } from './schedule-steps.ts'
import type { Transition } from './transition.ts'

interface Parts {
  application: Application
  transition: Transition
  /** what is stored of the Tasks, deleted ones included, by id of the step */
  tasks: ReadonlyMap<string, Version>
  plan?: Version
  stay?: Stay
  /** whether the plan goes on: people have not put it on hold, and its time is not over */
  goesOn: boolean
}

const LONG_AGO = '1900-01-01T00:00:00.000Z'

/** Nobody had to do what was due while people had the plan on hold. */
const inForceSince = async (careloop: Careloop, plan: Version | undefined): Promise<Instant> => {
  if (!plan) return LONG_AGO
  const holds = await spansOfStatus(careloop, plan, 'on-hold')
  return holds.flatMap(({ until }) => until ?? []).at(-1) ?? LONG_AGO
}

/** The steps of a pathway as they are to be reconciled: those that recur as their occurrences. */
export const unrolledSteps = async (careloop: Careloop, parts: Parts): Promise<Unrolled> => {
  const { application, transition, tasks, plan, stay, goesOn } = parts
  const { pathway, trigger, calendar, now } = application
  if (!hasRecurring(pathway)) return { steps: pathway.steps, tasks }
  const { anchor } = trigger
  return unrollSteps(pathway, {
    anchor,
    calendar,
    now,
    lastDay: localDateOf(planPeriod(pathway, anchor, calendar).end!, anchor.timeZone)!,
    tasks,
    unlisted: (step) => careloop.store.read('Task', taskId(trigger.reference, pathway, step)),
    doneAt(id) {
      const done = doneTaskOf(id, pathway.steps, tasks)
      return done && doneAtOf(done)
    },
    mayRecur: ({ id, conditions }) => goesOn && transition.holds(conditions, id) === true,
    inForceSince: await inForceSince(careloop, plan),
    async pausedSince(from) {
      if (!stay) return 0
      const { pausedMs } = await pausesOf(careloop, pathway, stay, plan, lastInstantOf(from, anchor.timeZone)!)
      return pausedMs
    },
  })
}
