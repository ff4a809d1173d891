import type { Task } from 'fhir/r4'
import { AUTOMATION_REASON, hasCode } from '../pathways/codes.ts'
import { boundedly } from '../store/backoff.ts'
import type { Version } from '../store/version.ts'
import { openActivities } from './cascade-activities.ts'
import type { Cause, Effect, Revision, Scene } from './cascade-cause.ts'
import { asTask, moved, reasonConcept } from './cascade-tasks.ts'

const HISTORIES_AT_ONCE = 8
const ON_HOLD = 'on-hold'
const REASON = 'plan-on-hold'

/** A plan on hold: nobody is to work on its Tasks. Those that are on hold already stay so for reasons of their own. */
export const pauseActivities = async (scene: Scene, cause: Cause): Promise<Effect> => {
  const { tasks } = await openActivities(scene, cause)
  const reason = reasonConcept(REASON, 'The plan it belongs to is on hold.')
  const paused = tasks.filter((task) => asTask(task).status !== ON_HOLD)
  return { reason: REASON, revised: paused.map((task) => moved(task, ON_HOLD, reason, scene.now)), created: [] }
}

/** A plan that goes on: what went on hold with it is again what it was before. */
export const resumeActivities = async (scene: Scene, cause: Cause): Promise<Effect> => {
  const { tasks } = await openActivities(scene, cause)
  const paused = tasks.filter((task) => {
    const { status, statusReason } = asTask(task)
    return status === ON_HOLD && hasCode(statusReason, AUTOMATION_REASON, REASON)
  })
  const revised = await boundedly(paused, HISTORIES_AT_ONCE, async (task): Promise<Revision> => {
    return moved(task, await statusBefore(scene, task), undefined, scene.now)
  })
  return { reason: 'plan-resumed', revised, created: [] }
}

/** The last status that was not on-hold; ready, should its versions not tell. */
const statusBefore = async ({ careloop: { store } }: Scene, { type, id, v }: Version): Promise<Task['status']> => {
  for (let earlier = v - 1; earlier > 0; earlier -= 1) {
    const version = await store.vread(type, id, earlier)
    if (version && !version.deleted && asTask(version).status !== ON_HOLD) return asTask(version).status
  }
  return 'ready'
}
