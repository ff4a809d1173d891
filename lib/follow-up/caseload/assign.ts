import type { ParametersParameter, Provenance, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { commitWrites } from '../../interactions/commit-writes.ts'
import type { Interaction, InteractionRequest } from '../../interactions/interaction.ts'
import { versionedReference } from '../../interactions/links.ts'
import { preconditionsOf } from '../../interactions/preconditions.ts'
import { deleted, neverExisted } from '../../interactions/read.ts'
import { requireValid } from '../../interactions/resource-body.ts'
import { retryConflicts } from '../../interactions/retry-conflicts.ts'
import { updateWrite } from '../../interactions/update.ts'
import { FhirError, fail } from '../../outcome.ts'
import { businessStatus, hasCode, TASK_BUSINESS_STATUS } from '../../pathways/codes.ts'
import { creation } from '../../pathways/commit.ts'
import { isOpen } from '../../pathways/due.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { modified } from '../../resources/lifecycle/task.ts'
import { openTaskStatuses } from '../../resources/task-clocks.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { parametersOf } from '../parameters.ts'
import { type AssignParameters, assignParameters } from './assign-parameters.ts'
import { candidateOf, dueOf, wantedFor } from './candidates.ts'
import { shareOf } from './caseload.ts'
import { type Choice, choose, type Verdict } from './choose.ts'
import { ASSIGNED, ASSIGNMENT_REASON } from './codes.ts'
import { loadOf } from './load.ts'
import { rolesOfTeam } from './team-roles.ts'
import { tooManyRoles } from './too-many-roles.ts'
import { type Worker, workersOf } from './workers.ts'

/** So many Tasks are weighed in one request. */
const MOST_TASKS = 50

/**
 * Says who is to be given a Task, or each of several, and why; with `commit` they are given it, all of it on record.
 * `POST Task/[id]/$assign`, `POST Task/$assign`
 */
export const assign: Interaction = async (careloop, request) => {
  const asked = await assignParameters(careloop, request)
  return request.id ? assignOne(careloop, request, asked) : assignMany(careloop, request, asked)
}

const assignOne = async (careloop: Careloop, request: InteractionRequest, asked: AssignParameters) => {
  const current = await liveTask(careloop, request.id)
  requireAssignable(asTask(current), asked)
  const workers = await poolOf(careloop, asTask(current), asked)
  const choice = await chooseFor(careloop, asTask(current), workers)
  if (!asked.commit) return { status: 200, resource: parametersOf([assignmentOf(current, choice, false)]) }
  if (!choice.chosen) throw nobody(choice)
  const version = await give(careloop, request, current, choice.chosen, asked)
  return { status: 200, version, resource: parametersOf([assignmentOf(version, choice, true)]) }
}

/** One after the other, so that each is weighed with what those before it have added. A Task that is not given keeps none of the others. */
const assignMany = async (careloop: Careloop, request: InteractionRequest, asked: AssignParameters) => {
  if (request.conditions.ifMatch !== undefined)
    throw fail('invalid', 'If-Match is about one Task: use Task/[id]/$assign with it.')
  const versions = await tasksOf(careloop, asked)
  const pools = new Map<string, Worker[]>()
  const assignments: ParametersParameter[] = []
  for (const version of versions) {
    const task = asTask(version)
    const key = asked.candidates ? '' : (task.owner?.reference ?? '')
    const workers = pools.get(key) ?? (await poolOf(careloop, task, asked))
    try {
      requireAssignable(task, asked)
      const choice = await chooseFor(careloop, task, workers)
      const { chosen } = choice
      const given = asked.commit && chosen ? await give(careloop, request, version, chosen, asked) : undefined
      assignments.push(assignmentOf(given ?? version, choice, given !== undefined))
      pools.set(key, chosen ? withOneMore(careloop, workers, chosen, task) : workers)
    } catch (error) {
      if (!(error instanceof FhirError)) throw error
      assignments.push(refusedOf(version, error))
    }
  }
  return { status: 200, resource: parametersOf(assignments) }
}

const asTask = (version: Version): Task => resourceOf(version) as unknown as Task

const liveTask = async ({ store }: Careloop, id: string): Promise<Version> => {
  const current = await store.read('Task', id)
  if (!current) throw neverExisted('Task')
  if (current.deleted) throw deleted(current)
  return current
}

/** @throws FhirError invalid (400), unprocessable (422) */
const tasksOf = async ({ store, search }: Careloop, { tasks, pool }: AssignParameters): Promise<Version[]> => {
  if (tasks.length > MOST_TASKS) throw fail('unprocessable', `At most ${MOST_TASKS} Tasks are assigned at once.`)
  const named = await store.readMany(tasks.map((id) => ({ type: 'Task', id })))
  const byId = new Map(named.filter((version) => !version.deleted).map((version) => [version.id, version]))
  const missing = tasks.find((id) => !byId.has(id))
  if (missing !== undefined)
    throw fail('unprocessable', 'A Task that is named is not there (any more).', 'Parameters.parameter')
  if (pool === undefined) {
    if (!tasks.length)
      throw fail('invalid', 'Name the Tasks with parameters task, or a pool: the CareTeam that owns them.')
    return tasks.map((id) => byId.get(id)!)
  }
  const page = await search.page({
    type: 'Task',
    parameters: [
      ['owner', referenceTo('CareTeam', pool)],
      ['status', openTaskStatuses.join()],
      ['_sort', '-priority,due-date'],
      ['_count', String(MOST_TASKS)],
    ],
  })
  return [...tasks.map((id) => byId.get(id)!), ...page.versions]
}

const CARE_TEAM = /^CareTeam\/(.+)$/
/** In whose name work only waits. */
const POOL = /^(?:CareTeam|Organization|HealthcareService)\//

/** Who may be considered. */
const poolOf = async (careloop: Careloop, { owner }: Task, { candidates }: AssignParameters): Promise<Worker[]> => {
  const [, pool] = CARE_TEAM.exec(owner?.reference ?? '') ?? []
  const members = candidates ?? (pool === undefined ? [] : await rolesOfTeam(careloop, pool))
  return tooManyRoles(workersOf(careloop, candidates || members.length ? members : undefined))
}

const chooseFor = async (careloop: Careloop, task: Task, workers: readonly Worker[]): Promise<Choice> => {
  const now = careloop.clock.now()
  const due = dueOf(careloop, task)
  const wanted = await wantedFor(careloop, task, workers)
  return choose(
    workers.map((worker) => candidateOf(careloop, worker, now, due)),
    wanted,
  )
}

/** @throws FhirError conflict (409) */
const requireAssignable = (task: Task, { reassign }: AssignParameters): void => {
  if (!isOpen(task)) throw fail('conflict', 'The Task is closed: there is nothing left to assign.', 'Task.status')
  const isFree = !task.owner || POOL.test(task.owner.reference ?? '')
  if (!isFree && !reassign)
    throw fail(
      'conflict',
      'Somebody has the Task already. To give it to somebody else say reassign=true.',
      'Task.owner',
    )
}

/** Of many who give one Task at the same time one does; the others find it given. @throws FhirError conflict, preconditionFailed */
const give = async (
  careloop: Careloop,
  request: InteractionRequest,
  decidedOn: Version,
  worker: string,
  asked: AssignParameters,
): Promise<Version> => {
  const preconditions = preconditionsOf(request.conditions)
  const before = asTask(decidedOn).owner?.reference
  return retryConflicts(async () => {
    const current = await liveTask(careloop, decidedOn.id)
    const task = asTask(current)
    requireAssignable(task, asked)
    if (task.owner?.reference !== before)
      throw fail('conflict', 'Somebody else was given the Task meanwhile. Read it and decide anew.', 'Task.owner')
    const now = careloop.clock.now()
    const content = givenTo(task, worker, now) as unknown as Resource
    await requireValid(careloop, content)
    const write = updateWrite(current, content, current, preconditions)
    if (!write) return current
    const { versions } = await commitWrites(careloop, request, [write, creation(recordOf(request, current, now))])
    return versions[0]!
  })
}

const givenTo = (task: Task, worker: string, now: Instant): Task => {
  const isNew = !task.businessStatus || hasCode(task.businessStatus, TASK_BUSINESS_STATUS, 'new')
  return {
    ...modified(task, now),
    extension: [...(task.extension ?? []).filter(({ url }) => url !== ASSIGNED), { url: ASSIGNED, valueInstant: now }],
    owner: { reference: worker },
    ...(isNew && { businessStatus: businessStatus('assigned') }),
  }
}

const recordOf = ({ caller }: InteractionRequest, decidedOn: Version, now: Instant): Resource => {
  const trigger = versionedReference(decidedOn)
  const target = referenceTo(decidedOn.type, decidedOn.id)
  const record = provenanceOf(
    { act: ['assign', trigger], targets: [target], trigger, activity: 'UPDATE', reason: 'assigned' },
    now,
  ) as unknown as Provenance
  const asker = caller?.reference ? [{ who: { reference: caller.reference } }] : []
  return { ...record, agent: [...record.agent, ...asker] } as unknown as Resource
}

/** The pool with a Task more for one of it. */
const withOneMore = (careloop: Careloop, workers: readonly Worker[], chosen: string, task: Task): Worker[] => {
  const now = careloop.clock.now()
  const due = dueOf(careloop, task)
  return workers.map((worker) => {
    const reference = referenceTo('Task', task.id!)
    if (worker.reference !== chosen) return worker
    const work = [...worker.work, { reference, task, ...(due !== undefined && { due }) }]
    return { ...worker, work, load: loadOf(worker.cases, work, now), lastAssigned: now }
  })
}

const nobody = ({ verdicts }: Choice): FhirError =>
  fail(
    'unprocessable',
    verdicts.length
      ? 'None of the candidates can be given the Task; without commit the answer says why.'
      : 'There are no candidates: no PractitionerRole is active, or none is on the team.',
  )

const candidateParts = (verdict: Verdict): ParametersParameter => {
  const share = shareOf(verdict.load, verdict.capacity)
  return {
    name: 'candidate',
    part: [
      { name: 'worker', valueReference: { reference: verdict.worker } },
      { name: 'eligible', valueBoolean: verdict.eligible },
      { name: 'load', valueDecimal: verdict.load },
      { name: 'capacity', valueDecimal: verdict.capacity },
      ...(share === undefined ? [] : [{ name: 'utilization', valueDecimal: share }]),
      ...verdict.reasons.map((code) => ({ name: 'reason', valueCoding: { system: ASSIGNMENT_REASON, code } })),
    ],
  }
}

const assignmentOf = (version: Version, { chosen, verdicts }: Choice, committed: boolean): ParametersParameter => ({
  name: 'assignment',
  part: [
    {
      name: 'task',
      valueReference: { reference: committed ? versionedReference(version) : referenceTo('Task', version.id) },
    },
    ...(chosen === undefined ? [] : [{ name: 'worker', valueReference: { reference: chosen } }]),
    { name: 'committed', valueBoolean: committed },
    ...verdicts.map(candidateParts),
  ],
})

const refusedOf = (version: Version, { problems }: FhirError): ParametersParameter => ({
  name: 'assignment',
  part: [
    { name: 'task', valueReference: { reference: referenceTo('Task', version.id) } },
    { name: 'committed', valueBoolean: false },
    ...problems.map(({ text }) => ({ name: 'refusal', valueString: text })),
  ],
})
