import { referenceTo } from '../fhir.ts'
import { MOST_WRITES } from '../store/store.ts'
import { isOpen } from './cascade-activities.ts'
import type { Cause, Effect, Scene } from './cascade-cause.ts'
import { abortsOf, hasBegun, isAbort, moved, reasonConcept } from './cascade-tasks.ts'

const REASON = 'request-revoked'

/** A request that is revoked takes back what was asked for it: Tasks not begun are cancelled, owners of others are asked to stop. */
export const withdrawTasks = async (scene: Scene, cause: Cause): Promise<Effect> => {
  const { search } = scene.careloop
  const request = referenceTo(cause.base.type, cause.base.id)
  const found = await Promise.all([
    search.all('Task', `focus=${request}`, MOST_WRITES),
    search.all('Task', `based-on=${request}`, MOST_WRITES),
  ])
  const open = scene.untouched(found.flat()).filter((task) => isOpen(task) && !isAbort(task))
  const reason = reasonConcept(REASON, 'The request it is for was revoked.')
  const begun = open.filter(hasBegun)
  return {
    reason: REASON,
    revised: open.filter((task) => !hasBegun(task)).map((task) => moved(task, 'cancelled', reason, scene.now)),
    created: await abortsOf(scene, cause, begun, reason),
    spared: begun,
  }
}
