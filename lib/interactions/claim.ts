import type { Reference, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { modified } from '../resources/lifecycle/task.ts'
import { openTaskStatuses } from '../resources/task.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { relativeReferences } from './bundle-links.ts'
import type { Interaction, InteractionRequest } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { preconditionsOf } from './preconditions.ts'
import { deleted, neverExisted } from './read.ts'
import { requireValid } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { commitUpdate, updateWrite } from './update.ts'

/** Who does work, in contrast to those in whose name it waits: pools and organizations. */
const WORKERS = ['Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Device']
const LITERAL = /^([A-Z][A-Za-z]*)\/[A-Za-z0-9\-.]{1,64}$/

/** Statuses in which somebody has asked for the work, and nobody has said yet that it will be done. */
const NOT_ACCEPTED = ['requested', 'received']

/**
 * Takes a Task that nobody owns, or a pool, for a worker. Of many who try at the same time one gets it; it is theirs already when they
 * try again.
 */
export const claim: Interaction = async (careloop, request) => {
  const owner = ownerIn(request)
  const preconditions = preconditionsOf(request.conditions)
  return retryConflicts(async () => {
    const current = await liveTask(careloop, request)
    const task = resourceOf(current) as unknown as Task
    if (task.owner?.reference === owner.reference) return { status: 200, version: current }
    requireClaimable(task)
    const content = claimed(task, owner, careloop.clock.now()) as unknown as Resource
    await requireValid(careloop, content)
    return commitUpdate(careloop, request, updateWrite(current, content, current, preconditions), current)
  })
}

/** The owner that is asked for, else whoever asks. @throws FhirError invalid (400) */
const ownerIn = (request: InteractionRequest): Reference => {
  const named = operationParameters(request, ['owner']).element('owner') as Reference | undefined
  const given = named ?? (request.caller?.reference ? { reference: request.caller.reference } : undefined)
  const { owner } = relativeReferences({ resourceType: 'Task', owner: given }, request.baseUrl) as unknown as Task
  const reference: unknown = owner?.reference
  const [, type] = (typeof reference === 'string' && LITERAL.exec(reference)) || []
  if (!type || !WORKERS.includes(type))
    throw fail(
      'invalid',
      `Send Parameters with a parameter owner: a valueReference to who takes the Task, one of ${WORKERS.join(', ')}.`,
      'Parameters.parameter',
    )
  return owner!
}

const liveTask = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<Version> => {
  const current = await store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return current
}

/** @throws FhirError conflict (409) */
const requireClaimable = ({ status, owner }: Task): void => {
  if (!openTaskStatuses.includes(status))
    throw fail('conflict', 'The Task is closed: there is nothing left to take.', 'Task.status')
  if (owner && !isPool(owner))
    throw fail('conflict', 'Somebody else has taken the Task. Read it to see who.', 'Task.owner')
}

/** An owner of whom only an identifier is known may be anybody: that is no pool. */
const isPool = ({ reference }: Reference): boolean => {
  const [, type] = LITERAL.exec(reference ?? '') ?? []
  return type !== undefined && !WORKERS.includes(type)
}

const claimed = (task: Task, owner: Reference, now: string): Task => ({
  ...modified(task, now),
  owner,
  status: NOT_ACCEPTED.includes(task.status) ? 'accepted' : task.status,
})
