import type { Task } from 'fhir/r4'
import { type Instant, referenceTo } from '../../fhir.ts'
import { AUTOMATION_REASON, hasCode, TASK_BUSINESS_STATUS } from '../codes.ts'
import { complianceEndOf } from '../compliance-end.ts'
import { lastInstantOf } from '../date-time.ts'
import { dueInstant, isOpen } from '../due.ts'
import { isEnded } from '../follow-task.ts'

/** What can have become of a step: all of fhir-profiles/code-systems/transition-state.json, in its order. */
export const STEP_STATES = [
  'met',
  'attempts-met',
  'met-late',
  'met-early',
  'open',
  'overdue',
  'window-missed',
  'withdrawn',
  'not-applicable',
] as const

export type StepState = (typeof STEP_STATES)[number]

/** What has become of a step, and what shows it. */
export interface Standing {
  state: StepState
  /** of what was withdrawn: a code of automation-reason, or what people gave, or the status */
  reason?: string
  /** references */
  evidence: readonly string[]
  /** FHIR date or dateTime of what closed it */
  evidenceDate?: string
}

const ATTEMPTS = 'attempts-met'
const NOT_DONE = ['cancelled', 'rejected', 'failed', 'entered-in-error']

type Output = NonNullable<Task['output']>[number]

const isAttempt = ({ type }: Output): boolean => hasCode(type, TASK_BUSINESS_STATUS, ATTEMPTS)

const referencesOf = (outputs: readonly Output[]): string[] =>
  outputs.flatMap(({ valueReference }) => valueReference?.reference ?? [])

/** Windows are in whole seconds, and end with one. */
const isBefore = (a: Instant, b: Instant): boolean => a.slice(0, 19) < b.slice(0, 19)

const reasonOf = ({ status, statusReason }: Task): string => {
  const { coding = [] } = statusReason ?? {}
  return coding.find(({ system }) => system === AUTOMATION_REASON)?.code ?? coding[0]?.code ?? status
}

const completedState = (task: Task, at: Instant | undefined, hasAttempts: boolean, timeZone: string): StepState => {
  const { start } = task.restriction?.period ?? {}
  const from = start && lastInstantOf(start, timeZone)
  const until = complianceEndOf(task, timeZone)
  if (!until) return 'met'
  if (!at) return hasAttempts ? ATTEMPTS : 'met-late'
  if (from && isBefore(at, from)) return 'met-early'
  if (!isBefore(until, at)) return 'met'
  return hasAttempts ? ATTEMPTS : 'met-late'
}

/**
 * What has become of the Task of a step at `now`. It is met only by what took place between the start of its window and the end of
 * what counts for the programme; a Task that somebody closed without naming evidence is evidence itself. Pure.
 */
export const standingOf = (task: Task, timeZone: string, now: Instant): Standing => {
  const { status, output = [], executionPeriod, id } = task
  const attempts = output.filter(isAttempt)
  // A watch whose time is over: nothing showed what it was for.
  if (isEnded(task)) return { state: 'window-missed', evidence: [] }
  if (status === 'completed') {
    const date = executionPeriod?.end ?? task.lastModified
    const at = date && lastInstantOf(date, timeZone)
    const state = completedState(task, at, attempts.length > 0, timeZone)
    const closing = referencesOf(state === ATTEMPTS ? attempts : output.filter((each) => !isAttempt(each)))
    return {
      state,
      evidence: closing.length ? closing : [referenceTo('Task', id!)],
      ...(date && state !== ATTEMPTS && { evidenceDate: date }),
    }
  }
  if (NOT_DONE.includes(status) || !isOpen(task)) return { state: 'withdrawn', reason: reasonOf(task), evidence: [] }
  if (attempts.length) return { state: ATTEMPTS, evidence: referencesOf(attempts) }
  const until = complianceEndOf(task, timeZone)
  const due = dueInstant(task, timeZone)
  const state = until && until < now ? 'window-missed' : due && due < now ? 'overdue' : 'open'
  return { state, evidence: [] }
}
