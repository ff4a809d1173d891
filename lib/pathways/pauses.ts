import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { isOpen } from './due.ts'
import { spansOfStatus } from './facts.ts'
import type { Pathway } from './pathway.ts'
import type { Stay } from './round.ts'

/** How the clocks that can pause have fared. */
export interface Pauses {
  /** how long they stood still and went on again, in milliseconds; a pause that lasts counts when it is over */
  pausedMs: number
  /** the patient is on leave now */
  onLeave: boolean
}

const NONE: Pauses = { pausedMs: 0, onLeave: false }

/** The time that is in at least one of the spans. */
const covered = (spans: readonly { from: Instant; until: Instant }[]): number => {
  let total = 0
  let reached = 0
  for (const { from, until } of [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const end = Date.parse(until)
    total += Math.max(0, end - Math.max(Date.parse(from), reached))
    reached = Math.max(reached, end)
  }
  return total
}

/**
 * For how long the clocks of a pathway have been paused since it began to count: while the patient was on leave or the plan on hold, as
 * their versions say. Looked up only for a pathway with steps that can pause.
 */
export const pausesOf = async (
  careloop: Careloop,
  { steps }: Pathway,
  { version, resource }: Stay,
  plan: Version | undefined,
  since: Instant,
): Promise<Pauses> => {
  if (!steps.some(({ pausable }) => pausable)) return NONE
  const spans = [
    ...(await spansOfStatus(careloop, version, 'onleave')),
    ...(plan ? await spansOfStatus(careloop, plan, 'on-hold') : []),
  ].flatMap(({ from, until }) =>
    until !== undefined && until > since ? [{ from: from < since ? since : from, until }] : [],
  )
  return { pausedMs: covered(spans), onLeave: resource?.status === 'onleave' }
}

const LOOK_BACK = 50

/** The status that a Task had before it was put on hold; ready, should its versions not tell. */
export const statusBeforeHold = async ({ store }: Careloop, { type, id, v }: Version): Promise<Task['status']> => {
  const { versions } = await store.history(type, id, LOOK_BACK, v)
  const before = versions.find(({ deleted, content }) => !deleted && content.status !== 'on-hold')
  const task = before?.content as unknown as Task | undefined
  return task && isOpen(task) ? task.status : 'ready'
}
