import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import type { Version } from '../store/version.ts'
import type { Pool } from '../tenant.ts'
import { timedPeriod } from './apply.ts'
import { calendarOf } from './calendar.ts'
import { businessStatus, CARE_TASK_TYPE, hasCode, TASK_CLOCK_STEP } from './codes.ts'
import { isOpen } from './due.ts'
import { poolOwner } from './owner.ts'
import type { Made, Scene } from './strike.ts'
import { taskTimeZone } from './task-time-zone.ts'
import { anchorAt, dueDate, type Offset, windowUntil } from './window.ts'

const ESCALATION = 'escalation'
/** Whoever gets an escalation has until the end of the next business day. */
const OFFSET: Offset = { unit: 'business-day', days: 1, countAnchorDay: true, rollForward: 'none' }

/** Which escalation it is: the rung of the original that made it. */
export type EscalationStep = 'overdue' | 'escalation-2'

/** An escalation is not escalated further: it only shows as overdue. */
export const isEscalation = (task: Task): boolean => hasCode(task.code, CARE_TASK_TYPE, ESCALATION)

const asTask = (version: Version): Task => version.content as unknown as Task

/** The open escalations of the Task with this id. */
export const openEscalations = async ({ search }: Careloop, id: string): Promise<Version[]> => {
  const code = encodeURIComponent(`${CARE_TASK_TYPE}|${ESCALATION}`)
  const found = await search.all('Task', `part-of=${encodeURIComponent(`Task/${id}`)}&code=${code}`)
  return found.filter((version) => isOpen(asTask(version)))
}

/** The escalation of a Task to a pool; nothing while an earlier one of the same step is open. */
export const escalationOf = async (
  careloop: Careloop,
  { task, struck }: Scene,
  step: EscalationStep,
  pool: Pool,
  now: Instant,
): Promise<Made> => {
  const open = await openEscalations(careloop, task.id!)
  if (open.some((version) => asTask(version).reasonCode?.coding?.some(({ code }) => code === step)))
    return { created: [] }
  const anchor = anchorAt(struck.at, await taskTimeZone(careloop, task))!
  const calendar = calendarOf(careloop.tenant)
  const window = windowUntil(dueDate(OFFSET, anchor, calendar), anchor, OFFSET.countAnchorDay)
  const owner = poolOwner(pool)
  const original = { reference: referenceTo('Task', task.id!) }
  const { groupIdentifier, for: subject, encounter } = task
  const escalation: Task = {
    resourceType: 'Task',
    id: deterministicId(original.reference, ESCALATION, step, struck.due),
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
    reasonCode: { coding: [{ system: TASK_CLOCK_STEP, code: step }] },
    owner: { reference: owner.reference },
    restriction: { period: timedPeriod(window, calendar) },
  }
  return { created: [escalation as unknown as Resource], ...(owner.pool && { pool: owner.pool }) }
}
