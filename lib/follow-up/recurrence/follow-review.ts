import type { CarePlan, Period, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { timedPeriod, versionReference } from '../../pathways/apply.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE, COUNTED_DUE, hasCode } from '../../pathways/codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from '../../pathways/commit.ts'
import { endOfDay, lastInstantOf, localDateOf, startOfDay } from '../../pathways/date-time.ts'
import { isOpen } from '../../pathways/due.ts'
import { saidSince } from '../../pathways/facts.ts'
import { missingPools, ownerFor } from '../../pathways/owner.ts'
import { provenanceOf } from '../../pathways/provenance.ts'
import { modified } from '../../resources/lifecycle/task.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import type { TenantSettings } from '../../tenant.ts'
import { newTask } from '../timed-task.ts'
import { HORIZON_DAYS } from './recurring-activity.ts'

const REVIEW = 'careplan-review'
const DEFAULT_DAYS = 90

export const isReview = ({ code }: Task): boolean => hasCode(code, CARE_TASK_TYPE, REVIEW)

const asTask = (version: Version): Task => resourceOf(version) as unknown as Task

const reviewsOf = ({ search }: Careloop, planId: string): Promise<Version[]> => {
  const plan = encodeURIComponent(referenceTo('CarePlan', planId))
  return search.all('Task', `based-on=${plan}&code=${encodeURIComponent(`${CARE_TASK_TYPE}|${REVIEW}`)}`)
}

/** What people decide about a patient's care in a plan: a change of it is a revision. Not what the automation lists in it. */
const clinical = (resource: Resource): string => {
  const { addresses, goal, activity = [] } = resource as unknown as CarePlan
  return JSON.stringify([addresses, goal, activity.filter(({ detail }) => detail).map(({ detail }) => detail)])
}

const since = (careloop: Careloop, version: Version): Promise<Instant> => {
  const now = clinical(version.content)
  return saidSince(careloop, version, (resource) => resource.status === 'active' && clinical(resource) === now)
}

const periodFrom = (from: Instant, { timeZone, reviewDays = DEFAULT_DAYS }: TenantSettings) => {
  const due = localDateOf(from, timeZone)!.add({ days: reviewDays })
  return { start: startOfDay(due.subtract({ days: HORIZON_DAYS }), timeZone), end: endOfDay(due, timeZone) }
}

const closedAt = ({ executionPeriod, lastModified, meta }: Task, timeZone: string): Instant | undefined => {
  const end = executionPeriod?.end ?? lastModified ?? meta?.lastUpdated
  return end && lastInstantOf(end, timeZone)
}

const countedPeriod = (period: Period, tenant: TenantSettings): Period => {
  const { extension = [], ...timed } = timedPeriod(period, calendarOf(tenant))
  return { ...timed, extension: [...extension, { url: COUNTED_DUE, valueDateTime: period.end! }] }
}

/** The due date of a review as it was counted, whatever people have made of it since. */
const countedDue = ({ restriction }: Task): string | undefined => {
  const { extension = [], end } = restriction?.period ?? {}
  return extension.find(({ url }) => url === COUNTED_DUE)?.valueDateTime ?? end
}

/** What a review is counted from: the last revision of the plan, or the last review, whichever is later. */
const countedFrom = async (careloop: Careloop, version: Version, closed: readonly Task[]): Promise<Instant> => {
  const reviewed = closed.flatMap((task) => closedAt(task, careloop.tenant.timeZone) ?? [])
  return [await since(careloop, version), ...reviewed].sort().at(-1)!
}

const decide = async (careloop: Careloop, planId: string): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const version = await store.read('CarePlan', planId)
  if (!version || version.deleted) return nothing('gone')
  const plan = resourceOf(version) as unknown as CarePlan
  if (plan.status !== 'active' || plan.instantiatesCanonical) return nothing('not-reviewed')
  const now = clock.now()
  const reviews = await reviewsOf(careloop, planId)
  const open = reviews.find((review) => isOpen(asTask(review)))
  const closed = reviews.filter((review) => review !== open).map(asTask)
  const period = periodFrom(await countedFrom(careloop, version, closed), tenant)
  const trigger = versionReference(referenceTo('CarePlan', planId), version.v)
  const record = (reference: string, v: number, activity: 'CREATE' | 'UPDATE') =>
    creation(
      provenanceOf(
        { act: [versionReference(reference, v)], targets: [reference], trigger, activity, reason: 'plan-review' },
        now,
      ),
    )

  if (open) {
    const task = asTask(open)
    // A date that people have agreed on stays until the plan is revised.
    if (countedDue(task) === period.end) return nothing('unchanged')
    const moved = { ...modified(task, now), restriction: { period: countedPeriod(period, tenant) } }
    const reference = referenceTo('Task', open.id)
    return {
      outcome: 'moved',
      writes: [revision(open, moved as unknown as Resource), record(reference, open.v + 1, 'UPDATE')],
    }
  }
  const id = deterministicId(referenceTo('CarePlan', planId), REVIEW, String(reviews.length + 1))
  const [, patientId] = /^Patient\/(.+)$/.exec(plan.subject.reference ?? '') ?? []
  const patient = patientId === undefined ? undefined : await store.read('Patient', patientId)
  const owner = await ownerFor(
    careloop,
    plan.subject,
    patient && !patient.deleted ? (patient.content as Resource) : undefined,
  )
  const reference = { reference: referenceTo('CarePlan', planId) }
  const task: Task = {
    ...newTask(
      {
        id,
        code: { coding: [{ system: CARE_TASK_TYPE, code: REVIEW, display: 'Care plan review' }] },
        focus: reference,
        basedOn: [reference],
        subject: plan.subject,
        priority: 'routine',
        description: 'Review the plan with the patient: its goals, its activities, what it addresses.',
        owner,
      },
      now,
    ),
    restriction: { period: countedPeriod(period, tenant) },
  }
  const created = await absent(store, [task as unknown as Resource])
  if (!created.length) return nothing('unchanged')
  const pools = await missingPools(store, [owner.pool], now)
  return {
    outcome: 'to-review',
    writes: [...[...created, ...pools].map(creation), record(referenceTo('Task', id), 1, 'CREATE')],
  }
}

/**
 * Sees to it that an active plan has one open Task to review it, due so many days after it was last revised or reviewed. A plan that a
 * pathway made follows its programme instead.
 */
export const followReview = (careloop: Careloop, planId: string): Promise<string> =>
  commit(careloop.store, () => decide(careloop, planId))
