import type { Task } from 'fhir/r4'
import type { Instant } from '../fhir.ts'
import { AUTOMATION_REASON, type AutomationReason } from '../pathways/codes.ts'
import { isOpen } from '../pathways/due.ts'
import { evidenceOf, isProven, provenTask, reopenedTask } from '../pathways/follow-task.ts'
import { modified } from '../resources/lifecycle/task.ts'

/** How a step is to stand: somebody's to do, shown to be done, or not to be done any more. */
export type StepState =
  | { kind: 'open' }
  | { kind: 'done'; at: string; evidence: string }
  | { kind: 'withdrawn'; reason: AutomationReason; text: string }

/** Whether it was the automation that cancelled a Task. */
const isWithdrawn = ({ status, statusReason }: Task): boolean =>
  status === 'cancelled' && (statusReason?.coding ?? []).some(({ system }) => system === AUTOMATION_REASON)

export const doneTask = (task: Task, at: string, evidence: string): Task =>
  provenTask(task, { result: 'completed', references: [evidence], versions: [], date: at })

/**
 * A Task of the automation as it is to stand; the very same when nothing changes. What a person has closed stays closed, and what is
 * open keeps its window.
 * @param timed gives a Task that is opened again its new window
 */
export const followedStep = (task: Task, state: StepState, timed: (task: Task) => Task, now: Instant): Task => {
  const isOurs = isOpen(task) || isWithdrawn(task) || isProven(task)
  if (!isOurs) return task
  if (state.kind === 'done') {
    // Proven already, or opened again by a person in spite of it.
    const isKnown = isProven(task) || (isOpen(task) && evidenceOf(task).has(state.evidence))
    return isKnown ? task : modified(doneTask(task, state.at, state.evidence), now)
  }
  if (state.kind === 'open') return isOpen(task) ? task : modified(timed(reopenedTask(task)), now)
  if (!isOpen(task)) return task
  const { reason, text } = state
  return {
    ...modified(task, now),
    status: 'cancelled',
    statusReason: { coding: [{ system: AUTOMATION_REASON, code: reason }], text },
  }
}
