import type { Communication, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { versionReference } from '../../pathways/apply.ts'
import { type Calendar, calendarOf } from '../../pathways/calendar.ts'
import { type AutomationReason, COMMUNICATION_CATEGORY } from '../../pathways/codes.ts'
import { commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { lastInstantOf } from '../../pathways/date-time.ts'
import { isOpen } from '../../pathways/due.ts'
import { missingPools, type Owner, poolOwner } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { taskTimeZone } from '../../pathways/task-time-zone.ts'
import type { Delay } from '../../pathways/window.ts'
import { modified } from '../../resources/lifecycle/task.ts'
import type { Write } from '../../store/plan-write.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import type { ContactSettings } from '../../tenant.ts'
import { CONTACT_POLICY, CONTACT_STEPS, type ContactStep, stepCode } from '../codes.ts'
import { doneTask, followedStep, type StepState } from '../follow-step.ts'
import { businessDays, calendarDays, newTask, withWindow } from '../timed-task.ts'
import { type Attempt, attemptOf, standingOf } from './attempts.ts'
import { countedTask, isContactTask, type Tally } from './counted-task.ts'
import { contactSettings } from './settings.ts'

const ATTEMPT = encodeURIComponent(`${COMMUNICATION_CATEGORY}|contact-attempt`)
const PATIENT = /^Patient\/[A-Za-z0-9\-.]{1,64}$/
const ATTEMPTED = 'contact-attempted'

/** A Task that attempts were made for, with all that bears on it. */
interface Scene {
  careloop: Careloop
  base: Version
  task: Task
  settings: ContactSettings
  calendar: Calendar
  timeZone: string
  now: Instant
}

const attemptsOf = async ({ careloop: { search }, task, settings, timeZone }: Scene): Promise<Attempt[]> => {
  const patient = task.for?.reference ?? ''
  if (!PATIENT.test(patient)) return []
  const found = await search.all('Communication', `patient=${encodeURIComponent(patient)}&category=${ATTEMPT}`)
  return found.flatMap(
    (version) => attemptOf(resourceOf(version) as unknown as Communication, settings, timeZone) ?? [],
  )
}

/** What counts for a Task: attempts made for it; whoever reached the client for any reason has reached them for a call. */
const tallyOf = ({ task, settings, timeZone }: Scene, attempts: readonly Attempt[]): Tally & { reached?: Attempt } => {
  const start = lastInstantOf(task.restriction?.period?.start ?? task.authoredOn ?? '', timeZone)
  const made = attempts.filter(({ at, tasks }) => tasks.includes(`Task/${task.id}`) && (!start || at >= start))
  const ofAnybody = isContactTask(task) ? attempts.filter(({ at }) => !start || at >= start) : made
  const [reached] = ofAnybody
    .filter(({ outcome }) => outcome === 'reached')
    .sort((a, b) => (a.at + a.reference < b.at + b.reference ? -1 : 1))
  const failed = made.filter(({ outcome }) => outcome !== 'reached')
  return {
    failed,
    standing: standingOf(failed, settings),
    isReached: reached !== undefined,
    isOver: made.some(({ outcome }) => outcome === 'refused'),
    ...(reached && { reached }),
  }
}

/** The Task itself as the attempts leave it: done, when it asked for nothing but that somebody is reached. */
const followTask = ({ task, settings, calendar, now }: Scene, tally: Tally & { reached?: Attempt }): Task => {
  if (!isOpen(task)) return task
  const { reached } = tally
  const counted = countedTask(task, tally, settings, calendar)
  if (reached && isContactTask(task)) return modified(doneTask(counted, reached.at, reached.reference), now)
  return counted === task ? task : modified(counted, now)
}

const stateOf = ({ task, settings }: Scene, { isReached, isOver, standing }: Tally): StepState => {
  if (isReached) return { kind: 'withdrawn', reason: 'reached', text: 'The client was reached.' }
  if (!isOpen(task)) return { kind: 'withdrawn', reason: 'original-closed', text: 'The Task it is about was closed.' }
  if (!isOver && standing.counted >= settings.attempts) return { kind: 'open' }
  return { kind: 'withdrawn', reason: ATTEMPTED, text: 'The attempts it was made for do not stand any more.' }
}

const DESCRIPTIONS: Readonly<Record<ContactStep, string>> = {
  'unable-to-reach-letter':
    'The attempts agreed on have reached nobody. Write to the client, and attach the letter as a DocumentReference.',
  'unable-to-reach-review': 'The client could not be reached. Decide what becomes of the case.',
}

const delayOf = (step: ContactStep, { letterBusinessDays, reviewAfterDays }: ContactSettings): Delay =>
  step === 'unable-to-reach-letter' ? businessDays(letterBusinessDays) : calendarDays(reviewAfterDays)

interface Followed {
  write: Write
  reason: AutomationReason
  pool?: Resource
}

const asResource = (task: Task): Resource => task as unknown as Resource

const followStep = async (scene: Scene, tally: Tally, step: ContactStep): Promise<Followed | undefined> => {
  const { careloop, task, settings, calendar, timeZone, now } = scene
  const { first, last } = tally.standing
  const from = step === 'unable-to-reach-letter' ? last?.at : first?.at
  const times = { calendar, timeZone, tenant: careloop.tenant, now }
  const timed = (each: Task): Task => withWindow(each, from ?? now, delayOf(step, settings), times)
  const state = stateOf(scene, tally)
  const id = deterministicId(referenceTo('Task', task.id!), step)

  const base = await careloop.store.read('Task', id)
  if (base?.deleted) return undefined
  if (base) {
    const stored = resourceOf(base) as unknown as Task
    const after = followedStep(stored, state, timed, now)
    const reason = state.kind === 'withdrawn' ? state.reason : 'unable-to-reach'
    return after === stored ? undefined : { write: revision(base, asResource(after)), reason }
  }
  if (state.kind !== 'open') return undefined
  const owner: Owner = task.owner?.reference
    ? { reference: task.owner.reference }
    : poolOwner(careloop.tenant.careManagementPool)
  const created = timed(
    newTask(
      {
        id,
        code: stepCode(step),
        focus: { reference: referenceTo('Task', task.id!) },
        ...(task.for && { subject: task.for }),
        ...(task.encounter && { encounter: task.encounter }),
        ...(task.priority && { priority: task.priority }),
        description: DESCRIPTIONS[step],
        owner,
      },
      now,
    ),
  )
  return { write: creation(asResource(created)), reason: 'unable-to-reach', ...(owner.pool && { pool: owner.pool }) }
}

const decide = async (careloop: Careloop, id: string): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const base = await store.read('Task', id)
  if (!base || base.deleted) return nothing('gone')
  const task = resourceOf(base) as unknown as Task
  const timeZone = await taskTimeZone(careloop, task)
  const settings = contactSettings(tenant)
  const scene: Scene = { careloop, base, task, settings, calendar: calendarOf(tenant), timeZone, now: clock.now() }
  const attempts = await attemptsOf(scene)
  const tally = tallyOf(scene, attempts)
  const after = followTask(scene, tally)
  const steps: Followed[] = []
  for (const step of CONTACT_STEPS) {
    const followed = await followStep({ ...scene, task: after }, tally, step)
    if (followed) steps.push(followed)
  }
  const writes = [...(after === task ? [] : [revision(base, asResource(after))]), ...steps.map(({ write }) => write)]
  if (!writes.length) return nothing('unchanged')
  const targets = writes.map(({ type, id: each }) => referenceTo(type, each))
  const own: AutomationReason = tally.isReached ? 'reached' : ATTEMPTED
  const reasons = new Set([...(after === task ? [] : [own]), ...steps.map(({ reason }) => reason)])
  const provenance = provenanceOf(
    {
      act: [
        referenceTo('Task', id),
        'contact',
        ...writes.map(({ base: former }, n) => versionReference(targets[n]!, (former?.v ?? 0) + 1)),
      ],
      targets,
      trigger: versionReference(referenceTo('Task', id), base.v),
      sources: attempts
        .filter(({ tasks }) => tasks.includes(`Task/${id}`))
        .map(({ reference }) => reference)
        .sort(),
      policy: CONTACT_POLICY,
      activity: after === task ? 'CREATE' : 'UPDATE',
      reasons: [...reasons],
    },
    scene.now,
  )
  const pools = steps.map(({ pool }) => pool)
  const missing = await missingPools(store, pools, scene.now)
  return { outcome: 'followed', writes: [...writes, ...[...missing, provenance].map(creation)] }
}

/**
 * Makes a Task, and what is to be done about a client who is not reached, what the attempts that are stored call for. The same however
 * often, and whenever, it is called. @throws VersionConflict when others keep writing
 */
export const reconcileContact = (careloop: Careloop, id: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, id))
