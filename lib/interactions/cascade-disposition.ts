import type { CarePlan, Goal, Task } from 'fhir/r4'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { businessStatus, CARE_TASK_TYPE } from '../pathways/codes.ts'
import { missingPools, type Owner, poolOwner } from '../pathways/owner.ts'
import type { Version } from '../store/version.ts'
import { type Cause, type Effect, type Scene, triggerOf } from './cascade-cause.ts'

const OPEN_GOAL = ['proposed', 'planned', 'accepted', 'active', 'on-hold']
const GOAL = /^Goal\/([A-Za-z0-9\-.]{1,64})$/
const PERSON_OR_TEAM = /^(?:Practitioner|PractitionerRole|CareTeam)\//

/** The Task to say what becomes of a closed plan's open Goals, and the pool it goes to when nobody is known for it. */
export const dispositionOf = async (
  { careloop: { store, tenant }, now, untouched }: Scene,
  cause: Cause,
): Promise<Required<Pick<Effect, 'created' | 'supplies'>>> => {
  const plan = cause.after as unknown as CarePlan
  const listed = (plan.goal ?? []).flatMap(({ reference }) => {
    const [, id] = GOAL.exec(reference ?? '') ?? []
    return id === undefined ? [] : [{ type: 'Goal', id }]
  })
  const goals = untouched(listed.length ? await store.readMany(listed) : []).filter(({ content }) =>
    OPEN_GOAL.includes((content as unknown as Goal).lifecycleStatus),
  )
  if (!goals.length) return { created: [], supplies: [] }
  const author = plan.author?.reference ?? ''
  const owner: Owner = PERSON_OR_TEAM.test(author) ? { reference: author } : poolOwner(tenant.careManagementPool)
  return {
    created: [dispositionTask(cause, plan, goals, owner.reference, now) as unknown as Resource],
    supplies: await missingPools(store, [owner.pool], now),
  }
}

const dispositionTask = (
  cause: Cause,
  plan: CarePlan,
  goals: readonly Version[],
  owner: string,
  now: Instant,
): Task => ({
  resourceType: 'Task',
  id: deterministicId(triggerOf(cause), 'goal-disposition'),
  status: 'ready',
  businessStatus: businessStatus('new'),
  intent: 'order',
  code: { coding: [{ system: CARE_TASK_TYPE, code: 'goal-disposition', display: 'Disposition of goals' }] },
  description: 'Say what becomes of the goals of a plan that was closed.',
  focus: { reference: referenceTo(cause.base.type, cause.base.id) },
  for: plan.subject,
  ...(plan.encounter && { encounter: plan.encounter }),
  authoredOn: now,
  lastModified: now,
  owner: { reference: owner },
  input: goals.map(({ type, id }) => ({
    type: { text: 'Goal' },
    valueReference: { reference: referenceTo(type, id) },
  })),
})
