import type { Reference, ServiceRequest, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { EventSubject } from '../../events/contract.ts'
import { TASK_CODE } from '../../resources/lifecycle/task.ts'
import { resourceOf } from '../../store/version.ts'
import { isFulfillment, referralStepOf } from '../codes.ts'
import { readLast } from '../read-last.ts'
import { reconcileReferral } from './reconcile.ts'

const LITERAL = /^(Task|ServiceRequest)\/([A-Za-z0-9\-.]{1,64})$/

/** The ids of the requests among these references. */
const requestIds = (references: readonly (Reference | undefined)[]): string[] =>
  references.flatMap((reference) => {
    const [, type, id] = LITERAL.exec(reference?.reference ?? '') ?? []
    return type === 'ServiceRequest' ? [id!] : []
  })

const ofTask = async (careloop: Careloop, reference: string): Promise<string[]> => {
  const task = (await readLast(careloop, reference)) as unknown as Task | undefined
  if (!task) return []
  if (referralStepOf(task)) return requestIds(task.basedOn ?? [])
  if (!isFulfillment(task)) return []
  const own = requestIds([task.focus])
  const parents = (task.partOf ?? []).flatMap(({ reference: parent }) => (LITERAL.test(parent ?? '') ? [parent!] : []))
  const ofParents = await Promise.all(
    parents.map(async (parent) => {
      const version = parent.startsWith('Task/') ? await readLast(careloop, parent) : undefined
      return requestIds([(version as unknown as Task | undefined)?.focus])
    }),
  )
  const placed = await Promise.all(own.map((id) => ofRequest(careloop, `ServiceRequest/${id}`)))
  return [...own, ...ofParents.flat(), ...placed.flat()]
}

/** A request, and those that it was placed in turn for. */
const ofRequest = async (careloop: Careloop, reference: string): Promise<string[]> => {
  const request = (await readLast(careloop, reference)) as unknown as ServiceRequest | undefined
  return request ? [request.id!, ...requestIds(request.basedOn ?? [])] : []
}

const OPEN = 'draft,requested,received,accepted,ready,in-progress,on-hold'

const ofPatient = async ({ search }: Careloop, patient: string | undefined): Promise<string[]> => {
  if (patient === undefined) return []
  const code = encodeURIComponent(`${TASK_CODE}|fulfill`)
  const tasks = await search.all('Task', `patient=${encodeURIComponent(patient)}&status=${OPEN}&code=${code}`)
  return requestIds(tasks.map((version) => (resourceOf(version) as unknown as Task).focus))
}

/** The ids of the ServiceRequests that something has happened to. */
const concerned = async (careloop: Careloop, { reference, patient }: EventSubject): Promise<string[]> => {
  if (reference.startsWith('Task/')) return ofTask(careloop, reference)
  if (reference.startsWith('ServiceRequest/')) return ofRequest(careloop, reference)
  return ofPatient(careloop, patient)
}

/** Lets a contact that was made count for the referrals it is about. */
export const lookAgainAtReferrals = async (careloop: Careloop, references: readonly string[]): Promise<string> => {
  const found = await Promise.all(references.map((reference) => concerned(careloop, { reference } as EventSubject)))
  return reconcileEach(careloop, found.flat())
}

const reconcileEach = async (careloop: Careloop, ids: readonly string[]): Promise<string> => {
  const outcomes: string[] = []
  const failures: unknown[] = []
  for (const id of new Set(ids))
    await reconcileReferral(careloop, id).then(
      (outcome) => outcomes.push(outcome),
      (error) => failures.push(error),
    )
  if (failures.length) throw failures[0]
  return outcomes.join() || 'nothing'
}

/** Lets referrals follow what has happened to one of their Tasks, to a request or to a consent. The event only says where to look. */
export const referralChanged = async (careloop: Careloop, event: EventSubject): Promise<string> =>
  reconcileEach(careloop, await concerned(careloop, event))
