import type { CodeableConcept, Task } from 'fhir/r4'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { AUTOMATION_REASON, hasCode } from '../pathways/codes.ts'
import { modified, TASK_CODE, taskLifecycle } from '../resources/lifecycle/task.ts'
import { MOST_WRITES } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { isOpen } from './cascade-activities.ts'
import { type CascadeReason, type Cause, type Revision, type Scene, triggerOf } from './cascade-cause.ts'

export const asTask = ({ content }: Version): Task => content as unknown as Task

/** A code with its text, for elements that people read. */
export const reasonConcept = (code: CascadeReason, text: string): CodeableConcept => ({
  coding: [{ system: AUTOMATION_REASON, code }],
  text,
})

/** A Task moved on by the service, with the reason there is for it. */
export const moved = (
  base: Version,
  status: Task['status'],
  reason: CodeableConcept | undefined,
  now: Instant,
): Revision => {
  const { statusReason: _statusReason, ...task } = asTask(base)
  const after = {
    ...modified(task as Task, now),
    status,
    ...(reason && { statusReason: reason }),
  } as unknown as Resource
  const transition = { from: task.status, to: status, before: base.content, after }
  return { base, resource: taskLifecycle.stamped!(transition, now) }
}

/** Work has begun, so that only those who do it can stop it. */
const BEGUN = ['in-progress', 'on-hold']

export const hasBegun = (task: Version): boolean => BEGUN.includes(asTask(task).status)

/** Asks for work to stop: nothing that itself could be stopped. */
export const isAbort = (task: Version): boolean => hasCode(asTask(task).code, TASK_CODE, 'abort')

/**
 * The requests to stop work on Tasks: each to the owner, in the name of the requester. The Tasks themselves stay until their owners
 * answer. One that has been asked already is not asked again. https://hl7.org/fhir/R4/codesystem-task-code.html
 */
export const abortsOf = async (
  { careloop: { search }, now }: Scene,
  cause: Cause,
  tasks: readonly Version[],
  reason: CodeableConcept,
): Promise<Resource[]> => {
  if (!tasks.length) return []
  const focus = tasks.map(({ type, id }) => referenceTo(type, id)).join(',')
  const asked = await search.all('Task', `focus=${focus}&code=${TASK_CODE}|abort`, MOST_WRITES)
  const open = asked.filter(isOpen).map((abort) => asTask(abort).focus?.reference)
  return tasks
    .filter(({ type, id }) => !open.includes(referenceTo(type, id)))
    .map((task) => abortOf(task, cause, reason, now))
}

const abortOf = (original: Version, cause: Cause, reason: CodeableConcept, now: Instant): Resource => {
  const { groupIdentifier, priority, for: subject, encounter, requester, owner } = asTask(original)
  const reference = referenceTo('Task', original.id)
  const abort: Task = {
    resourceType: 'Task',
    id: deterministicId(reference, 'abort', triggerOf(cause)),
    ...(groupIdentifier && { groupIdentifier }),
    status: 'requested',
    intent: 'order',
    ...(priority && { priority }),
    code: { coding: [{ system: TASK_CODE, code: 'abort' }] },
    description: 'Stop work on the Task in focus.',
    focus: { reference },
    ...(subject && { for: subject }),
    ...(encounter && { encounter }),
    authoredOn: now,
    lastModified: now,
    ...(requester && { requester }),
    ...(owner && { owner }),
    reasonCode: reason,
  }
  return abort as unknown as Resource
}
