import type { CarePlan, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { referenceTo } from '../fhir.ts'
import { hasRecurring, occurrencesAmong } from '../follow-up/recurrence/unroll-steps.ts'
import type { Version } from '../store/version.ts'
import { carePlanId, taskId } from './apply.ts'
import { pathwayOf } from './definitions.ts'
import { isOpen } from './due.ts'
import { hasPassed, type PlanState, planState } from './follow-plan.ts'
import { isEnded, isProven, isWithdrawn } from './follow-task.ts'
import type { Pathway, Step } from './pathway.ts'
import type { Stay } from './round.ts'

/** A plan that is there, or may be, for an Encounter. */
export interface Place {
  pathway: Pathway
  stay: Stay
  /** `Encounter/id` */
  reference: string
  plan?: Version
  carePlan?: CarePlan
  state?: PlanState
  /** of the Tasks, deleted ones included, by id of the step; read when there is a plan that goes on or may be resumed */
  tasks: ReadonlyMap<string, Version>
}

const TASK = /^Task\/([A-Za-z0-9\-.]{1,64})$/

/** Ids of the Tasks that a plan lists. */
export const tasksListedBy = ({ activity = [] }: CarePlan): string[] =>
  activity.flatMap(({ reference }) => TASK.exec(reference?.reference ?? '')?.[1] ?? [])

export const asTask = (version: Version): Task => version.content as unknown as Task

/** What is stored. A plan that is there goes on under the version of the pathway that it was made from. */
export const readPlace = async (careloop: Careloop, current: Pathway, stay: Stay): Promise<Place> => {
  const { store } = careloop
  const reference = referenceTo('Encounter', stay.id)
  const plan = await store.read('CarePlan', carePlanId(reference, current))
  const carePlan = plan && !plan.deleted ? (plan.content as unknown as CarePlan) : undefined
  const state = carePlan && planState(carePlan)
  const pathway = carePlan && state !== 'closed' ? await pathwayOf(careloop, carePlan) : current
  const place = { pathway, stay, reference, ...(plan && { plan }), ...(carePlan && { carePlan, state }) }
  return carePlan && state !== 'closed' ? withTasks(careloop, place) : { ...place, tasks: new Map() }
}

/** The same with the Tasks as they are stored: without a plan there are none, unless somebody else has made them. */
export const withTasks = async ({ store }: Careloop, place: Omit<Place, 'tasks'>): Promise<Place> => {
  const { pathway, reference, carePlan } = place
  const idOf = (step: Pick<Step, 'id'>): string => taskId(reference, pathway, step)
  const once = pathway.steps.filter(({ recurrence }) => !recurrence)
  const ids = new Map(once.map((step) => [idOf(step), step.id] as const))
  if (carePlan && hasRecurring(pathway)) {
    const others = tasksListedBy(carePlan).filter((id) => !ids.has(id))
    for (const [id, occurrence] of occurrencesAmong(pathway, others, idOf)) ids.set(id, occurrence.id)
  }
  const versions = await store.readMany([...ids.keys()].map((id) => ({ type: 'Task', id })))
  return { ...place, tasks: new Map(versions.map((version) => [ids.get(version.id)!, version] as const)) }
}

/** The types that evidence is sought among: none for steps that people have closed. */
export const typesOfEvidence = ({ pathway, tasks }: Place): string[] => {
  const steps = pathway.steps.filter(({ id }) => {
    const version = tasks.get(id)
    if (!version) return true
    if (version.deleted) return false
    const task = asTask(version)
    return isOpen(task) || isWithdrawn(task) || isProven(task) || isEnded(task)
  })
  return [...new Set(steps.flatMap(({ evidence }) => evidence.map(({ type }) => type)))]
}

/** Whether so much time has passed since the plan ended that nothing can be opened again. */
export const isLongOver = ({ carePlan, state }: Pick<Place, 'carePlan' | 'state'>, careloop: Careloop): boolean => {
  const { clock, tenant } = careloop
  return state === 'ended' && hasPassed(carePlan!, clock.now(), tenant.timeZone, tenant.lateNoticeDays)
}

/** Whether a plan's time is over and nothing of it is open, as its Tasks will be with `changed`, by id; others may have added Tasks to it. */
export const isFinished = async (
  { store, clock, tenant }: Careloop,
  { tasks }: Place,
  plan: CarePlan,
  changed: ReadonlyMap<string, Task>,
): Promise<boolean> => {
  if (!hasPassed(plan, clock.now(), tenant.timeZone)) return false
  const own = [...tasks.values()].filter(({ deleted }) => !deleted).map(asTask)
  const after = new Map([...own.map((task) => [task.id!, task] as const), ...changed])
  if ([...after.values()].some(isOpen)) return false
  const others = tasksListedBy(plan).flatMap((id) => (after.has(id) ? [] : [{ type: 'Task', id }]))
  const added = others.length ? await store.readMany(others) : []
  return !added.some((version) => !version.deleted && isOpen(asTask(version)))
}
