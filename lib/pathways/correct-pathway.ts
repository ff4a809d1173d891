import type { CarePlan, Period, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import type { Write } from '../store/plan-write.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { type Trigger, taskId, timedPeriod, versionReference } from './apply.ts'
import { createCalendar } from './calendar.ts'
import { businessStatus, hasCode, TASK_BUSINESS_STATUS } from './codes.ts'
import { creation, type Decision, nothing, revision } from './commit.ts'
import { lastInstantOf } from './date-time.ts'
import { pathwayOf } from './definitions.ts'
import { dueInstant, isOpen } from './due.ts'
import { poolOwner } from './owner.ts'
import type { Step } from './pathway.ts'
import { provenanceOf } from './provenance.ts'
import { planPeriod, scheduleSteps } from './schedule-steps.ts'

const RUNNING = ['draft', 'active', 'on-hold']

/** A Task with a new window. One that is no longer overdue says so. */
const rescheduled = (task: Task, period: Period, { clock, tenant }: Careloop): Task => {
  const now = clock.now()
  const moved: Task = { ...task, lastModified: now, restriction: { ...task.restriction, period } }
  const wasOverdue = hasCode(task.businessStatus, TASK_BUSINESS_STATUS, 'overdue')
  if (!wasOverdue || dueInstant(moved, tenant.timeZone)! <= now) return moved
  const isInPool = task.owner?.reference === poolOwner(tenant.careManagementPool).reference
  return { ...moved, businessStatus: businessStatus(isInPool ? 'new' : 'assigned') }
}

/**
 * Decides how a plan follows a correction of the moment it is counted from: the windows of its open Tasks are computed again; ids,
 * and everything a person has done, stay. `CarePlan.period.start` says which moment the plan was last counted from, so an event
 * delivered again finds nothing to do.
 * @throws Error when the version of the definition the plan was made from is no longer kept
 */
export const correctPathway = async (careloop: Careloop, plan: Version, trigger: Trigger): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const carePlan = resourceOf(plan) as unknown as CarePlan
  const { anchor } = trigger
  const instant = (dateTime: string | undefined) => dateTime && lastInstantOf(dateTime, anchor.timeZone)
  if (!RUNNING.includes(carePlan.status)) return nothing('closed')
  if (instant(carePlan.period?.start) === instant(anchor.dateTime)) return nothing('unchanged')

  const pathway = pathwayOf(carePlan.instantiatesCanonical ?? [])
  const idOf = (step: Step): string => taskId(trigger.reference, pathway, step)
  const tasks = await store.readMany(pathway.steps.map((step) => ({ type: 'Task', id: idOf(step) })))
  const taskAt = new Map(tasks.map((version) => [version.id, version] as const))
  const steps = pathway.steps.filter((step) => taskAt.has(idOf(step)))
  const calendar = createCalendar(tenant.holidays)
  const windows = scheduleSteps(steps, anchor, calendar)

  const now = clock.now()
  const writes: Write[] = []
  let isShortenedIntoThePast = false
  for (const step of steps) {
    const version = taskAt.get(idOf(step))!
    const window = windows.get(step.id)
    if (version.deleted || !window) continue
    const task = resourceOf(version) as unknown as Task
    if (!isOpen(task)) continue
    const moved = rescheduled(task, timedPeriod(window, calendar), careloop)
    const due = { before: dueInstant(task, anchor.timeZone), after: dueInstant(moved, anchor.timeZone) }
    isShortenedIntoThePast ||= due.after! <= now && (due.before === undefined || due.before > now)
    writes.push(revision(version, moved as unknown as Resource))
  }
  const corrected = { ...carePlan, period: planPeriod(pathway, anchor, calendar) } as unknown as Resource
  writes.push(revision(plan, corrected))
  const provenance = provenanceOf(
    {
      act: [referenceTo('CarePlan', plan.id), String(plan.v + 1)],
      targets: writes.map(({ type, id }) => referenceTo(type, id)),
      trigger: versionReference(trigger.reference, trigger.version),
      policy: pathway.canonical,
      activity: 'UPDATE',
      reason: isShortenedIntoThePast ? 'recomputed-overdue' : 'corrected',
    },
    now,
  )
  return { outcome: 'corrected', writes: [...writes, creation(provenance)] }
}
