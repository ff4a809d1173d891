import type { CodeableConcept, Task } from 'fhir/r4'
import type { Instant, Resource } from '../../fhir.ts'
import { AUTOMATION_REASON } from '../../pathways/codes.ts'
import { isOpen } from '../../pathways/due.ts'
import { modified, taskLifecycle } from '../../resources/lifecycle/task.ts'

type Status = Task['status']

/** Those that say nothing of how far the work has come. */
const SILENT: readonly Status[] = ['draft', 'cancelled', 'entered-in-error']
const BEGUN: readonly Status[] = ['in-progress', 'completed']

/**
 * The status that a Task's parts give it: accepted with the first of them, in-progress when work on one has begun, completed when all
 * have ended and one with success, failed when all have ended without. Undefined: they say nothing. Pure.
 */
export const statusOfParts = (parts: readonly Status[]): Status | undefined => {
  const telling = parts.filter((status) => !SILENT.includes(status))
  if (!telling.length) return undefined
  const stillOpen = parts.some((status) => isOpen({ status } as Task))
  if (!stillOpen) return telling.includes('completed') ? 'completed' : 'failed'
  if (telling.some((status) => BEGUN.includes(status))) return 'in-progress'
  return telling.includes('accepted') || telling.includes('ready') ? 'accepted' : undefined
}

/** How far a Task has come; what its parts say never takes it back. On hold it waits for whoever holds it. */
const STAGES: readonly Status[] = ['requested', 'received', 'accepted', 'in-progress', 'completed']
const stageOf = (status: Status): number => STAGES.indexOf(status === 'ready' ? 'accepted' : status)

const NOBODY_COULD: CodeableConcept = {
  coding: [{ system: AUTOMATION_REASON, code: 'rolled-up' }],
  text: 'None of those who were asked in turn could do it.',
}

type Outputs = NonNullable<Task['output']>

const withOutputsOf = (parts: readonly Task[], own: Outputs = []): Outputs => {
  const known = new Set(own.map((each) => JSON.stringify(each)))
  const news = parts
    .filter(({ status }) => status === 'completed')
    .flatMap(({ output = [] }) => output)
    .filter((each) => !known.has(JSON.stringify(each)) && known.add(JSON.stringify(each)))
  return [...own, ...news]
}

/** The Task as its parts have it; the very same when they change nothing. Pure. */
export const rolledUp = (task: Task, parts: readonly Task[], now: Instant): Task => {
  const to = statusOfParts(parts.map(({ status }) => status))
  const from = task.status
  const stage = stageOf(from)
  if (!to || stage < 0 || from === 'completed' || (to !== 'failed' && stageOf(to) <= stage)) return task
  const { statusReason: _, ...rest } = task
  const output = to === 'completed' ? withOutputsOf(parts, task.output) : (task.output ?? [])
  const after: Task = {
    ...modified(rest, now),
    status: to,
    ...(to === 'failed' && { statusReason: NOBODY_COULD }),
    ...(output.length && { output }),
  }
  const [before, next] = [task, after] as unknown as [Resource, Resource]
  return taskLifecycle.stamped!({ from, to, before, after: next }, now) as unknown as Task
}
