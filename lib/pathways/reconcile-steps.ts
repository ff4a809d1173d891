import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { type Application, taskOf } from './apply.ts'
import { ConditionFailed } from './conditions.ts'
import { decideSteps, type Verdict } from './decide-steps.ts'
import { dueInstant, isOpen } from './due.ts'
import {
  endedTask,
  evidenceOf,
  heldTask,
  isEnded,
  isHeld,
  isProven,
  isWithdrawn,
  movedTask,
  provenTask,
  reopenedTask,
  resumedTask,
  type Times,
  taskOfSubject,
  timedTask,
  withdrawnTask,
} from './follow-task.ts'
import { matchEvidence, type Proof } from './match-evidence.ts'
import type { Owner } from './owner.ts'
import type { Step } from './pathway.ts'
import { type Pauses, statusBeforeHold } from './pauses.ts'
import type { AutomationReason } from './provenance.ts'
import { scheduleSteps, type Timing } from './schedule-steps.ts'
import type { Transition } from './transition.ts'

/** A Task to be written. */
export interface StepChange {
  step: Step
  /** none for one that has never been there */
  base?: Version
  task: Task
  reasons: readonly AutomationReason[]
  /** versions of the evidence it was decided on, `Type/id/_history/v` */
  sources: readonly string[]
}

export interface StepParts {
  application: Application
  transition: Transition
  /** what is stored of the Tasks, deleted ones included, by id of the step */
  tasks: ReadonlyMap<string, Version>
  /** the patient's resources, by type, that evidence is sought among */
  candidates: ReadonlyMap<string, readonly Resource[]>
  pauses: Pauses
  /** whether Tasks may still be created */
  mayCreate: boolean
  /** the time of the plan is over: what it asked for is not judged anew */
  isSettled: boolean
  /** people have put the plan on hold */
  isOnHold: boolean
  owner: () => Promise<Owner>
}

const asTask = (version: Version): Task => version.content as unknown as Task

/** What the definition computes of a Task's elements. One that cannot be computed is left as it is, and the log says so. */
const withDynamicValues = (task: Task, step: Step, { trigger, scope }: Transition): Task => {
  const values: Record<string, unknown> = {}
  for (const { path, expression } of step.dynamicValues) {
    try {
      const found = scope.valuesOf(expression)
      if (!found.length) continue
      const value = JSON.parse(JSON.stringify(LISTS.includes(path) ? found : found[0]))
      values[path] = value
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
      const { reference, version } = trigger
      logLine({
        event: 'dynamic-value',
        reference,
        version,
        action: step.id,
        outcome: 'failed',
        error: errorName(error),
      })
    }
  }
  return { ...task, ...values }
}
/** The elements of Task among those that a definition can compute that are lists. */
const LISTS = ['note', 'performerType']

/** The Task is written down the way it is to be; `before` when it was there, `isNew` and reopened ones included. */
interface Followed {
  task: Task
  reasons: AutomationReason[]
  proof?: Proof
}

/** `statusBefore`: the one it had before it was put on hold, if it is to go on. */
const follow = (
  before: Task,
  step: Step,
  timing: Timing,
  parts: StepParts,
  times: Times,
  statusBefore?: Task['status'],
): Followed => {
  const { transition, candidates, pauses } = parts
  const reasons = new Set<AutomationReason>()
  const { timeZone } = times
  let task = movedTask(before, step, timing, times)
  if (task !== before) {
    const [was, is] = [dueInstant(before, timeZone), dueInstant(task, timeZone)!]
    const isShortenedIntoThePast = is <= times.now && (was === undefined || was > times.now)
    reasons.add(isShortenedIntoThePast ? 'recomputed-overdue' : 'corrected')
  }
  task = taskOfSubject(task, transition.trigger.subject)
  if (step.pausable && pauses.onLeave) {
    const held = heldTask(task)
    if (held !== task) reasons.add('plan-on-hold')
    task = held
  } else if (statusBefore) task = resumedTask(task, statusBefore)
  const overruled = evidenceOf(before)
  const proof = matchEvidence(step, timing, {
    scope: transition.scope,
    of: (type) => (candidates.get(type) ?? []).filter(({ id }) => !overruled.has(referenceTo(type, id!))),
    timeZone,
  })
  const proven = proof ? provenTask(task, proof) : task
  const ended = endedTask(proven, step, timing, times)
  if (ended !== proven) reasons.add('window-ended')
  return { task: ended, reasons: [...reasons], ...(proven !== task && { proof }) }
}

const changeOf = async (
  careloop: Careloop,
  step: Step,
  verdict: Verdict,
  timing: Timing,
  parts: StepParts,
  times: Times,
): Promise<StepChange | undefined> => {
  const { application, transition, tasks, mayCreate, isOnHold } = parts
  const base = tasks.get(step.id)
  const change = ({ task, reasons, proof }: Followed, more: readonly AutomationReason[] = []): StepChange => ({
    step,
    ...(base && { base }),
    task: { ...task, lastModified: application.now },
    reasons: [...more, ...reasons],
    sources: proof?.versions ?? [],
  })
  if (!base) {
    // What recurs is made one by one as long as the plan runs.
    if (verdict !== 'wanted' || !(mayCreate || step.occurrence) || isOnHold) return undefined
    const plain = withDynamicValues(taskOf(application, step, await parts.owner()), step, transition)
    return change(follow(timedTask(plain, step, timing, times), step, timing, parts, times))
  }
  if (base.deleted) return undefined
  const task = asTask(base)
  if (isOpen(task)) {
    if (verdict === 'unwanted')
      return change({ task: withdrawnTask(task, 'no-longer-applies'), reasons: ['no-longer-applies'] })
    const goesOn = isHeld(task) && !isOnHold && !parts.pauses.onLeave
    const statusBefore = goesOn ? await statusBeforeHold(careloop, base) : undefined
    const followed = follow(task, step, timing, parts, times, statusBefore)
    return followed.task === task ? undefined : change(followed)
  }
  const isClosedByRule = isProven(task) || isEnded(task)
  const isAskedAgain = isWithdrawn(task) ? verdict === 'wanted' : isClosedByRule && verdict !== 'unwanted'
  if (!isAskedAgain) return undefined
  const followed = follow(reopenedTask(task), step, timing, parts, times)
  // What is proven still, by whatever evidence, and what has ended still, stays as it was written.
  if (isProven(task) && isProven(followed.task)) return undefined
  if (isEnded(task)) return isEnded(followed.task) ? undefined : change(followed)
  return change(followed, ['corrected'])
}

/** The Task by which the step, or the step taken of the group, with this id was done, if it was. */
export const doneTaskOf = (
  id: string,
  steps: readonly Step[],
  tasks: ReadonlyMap<string, Version>,
): Task | undefined => {
  for (const step of steps) {
    const version = step.id === id || step.oneOf === id ? tasks.get(step.id) : undefined
    if (version && !version.deleted && asTask(version).status === 'completed') return asTask(version)
  }
  return undefined
}

/** When a Task was done. */
export const doneAtOf = ({ executionPeriod, lastModified }: Task): string | undefined =>
  executionPeriod?.end ?? lastModified

/** What the steps of a plan that is wanted call for: those that recur are there as their occurrences. */
export const reconcileSteps = async (careloop: Careloop, parts: StepParts): Promise<StepChange[]> => {
  const { application, transition, tasks, pauses, isSettled } = parts
  const { pathway, trigger, calendar, now } = application
  const { anchor } = trigger
  const live = new Map([...tasks].flatMap(([id, version]) => (version.deleted ? [] : [[id, asTask(version)] as const])))
  const doneOf = (id: string): Task | undefined => doneTaskOf(id, pathway.steps, tasks)
  const judged = new Map<string, boolean | undefined>()
  const applies = (step: Step): boolean | undefined => {
    // A step that follows another is asked for when that is done, however late.
    if (isSettled && !step.after) return undefined
    const id = step.occurrence?.of ?? step.id
    if (!judged.has(id)) judged.set(id, transition.holds(step.conditions, id))
    return judged.get(id)
  }
  const verdicts = decideSteps(pathway.steps, {
    taskOf: (step) => live.get(step.id),
    applies,
    isDone: (id) => doneOf(id) !== undefined,
  })
  // Those that are taken: what is due no later than one of a group goes by the one taken.
  const taken = pathway.steps.filter(
    ({ id }) => verdicts.get(id) === 'wanted' || (verdicts.get(id) === 'undecided' && tasks.has(id)),
  )
  const timings = scheduleSteps(taken, {
    anchor,
    calendar,
    pausedMs: pauses.pausedMs,
    doneAt: (id) => {
      const done = doneOf(id)
      return done && doneAtOf(done)
    },
  })
  const times: Times = { calendar, timeZone: anchor.timeZone, tenant: careloop.tenant, now }
  const changes: StepChange[] = []
  for (const step of pathway.steps) {
    const change = await changeOf(careloop, step, verdicts.get(step.id)!, timings.get(step.id) ?? {}, parts, times)
    if (change) changes.push(change)
  }
  return changes
}
