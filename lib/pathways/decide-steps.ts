import type { Task } from 'fhir/r4'
import { isOpen } from './due.ts'
import type { Step } from './pathway.ts'

/** Whether a plan asks for a step. Undecided: it stays as it is. */
export type Verdict = 'wanted' | 'unwanted' | 'undecided'

export interface Grounds {
  /** The step's Task, when it is there and has not been deleted. */
  taskOf(step: Step): Task | undefined
  /** Whether the step's conditions hold; undefined when they cannot be evaluated. */
  applies(step: Step): boolean | undefined
  /** Whether the step, or one of the group, with this id is done. */
  isDone(id: string): boolean
}

const isUnderWay = (task: Task | undefined): boolean => task !== undefined && isOpen(task)

/** The one of a group of alternatives that is taken: the one that is done, else the first that applies. */
const chosenOf = (alternatives: readonly Step[], { taskOf, applies }: Grounds): Step | undefined => {
  const done = alternatives.find((step) => taskOf(step)?.status === 'completed')
  if (done) return done
  // One that cannot be judged is passed over, unless it has been begun.
  return alternatives.find((step) => applies(step) ?? isUnderWay(taskOf(step)))
}

const verdictOf = (step: Step, grounds: Grounds, chosen: ReadonlyMap<string, Step | undefined>): Verdict => {
  if (step.after && !grounds.isDone(step.after.step)) return 'unwanted'
  if (step.occurrence && !step.occurrence.isAskedFor) return 'unwanted'
  if (step.oneOf && chosen.get(step.oneOf)?.id !== step.id) return 'unwanted'
  const applies = grounds.applies(step)
  if (applies === undefined) return 'undecided'
  // What is done of a group is no longer chosen anew.
  return applies || step.oneOf ? 'wanted' : 'unwanted'
}

/** What a plan that is wanted asks for, by id of the step. Pure. */
export const decideSteps = (steps: readonly Step[], grounds: Grounds): ReadonlyMap<string, Verdict> => {
  const groups = Map.groupBy(
    steps.filter(({ oneOf }) => oneOf !== undefined),
    ({ oneOf }) => oneOf!,
  )
  const chosen = new Map([...groups].map(([id, alternatives]) => [id, chosenOf(alternatives, grounds)] as const))
  return new Map(steps.map((step) => [step.id, verdictOf(step, grounds, chosen)] as const))
}
