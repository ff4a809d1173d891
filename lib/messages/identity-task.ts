import type { Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { timedPeriod } from '../pathways/apply.ts'
import { addBusinessHours } from '../pathways/business-hours.ts'
import { calendarOf } from '../pathways/calendar.ts'
import { businessStatus, CARE_TASK_TYPE } from '../pathways/codes.ts'
import { poolOwner } from '../pathways/owner.ts'
import type { Version } from '../store/version.ts'
import { RESOLVE_IDENTITY } from './codes.ts'

const DUE_BUSINESS_HOURS = 4

/** The Task that asks whom a message is about, and the pool it goes to. It says nothing of the patient: the parked message does. */
export const identityTask = (
  { tenant, clock }: Careloop,
  { id, message, candidates }: { id: string; message: string; candidates: readonly Version[] },
): { task: Resource; pool: Resource } => {
  const now = clock.now()
  const calendar = calendarOf(tenant)
  const end = addBusinessHours(now, DUE_BUSINESS_HOURS, calendar, tenant.timeZone)
  const { reference, pool } = poolOwner(tenant.careManagementPool)
  const task: Task = {
    resourceType: 'Task',
    id,
    status: 'ready',
    businessStatus: businessStatus('new'),
    intent: 'order',
    priority: 'urgent',
    code: { coding: [{ system: CARE_TASK_TYPE, code: RESOLVE_IDENTITY, display: 'Resolve identity' }] },
    description:
      'Say which patient a message is about: complete this with the Patient as output, or cancel it if it is nobody of ours.',
    focus: { reference: message },
    authoredOn: now,
    lastModified: now,
    owner: { reference },
    restriction: { period: timedPeriod({ start: now, end }, calendar) },
    ...(candidates.length && {
      input: candidates.map((candidate) => ({
        type: { text: 'candidate' },
        valueReference: { reference: referenceTo(candidate.type, candidate.id) },
      })),
    }),
  }
  return { task: task as unknown as Resource, pool: pool! }
}
