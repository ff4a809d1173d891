import type { CarePlan, Reference } from 'fhir/r4'
import { referenceTo } from '../fhir.ts'
import { FhirError, type Problem } from '../outcome.ts'
import { isReferral } from '../resources/lifecycle/task.ts'
import { MOST_WRITES } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { type Activities, isOpen, openActivities } from './cascade-activities.ts'
import { type Cause, type Effect, type Revision, type Scene, wantsToClose } from './cascade-cause.ts'
import { dispositionOf } from './cascade-disposition.ts'
import { abortsOf, asTask, hasBegun, moved, reasonConcept } from './cascade-tasks.ts'

const REASON = 'plan-closed'
/** One outcome names no more activities than a person would read. */
const MOST_NAMED = 50

/**
 * A plan that ends: what is open of it stands in its way, unless it is to be closed along. Then its own Tasks are cancelled and the
 * ServiceRequests it owns revoked; those who work for others are asked to stop, and somebody has to say what becomes of its Goals.
 * @throws FhirError conflict (409) that lists what is open
 */
export const closeActivities = async (scene: Scene, cause: Cause): Promise<Effect> => {
  const activities = await openActivities(scene, cause)
  if (!wantsToClose(cause.query)) {
    requireNoneOpen(cause, activities)
    return { reason: REASON, revised: [], created: [] }
  }
  const reason = reasonConcept(REASON, 'The plan it belonged to was closed.')
  const isExternal = (task: Version) => hasBegun(task) && isReferral(asTask(task))
  const external = activities.tasks.filter(isExternal)
  const disposition = await dispositionOf(scene, cause)
  const owned = await ownedRequests(scene, cause, activities.requests)
  return {
    reason: REASON,
    revised: [
      ...activities.tasks
        .filter((task) => !isExternal(task))
        .map((task) => moved(task, 'cancelled', reason, scene.now)),
      ...owned.map((base): Revision => ({ base, resource: { ...base.content, status: 'revoked' } })),
    ],
    created: [...(await abortsOf(scene, cause, external, reason)), ...disposition.created],
    supplies: disposition.supplies,
    spared: external,
  }
}

const requireNoneOpen = ({ base, to, after, placeOf }: Cause, { tasks, requests }: Activities): void => {
  const open = [...tasks, ...requests]
  if (!open.length) return
  const listed = ((after as unknown as CarePlan).activity ?? []).map(({ reference }) => reference?.reference)
  const items = open.slice(0, MOST_NAMED).map((version): Problem => {
    const at = listed.indexOf(referenceTo(version.type, version.id))
    return {
      text: `${referenceTo(version.type, version.id)} is ${version.content.status}.`,
      expression: placeOf(at < 0 ? 'activity' : `activity[${at}].reference`),
    }
  })
  const text =
    `A ${base.type} with open activities cannot become ${to}; it has ${open.length}. Close them first, or send this again as ` +
    `PUT or PATCH ${base.type}/[id]?cascade=close: that cancels its Tasks and revokes the ServiceRequests that are its own.`
  throw new FhirError('conflict', [{ text, expression: placeOf('status') }, ...items])
}

/** Those that no other plan has a part in: neither are they based on one, nor does an open one list them. */
const ownedRequests = async (
  { careloop: { search } }: Scene,
  { base }: Cause,
  requests: readonly Version[],
): Promise<readonly Version[]> => {
  if (!requests.length) return []
  const own = referenceTo(base.type, base.id)
  const references = requests.map(({ type, id }) => referenceTo(type, id))
  const plans = await search.all('CarePlan', `activity-reference=${references.join(',')}`, MOST_WRITES)
  const others = plans
    .filter((plan) => plan.id !== base.id && isOpen(plan))
    .map(({ content }) => content as unknown as CarePlan)
  const elsewhere = new Set(
    others.flatMap(({ activity = [] }) => activity.map(({ reference }) => reference?.reference)),
  )
  return requests.filter(({ type, id, content }) => {
    const basedOn = (content.basedOn ?? []) as Reference[]
    const isOthers = basedOn.some(({ reference = '' }) => reference.startsWith('CarePlan/') && reference !== own)
    return !isOthers && !elsewhere.has(referenceTo(type, id))
  })
}
