import type { Period, Reference, Task } from 'fhir/r4'
import type { Instant, Resource } from '../../fhir.ts'
import type { Guard, Lifecycle, Transition } from './lifecycle.ts'
import { expectedValue, missingOutputs } from './required-outputs.ts'

/** The HL7 core, the SDOH referral and the patient machine together. https://hl7.org/fhir/R4/task.html#statemachine */
// biome-ignore format: it is a table
const edges = {
  draft:              ['requested', 'ready', 'cancelled', 'entered-in-error'],
  requested:          ['received', 'accepted', 'ready', 'rejected', 'cancelled', 'entered-in-error'],
  received:           ['accepted', 'rejected', 'cancelled', 'entered-in-error'],
  accepted:           ['in-progress', 'on-hold', 'completed', 'failed', 'cancelled', 'entered-in-error'],
  ready:              ['in-progress', 'on-hold', 'completed', 'failed', 'cancelled', 'entered-in-error'],
  'in-progress':      ['on-hold', 'ready', 'completed', 'failed', 'cancelled', 'entered-in-error'],
  'on-hold':          ['in-progress', 'ready', 'accepted', 'completed', 'failed', 'cancelled', 'entered-in-error'],
  rejected:           ['entered-in-error'],
  cancelled:          ['entered-in-error'],
  failed:             ['entered-in-error'],
  completed:          ['entered-in-error'],
  'entered-in-error': [],
} as const satisfies Record<Task['status'], readonly Task['status'][]>

const asTask = (resource: Resource): Task => resource as unknown as Task

export const TASK_CODE = 'http://hl7.org/fhir/CodeSystem/task-code'
const REFERRAL_PROFILE = /\/SDOHCC-TaskForReferralManagement(\||$)/

/** Work that another organization is asked to do for a request: the SDOH Clinical Care profile, or an order to fulfill. */
export const isReferral = ({ meta, intent, code }: Pick<Task, 'meta' | 'intent' | 'code'>): boolean =>
  (meta?.profile ?? []).some((profile) => REFERRAL_PROFILE.test(profile)) ||
  (intent === 'order' && (code?.coding ?? []).some(({ system, code }) => system === TASK_CODE && code === 'fulfill'))

/** Owned by a pool of workers here, not by somebody who has to accept it first. */
const isPoolWork = (task: Task): boolean => !isReferral(task) && /^CareTeam\//.test(task.owner?.reference ?? '')

const ENDED = ['rejected', 'cancelled', 'failed', 'completed']

const needsReason: Guard = {
  to: ['rejected', 'cancelled', 'on-hold', 'failed'],
  element: 'statusReason.text',
  refusal: (after) =>
    asTask(after).statusReason?.text?.trim()
      ? undefined
      : `A Task that is ${after.status} says why in statusReason.text.`,
}

const needsOwner: Guard = {
  to: ['in-progress'],
  element: 'owner',
  refusal: (after) => (isNamed(asTask(after).owner) ? undefined : 'A Task that is in-progress has an owner.'),
}

const needsOutputs: Guard = {
  to: ['completed', 'rejected', 'cancelled', 'failed'],
  element: 'output',
  refusal(after) {
    const [missing] = missingOutputs(asTask(after))
    return (
      missing &&
      `A Task of this code is ${missing.always ? 'closed' : 'completed'} with ${missing.what}: an output with ${expectedValue(missing)}.`
    )
  },
}

const isNamed = (reference: Reference | undefined): boolean =>
  reference?.reference !== undefined || reference?.identifier !== undefined

/** A Task with its executionPeriod, none when nothing is known of it. */
const withPeriod = (resource: Resource, period: Period): Resource => {
  const { executionPeriod: _executionPeriod, ...rest } = resource
  return Object.keys(period).length ? { ...rest, executionPeriod: period } : (rest as Resource)
}

/** When work began, and when it ended, outlast a PUT by a client that keeps no account of it. */
const carriedOver = (before: Resource, after: Resource): Resource => {
  const { status, executionPeriod: known } = asTask(before)
  const { executionPeriod: given } = asTask(after)
  if (given || !known || !(known.start || known.end)) return after
  const ended = after.status === status && ENDED.includes(status)
  const { end, ...begun } = known
  return withPeriod(after, ended ? known : begun)
}

const stamped = ({ from, to, before, after }: Transition, now: Instant): Resource => {
  const given = asTask(after).executionPeriod ?? {}
  if (to === 'in-progress' && !given.start) return withPeriod(after, { ...given, start: now })
  if (ENDED.includes(to) && !given.end && !(Date.parse(given.start ?? '') > Date.parse(now)))
    return withPeriod(after, { ...given, end: now })
  // Opened again: the end there was is none.
  const { end, ...begun } = given
  if (ENDED.includes(from) && to !== 'entered-in-error' && end === asTask(before).executionPeriod?.end)
    return withPeriod(after, begun)
  return after
}

/** A Task that was changed now. https://hl7.org/fhir/R4/task.html: lastModified is not before authoredOn */
export const modified = (task: Task, now: Instant): Task => ({
  ...task,
  lastModified: task.authoredOn && Date.parse(task.authoredOn) > Date.parse(now) ? task.authoredOn : now,
})

/** https://hl7.org/fhir/R4/task.html#statemachine */
export const taskLifecycle: Lifecycle = {
  element: 'status',
  edges,
  conditions: [
    {
      from: 'requested',
      to: 'ready',
      holds: (after) => isPoolWork(asTask(after)),
      text: 'From requested to ready goes only what a pool (a CareTeam) owns and what is no referral; others accept it.',
    },
  ],
  immutable: ['intent'],
  guards: [needsReason, needsOwner, needsOutputs],
  actors: {
    may: {
      draft: ['requester'],
      requested: ['requester'],
      'entered-in-error': ['requester'],
      received: ['owner'],
      accepted: ['owner'],
      rejected: ['owner'],
      'in-progress': ['owner'],
      'on-hold': ['owner'],
      failed: ['owner'],
      completed: ['owner'],
      ready: ['requester', 'owner'],
      cancelled: ['requester', 'owner'],
    },
    optional: ['requester'],
    reserved: [
      {
        party: 'requester',
        from: ['in-progress', 'on-hold'],
        to: 'cancelled',
        policy: 'placerCancelInProgress',
        instead:
          'Once work has begun its requester asks for that with a Task of code abort that has this one as its focus.',
      },
    ],
  },
  reopensTo: ['ready', 'in-progress'],
  carriedOver,
  stamped,
}
