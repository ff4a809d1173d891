import type { Encounter, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { EventDetail } from '../events/contract.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { resourceOf } from '../store/version.ts'
import { timedPeriod, versionReference } from './apply.ts'
import { createCalendar } from './calendar.ts'
import { businessStatus, CARE_TASK_TYPE, hasCode } from './codes.ts'
import { absent, commit, creation, type Decision, nothing, revision } from './commit.ts'
import { dueInstant, isOpen } from './due.ts'
import { facilityTimeZone } from './facility-time-zone.ts'
import { poolOwner } from './owner.ts'
import { provenanceId, provenanceOf } from './provenance.ts'
import { anchorAt, dueDate, type Offset, windowUntil } from './window.ts'

const ESCALATION = 'escalation'
/** The supervisor has until the end of the next business day. */
const ESCALATION_OFFSET: Offset = { unit: 'business-day', days: 1, countAnchorDay: true, rollForward: 'none' }
const ENCOUNTER = /^Encounter\/([A-Za-z0-9\-.]{1,64})$/

/** The escalation of a Task, one for all time. An escalation itself is not escalated further: it only shows as overdue. */
const escalationId = (task: Task): string => deterministicId(referenceTo('Task', task.id!), ESCALATION, '1')

const timeZoneOf = async ({ store, tenant }: Careloop, task: Task): Promise<string> => {
  const [, id] = ENCOUNTER.exec(task.encounter?.reference ?? '') ?? []
  const version = id === undefined ? undefined : await store.read('Encounter', id)
  if (!version || version.deleted) return tenant.timeZone
  return facilityTimeZone(store, resourceOf(version) as unknown as Encounter, tenant.timeZone)
}

/** The escalation, and the pool it goes to. */
const escalationOf = async (careloop: Careloop, task: Task, at: Instant, now: Instant): Promise<Resource[]> => {
  if (hasCode(task.code, CARE_TASK_TYPE, ESCALATION)) return []
  const { tenant } = careloop
  const anchor = anchorAt(at, await timeZoneOf(careloop, task))!
  const calendar = createCalendar(tenant.holidays)
  const window = windowUntil(dueDate(ESCALATION_OFFSET, anchor, calendar), anchor, ESCALATION_OFFSET.countAnchorDay)
  const { reference, pool } = poolOwner(tenant.supervisorPool)
  const original = { reference: referenceTo('Task', task.id!) }
  const { groupIdentifier, for: subject, encounter } = task
  const escalation: Task = {
    resourceType: 'Task',
    id: escalationId(task),
    ...(groupIdentifier && { groupIdentifier }),
    partOf: [original],
    status: 'ready',
    businessStatus: businessStatus('new'),
    intent: 'order',
    priority: task.priority === 'stat' ? 'stat' : 'urgent',
    code: { coding: [{ system: CARE_TASK_TYPE, code: ESCALATION, display: 'Escalation' }] },
    focus: original,
    ...(subject && { for: subject }),
    ...(encounter && { encounter }),
    authoredOn: now,
    lastModified: now,
    owner: { reference },
    restriction: { period: timedPeriod(window, calendar) },
  }
  return [escalation as unknown as Resource, ...(pool ? [pool] : [])]
}

/** `told`: the due date that the event is about, struck by the tick `at`. */
const decide = async (careloop: Careloop, id: string, told: Instant, at: Instant): Promise<Decision> => {
  const { store, clock, tenant } = careloop
  const version = await store.read('Task', id)
  if (!version || version.deleted) return nothing('gone')
  const task = resourceOf(version) as unknown as Task
  const now = clock.now()
  const due = dueInstant(task, tenant.timeZone)
  if (!isOpen(task)) return nothing('closed')
  // A due date that was moved has an event of its own.
  if (due !== told) return nothing('moved')
  // The clock of the tick may be ahead of this one's.
  if (due > now && due > at) return nothing('not-due')
  // One act for each due date; what people did about it since then stands.
  const act = [referenceTo('Task', id), 'overdue', due]
  if (await store.read('Provenance', provenanceId(act))) return nothing('unchanged')

  const created = await absent(store, await escalationOf(careloop, task, at, now))
  const marked = { ...task, businessStatus: businessStatus('overdue'), lastModified: now } as unknown as Resource
  const provenance = provenanceOf(
    {
      act,
      // Not the pool: it comes of the tenant's settings, and which of several acts at one tick found it missing is chance.
      targets: [marked, ...created.filter(({ id }) => id !== tenant.supervisorPool.id)].map((resource) =>
        referenceTo(resource.resourceType, resource.id!),
      ),
      trigger: versionReference(referenceTo('Task', id), version.v),
      activity: 'UPDATE',
      reason: 'overdue',
    },
    now,
  )
  return {
    outcome: created.length ? 'escalated' : 'marked',
    writes: [revision(version, marked), ...[...created, provenance].map(creation)],
  }
}

/**
 * Marks a Task as overdue and tells the supervisors by one escalation Task. The event may be late, doubled or out of order: it counts
 * only while the Task is open and still due when the event says.
 */
export const taskOverdue = (
  careloop: Careloop,
  { reference, due, at }: EventDetail<'task-overdue'>,
): Promise<string> => {
  const id = reference.slice(reference.indexOf('/') + 1)
  return commit(careloop.store, () => decide(careloop, id, due, at))
}
