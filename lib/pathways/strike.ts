import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, idIn, type Resource, referenceTo } from '../fhir.ts'
import { strikesOf } from '../resources/task-clocks.ts'
import { versionReference } from './apply.ts'
import { closeFollowUps } from './close-follow-ups.ts'
import { absent, commit, creation, type Decision, nothing, revision } from './commit.ts'
import { isOpen } from './due.ts'
import { missingPools } from './owner.ts'
import { type AutomationReason, provenanceId, provenanceOf } from './provenance.ts'

/** A rung of a Task's ladder that was reached, as its event tells of it. */
export interface Struck {
  /** `Task/id` */
  reference: string
  /** the version whose clock it was */
  version: number
  step: string
  /** the due date it belongs to */
  due: Instant
  /** the tick that found out */
  at: Instant
}

/** A Task one of whose rungs was reached, as it is now. */
export interface Scene {
  task: Task
  struck: Struck
  /** this process's clock or the tick's, whichever is ahead */
  now: Instant
}

/** What is to be created if it has never been. */
export interface Made {
  created: readonly Resource[]
  /** the CareTeam that it goes to, which has a record of its own */
  pool?: Resource
}

/** What is done about it: the Task as it is to be, if it changes, and what is made. Always on record. */
export interface Deed extends Made {
  outcome: string
  reason: AutomationReason
  changed?: Task
}

/** What is to be done about a rung; text, if nothing: why. */
export type Act = (careloop: Careloop, scene: Scene) => Promise<Deed | string>

/** One act for each rung of each due date, for all time; what people do about it later stands. */
const actOf = (reference: string, step: string, due: Instant): string[] => [reference, step, due]

/** Whether this rung of this due date has been acted on. */
export const isDone = async ({ store }: Careloop, reference: string, step: string, due: Instant): Promise<boolean> =>
  (await store.read('Provenance', provenanceId(actOf(reference, step, due)))) !== undefined

const decide = async (careloop: Careloop, struck: Struck, act: Act): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const { reference, version, step, due, at } = struck
  const base = await store.read('Task', idIn(reference))
  if (!base || base.deleted) return nothing('gone')
  const task = base.content as unknown as Task
  if (!isOpen(task)) return nothing('closed')
  const strike = strikesOf(task, tenant).find((candidate) => candidate.step === step)
  // A due date that was moved has events of its own, as has a Task that goes on after it was paused.
  if (strike?.due !== due) return nothing('moved')
  // An event of an earlier tick, brought back: the tick that finds this rung due has one of its own.
  if (strike.at > at) return nothing('not-due')
  // The clock of the tick may be ahead of this one's.
  const now = [clock.now(), at].sort()[1]!
  if (await isDone(careloop, reference, step, due)) return nothing('unchanged')

  const deed = await act(careloop, { task, struck, now })
  if (typeof deed === 'string') return nothing(deed)
  const { outcome, changed, reason, pool } = deed
  const made = await absent(store, deed.created)
  const others = made.length ? await missingPools(store, [pool], clock.now()) : []
  const provenance = provenanceOf(
    {
      act: actOf(reference, step, due),
      targets: [
        ...(changed || !made.length ? [reference] : []),
        ...made.map(({ resourceType, id }) => referenceTo(resourceType, id!)),
      ],
      trigger: versionReference(reference, version),
      ...(task.instantiatesCanonical && { policy: task.instantiatesCanonical }),
      ...((changed || made.length > 0) && { activity: changed ? 'UPDATE' : 'CREATE' }),
      reason,
    },
    clock.now(),
  )
  const revised = changed && ({ ...changed, lastModified: clock.now() } as unknown as Resource)
  return {
    outcome,
    writes: [...(revised ? [revision(base, revised)] : []), ...[...made, ...others, provenance].map(creation)],
  }
}

/**
 * Does once what a rung of a Task asks for. The event may be late, doubled or out of order: it counts only while the Task is open and
 * the rung is still that of its due date.
 */
export const onStrike = async (careloop: Careloop, struck: Struck, act: Act): Promise<string> => {
  const outcome = await commit(careloop.store, () => decide(careloop, struck, act))
  // The Task may have been closed while this was being written.
  await closeFollowUps(careloop, idIn(struck.reference))
  return outcome
}
