import type { Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { versionReference } from '../../pathways/apply.ts'
import type { AutomationReason } from '../../pathways/codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { isOpen } from '../../pathways/due.ts'
import { missingPools } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import type { Write } from '../../store/plan-write.ts'
import { REFERRAL_POLICY } from '../codes.ts'
import { nextCandidate, referralTo, turnOf } from './candidates.ts'
import { outsideParties, type Permission } from './consent.ts'
import { followStep, orphans } from './follow-steps.ts'
import { asConsented, holdReason } from './hold.ts'
import { permissionFor } from './may-share.ts'
import { type Asked, isPart, type Referral, readReferral } from './referral.ts'
import { rolledUp } from './roll-up.ts'
import { type Act, asResource, requestOf, type Scene } from './scene.ts'
import { referralSettings } from './settings.ts'
import { stepId, wantedSteps } from './steps.ts'

/** By id of each Task that asks an outside party: whether it may. */
const permissionsOf = async (careloop: Careloop, { asked, consents, request }: Referral) => {
  const permissions = new Map<string, Permission>()
  for (const { task } of asked) {
    const parties = isOpen(task) ? await outsideParties(careloop, task.owner) : []
    if (parties.length)
      permissions.set(task.id!, permissionFor(careloop, consents, parties, [task, request].map(asResource)))
  }
  return permissions
}

/** Those who were asked, as their parts and consent have them. */
const followAsked = ({ referral, permissions, now }: Scene): Act['revised'] =>
  referral.asked.flatMap(({ base, task, parts }) => {
    const rolled = rolledUp(task, parts, now)
    const permission = permissions.get(task.id!)
    const after = rolled === task ? asConsented(task, permission, now) : rolled
    if (after === task) return []
    const held = typeof permission === 'string'
    const consent: AutomationReason = held ? `consent-${permission}` : 'consent-given'
    return [{ base, resource: asResource(after), reason: rolled === task ? consent : 'rolled-up' }]
  })

/** The next one to be asked, or somebody who chooses; or the end of that choice. */
const followTurn = async (scene: Scene): Promise<Partial<Act>> => {
  const { careloop, referral, now } = scene
  const { request, asked, steps, consents } = referral
  const turn = turnOf(referral, referralSettings(careloop.tenant))
  const candidate = turn?.kind === 'ask-next' ? await nextCandidate(careloop, referral) : undefined
  if (turn && candidate) {
    const task = referralTo(candidate, referral, turn.after, now)
    const parties = await outsideParties(careloop, task.owner)
    const permission = parties.length
      ? permissionFor(careloop, consents, parties, [task, request].map(asResource))
      : undefined
    const held: Partial<Task> =
      typeof permission === 'string' ? { status: 'draft', statusReason: holdReason(permission) } : {}
    return { created: [{ resource: asResource({ ...task, ...held }), reason: 'at-capacity' }] }
  }
  const focus = requestOf(referral)
  const wanted = {
    id: stepId(focus, 'choose-referral-target'),
    step: 'choose-referral-target' as const,
    focus,
    priority: request.priority,
    from: now,
  }
  if (turn) return followStep(scene, { ...wanted, state: { kind: 'open' } })
  if (!steps.some(({ task }) => task.id === wanted.id)) return {}
  const chosen = asked.find((each) => !isPart(each) && (isOpen(each.task) || each.task.status === 'completed'))
  return followStep(scene, {
    ...wanted,
    state: chosen
      ? { kind: 'done', at: chosen.milestones.sent ?? now, evidence: `Task/${chosen.task.id}` }
      : { kind: 'withdrawn', reason: 'request-revoked', text: 'Nothing is asked for any more.' },
  })
}

/** The request is fulfilled when its source has looked at what came of it, and nobody is at work on it. */
const followReviews = ({ referral }: Scene): Act['revised'] => {
  const { base, request, asked, steps } = referral
  const tops = asked.filter((each) => !isPart(each))
  if (referral.isPart || request.status !== 'active' || tops.some(({ task }) => isOpen(task))) return []
  const isReviewed = tops.some(({ task }) => {
    const id = stepId(`Task/${task.id}`, 'review-referral')
    const review = steps.find((step) => step.task.id === id)?.task
    return task.status === 'completed' && review?.status === 'completed'
  })
  if (!isReviewed) return []
  return [{ base, resource: asResource({ ...request, status: 'completed' }), reason: 'referral-reviewed' }]
}

const together = (outcome: string, parts: readonly Partial<Act>[]): Act => ({
  outcome,
  revised: parts.flatMap(({ revised = [] }) => revised),
  created: parts.flatMap(({ created = [] }) => created),
  pools: parts.flatMap(({ pools = [] }) => pools),
})

const follow = async (scene: Scene): Promise<Act> => {
  // What was asked first: the steps go by the milestones of what is stored.
  const revised = followAsked(scene)
  if (revised.length) return together('followed', [{ revised }])
  const { referral, permissions, now } = scene
  const consentOf = ({ task }: Asked): string | undefined => {
    const permission = permissions.get(task.id!)
    return typeof permission === 'object' ? referenceTo('Consent', permission.consent.id!) : undefined
  }
  const wanted = wantedSteps(referral, consentOf, now)
  const steps: Partial<Act>[] = []
  for (const each of [...wanted, ...orphans(scene, wanted)]) steps.push(await followStep(scene, each))
  return together('followed', [...steps, await followTurn(scene), { revised: followReviews(scene) }])
}

/** The writes with the one record of them all. */
const decisionOf = async ({ careloop, referral, now }: Scene, act: Act): Promise<Decision> => {
  const { store } = careloop
  const created = await absent(
    store,
    act.created.map(({ resource }) => resource),
  )
  const writes: Write[] = [
    ...act.revised.map(({ base, resource }) => revision(base, resource)),
    ...created.map((resource) => creation(resource)),
  ]
  if (!writes.length) return nothing('unchanged')
  const targets = writes.map(({ type, id }) => referenceTo(type, id))
  const versions = writes.map(({ base }, n) => versionReference(targets[n]!, (base?.v ?? 0) + 1))
  const isNew = new Set(created.map(({ id }) => id))
  const reasons = [
    ...act.revised.map(({ reason }) => reason),
    ...act.created.filter(({ resource }) => isNew.has(resource.id)).map(({ reason }) => reason),
  ]
  const provenance = provenanceOf(
    {
      act: [requestOf(referral), 'referral', ...versions],
      targets,
      trigger: versionReference(requestOf(referral), referral.base.v),
      sources: referral.asked.map(({ base }) => versionReference(referenceTo('Task', base.id), base.v)),
      policy: REFERRAL_POLICY,
      activity: act.revised.length ? 'UPDATE' : 'CREATE',
      reasons: [...new Set(reasons)],
    },
    now,
  )
  const missing = await missingPools(store, act.pools, now)
  return { outcome: act.outcome, writes: [...writes, ...[...missing, provenance].map(creation)] }
}

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const referral = await readReferral(careloop, id)
  if (!referral) return nothing('gone')
  const now = careloop.clock.now()
  const permissions = await permissionsOf(careloop, referral)
  const scene: Scene = { careloop, referral, now, permissions }
  return decisionOf(scene, await follow(scene))
}

/** A referral comes to rest after a few looks: parts, then steps, then what they lead to. */
const MOST_LOOKS = 6

/**
 * Makes everything about the ServiceRequest with this id what is stored of it calls for: the status of those asked, by their parts and by
 * consent; what people here have to do; whom to ask next; the end of the request. The same however often, and whenever, it is called.
 * @throws VersionConflict when others keep writing: the event is to be delivered again
 */
export const reconcileReferral = async (careloop: Careloop, id: string): Promise<string> => {
  let outcome = 'unchanged'
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const now = await commit(careloop.store, () => decide(careloop, id))
    if (now !== 'followed') return outcome === 'followed' ? outcome : now
    outcome = now
  }
  return outcome
}
