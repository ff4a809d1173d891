import type { CarePlan, Goal, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, idIn, type Resource, referenceTo } from '../../fhir.ts'
import { versionReference } from '../../pathways/apply.ts'
import { AUTOMATION_REASON } from '../../pathways/codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { isOpen } from '../../pathways/due.ts'
import { saidSince } from '../../pathways/facts.ts'
import { missingPools } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { modified } from '../../resources/lifecycle/task.ts'
import type { Write } from '../../store/plan-write.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { followReview, isReview } from './follow-review.ts'
import { closedAt, comingOccurrence, type StoredOccurrences } from './next-occurrence.ts'
import { occurrenceOf } from './occurrence.ts'
import { occurrenceId, occurrenceTask, ownerOf } from './occurrence-task.ts'
import { type RecurringActivity, recurringActivities } from './recurring-activity.ts'

/** So many Tasks of one plan. */
const MOST = 5_000

const asTask = (version: Version): Task => resourceOf(version) as unknown as Task
/** To look at: not a copy. */
const seen = (version: Version): Task => version.content as unknown as Task

const tasksOf = ({ search }: Careloop, planId: string): Promise<Version[]> =>
  search.all('Task', `based-on=${encodeURIComponent(referenceTo('CarePlan', planId))}`, MOST)

const storedOccurrences = (careloop: Careloop, planId: string, { series }: RecurringActivity): StoredOccurrences => ({
  async of(sequence) {
    const version = await careloop.store.read('Task', occurrenceId(planId, series, sequence))
    return version && (!version.deleted && isOpen(seen(version)) ? 'open' : 'closed')
  },
  async last() {
    const tasks = (await tasksOf(careloop, planId)).map(seen)
    const own = tasks.filter((task) => occurrenceOf(task)?.series === series)
    const task = own.sort((a, b) => occurrenceOf(a)!.sequence - occurrenceOf(b)!.sequence).at(-1)
    if (!task) return undefined
    const { sequence } = occurrenceOf(task)!
    return isOpen(task) ? { sequence } : { sequence, closed: closedAt(task, careloop.tenant.timeZone) }
  },
})

const ACHIEVED = ['achieved', 'sustaining']

/** Whether all goals that end an activity are achieved. */
const isAtAnEnd = async ({ store }: Careloop, { endsWith }: RecurringActivity): Promise<boolean> => {
  const ids = endsWith.flatMap((reference) => /^Goal\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1] ?? [])
  if (!ids.length) return false
  const goals = (await store.readMany(ids.map((id) => ({ type: 'Goal', id })))).filter(({ deleted }) => !deleted)
  return (
    goals.length === ids.length &&
    goals.every(({ content }) =>
      (content as unknown as Goal).achievementStatus?.coding?.some(({ code }) => ACHIEVED.includes(code ?? '')),
    )
  )
}

/** Since when a plan has asked for an activity: before that nobody had to do it. */
const inForceSince =
  ({ tenant }: Careloop, { series }: RecurringActivity) =>
  (resource: Resource) =>
    recurringActivities(resource as unknown as CarePlan, tenant.timeZone).some((activity) => activity.series === series)

const withdrawn = (task: Task, now: Instant): Task => ({
  ...modified(task, now),
  status: 'cancelled',
  statusReason: {
    coding: [{ system: AUTOMATION_REASON, code: 'no-longer-applies' }],
    text: 'The plan no longer asks for it.',
  },
})

const decide = async (careloop: Careloop, planId: string): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const version = await store.read('CarePlan', planId)
  if (!version || version.deleted) return nothing('gone')
  const plan = resourceOf(version) as unknown as CarePlan
  if (plan.status !== 'active') return nothing('not-active')
  const now = clock.now()
  const activities = recurringActivities(plan, tenant.timeZone)
  const wanted: Resource[] = []
  const pools: (Resource | undefined)[] = []
  const living = new Set<string>()
  for (const activity of activities) {
    if (await isAtAnEnd(careloop, activity)) continue
    living.add(activity.series)
    const since = await saidSince(careloop, version, inForceSince(careloop, activity))
    const { next } = await comingOccurrence(activity, storedOccurrences(careloop, planId, activity), since, now)
    if (!next) continue
    const owner = await ownerOf(careloop, plan, activity)
    pools.push(owner.pool)
    wanted.push(occurrenceTask(careloop, { plan, activity, ...next, owner, now }) as unknown as Resource)
  }
  const created = await absent(store, wanted)
  // All of a plan's Tasks are read only where it may once have asked for something else: years of daily work are many.
  const hasChanged = version.v > 1 || living.size < activities.length
  const lost = (hasChanged ? await tasksOf(careloop, planId) : []).filter((task) => {
    const occurrence = isOpen(seen(task)) ? occurrenceOf(seen(task)) : undefined
    return occurrence && !living.has(occurrence.series)
  })
  const writes: Write[] = [
    ...lost.map((base) => revision(base, withdrawn(asTask(base), now) as unknown as Resource)),
    ...created.map(creation),
  ]
  if (!writes.length) return nothing('unchanged')
  const targets = writes.map(({ type, id }) => referenceTo(type, id))
  const provenance = provenanceOf(
    {
      act: writes.map(({ base }, n) => versionReference(targets[n]!, (base?.v ?? 0) + 1)),
      targets,
      trigger: versionReference(referenceTo('CarePlan', planId), version.v),
      activity: lost.length ? 'UPDATE' : 'CREATE',
      reasons: [
        ...(created.length ? (['recurrence'] as const) : []),
        ...(lost.length ? (['no-longer-applies'] as const) : []),
      ],
    },
    now,
  )
  const others = created.length ? await missingPools(store, pools, now) : []
  return {
    outcome: created.length ? 'recurred' : 'withdrawn',
    writes: [...writes, ...[...others, provenance].map(creation)],
  }
}

/**
 * Makes the Tasks that the recurring activities of an active plan ask for by now, and withdraws those of activities that it has no more.
 * The plan itself is left as it is. Decided from what is stored: events may be late, doubled or out of order.
 * @returns the outcome for the log
 */
export const followRecurrence = (careloop: Careloop, planId: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, planId))

const PLAN = /^CarePlan\/([A-Za-z0-9\-.]{1,64})$/

/** Lets the next occurrence follow one that was closed. `reference`: `Task/id`; nothing for a Task that is no occurrence. */
export const followOccurrence = async (careloop: Careloop, reference: string): Promise<string> => {
  const version = await careloop.store.read('Task', idIn(reference))
  if (!version || version.deleted) return 'gone'
  const task = version.content as unknown as Task
  const [, planId] = PLAN.exec(task.basedOn?.[0]?.reference ?? '') ?? []
  if (planId === undefined || (!occurrenceOf(task) && !isReview(task))) return 'unplanned'
  return isReview(task) ? followReview(careloop, planId) : followRecurrence(careloop, planId)
}
