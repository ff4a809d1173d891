import type { CarePlan, Goal } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Resource, referenceTo } from '../../fhir.ts'
import { versionReference } from '../../pathways/apply.ts'
import { commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { resourceOf } from '../../store/version.ts'
import { actOf } from '../goals/judgement.ts'

const GOAL = /^Goal\/([A-Za-z0-9\-.]{1,64})$/

const decide = async ({ store, clock }: Careloop, planId: string): Promise<Decision> => {
  const version = await store.read('CarePlan', planId)
  if (!version || version.deleted) return nothing('gone')
  const { status, goal = [] } = version.content as unknown as CarePlan
  if (status !== 'active') return nothing('not-active')
  const ids = new Set(goal.flatMap(({ reference }) => GOAL.exec(reference ?? '')?.[1] ?? []))
  const goals = (await store.readMany([...ids].map((id) => ({ type: 'Goal', id })))).filter(
    (each) => !each.deleted && (each.content as unknown as Goal).lifecycleStatus === 'accepted',
  )
  if (!goals.length) return nothing('unchanged')
  const records = goals.map(({ id, v }) =>
    provenanceOf(
      {
        act: actOf(id, v + 1),
        targets: [referenceTo('Goal', id)],
        trigger: versionReference(referenceTo('CarePlan', planId), version.v),
        activity: 'UPDATE',
        reason: 'plan-active',
      },
      clock.now(),
    ),
  )
  const revised = goals.map((base) => revision(base, { ...resourceOf(base), lifecycleStatus: 'active' } as Resource))
  return { outcome: 'goals-active', writes: [...revised, ...records.map(creation)] }
}

/** The goals of an active plan that were accepted are worked on now. */
export const activateGoals = (careloop: Careloop, planId: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, planId))
