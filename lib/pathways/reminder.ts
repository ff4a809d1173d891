import type { CommunicationRequest, Reference, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import type { Version } from '../store/version.ts'
import { COMMUNICATION_CATEGORY, software, TASK_CLOCK_STEP } from './codes.ts'
import { type Owner, poolOwner } from './owner.ts'
import type { Made, Scene } from './strike.ts'

const HL7_CATEGORY = 'http://terminology.hl7.org/CodeSystem/communication-category'
const PATIENT = /^Patient\//
const SUBJECT = /^(?:Patient|Group)\//

export type ReminderStep = 'reminder' | 'due-soon'
const STEPS: readonly ReminderStep[] = ['reminder', 'due-soon']

const reminderId = (id: string, step: ReminderStep, due: Instant): string =>
  deterministicId(referenceTo('Task', id), step, due)

/** The ids of the reminders that belong to a due date of a Task. */
export const reminderIds = (id: string, due: Instant): string[] => STEPS.map((step) => reminderId(id, step, due))

/** The reminders of a Task that are still to be read. */
export const activeReminders = ({ search }: Careloop, id: string): Promise<Version[]> =>
  search.all('CommunicationRequest', `based-on=${encodeURIComponent(`Task/${id}`)}&status=active`)

const teamsOf = async ({ search }: Careloop, { for: subject }: Task): Promise<string[]> => {
  if (!PATIENT.test(subject?.reference ?? '')) return []
  const teams = await search.all('CareTeam', `patient=${encodeURIComponent(subject!.reference!)}&status=active`)
  return teams.map(({ id }) => `CareTeam/${id}`).sort()
}

/** Says nothing of the patient or of the work: it goes to devices that others see. */
const TEXTS: Record<ReminderStep, (due: string) => string> = {
  reminder: (due) => `A task of yours is due ${due}. Open your worklist to see it.`,
  'due-soon': (due) => `A task of yours is due soon: ${due}. Open your worklist to see it.`,
}

/**
 * The reminder of a Task to whoever owns it, or to the pool; shortly before it is due to the patient's care
 * teams as well. https://hl7.org/fhir/R4/communicationrequest.html
 */
export const reminderOf = async (careloop: Careloop, { task, struck }: Scene, step: ReminderStep): Promise<Made> => {
  const { tenant, clock } = careloop
  const about: Reference = { reference: referenceTo('Task', task.id!) }
  const owner: Owner = task.owner?.reference
    ? { reference: task.owner.reference }
    : poolOwner(tenant.careManagementPool)
  const teams = step === 'due-soon' ? await teamsOf(careloop, task) : []
  const { for: subject, groupIdentifier, encounter, priority } = task
  const request: CommunicationRequest = {
    resourceType: 'CommunicationRequest',
    id: reminderId(task.id!, step, struck.due),
    basedOn: [about],
    ...(groupIdentifier && { groupIdentifier }),
    status: 'active',
    category: [
      {
        coding: [
          { system: COMMUNICATION_CATEGORY, code: 'reminder' },
          { system: HL7_CATEGORY, code: 'reminder' },
        ],
      },
    ],
    ...(priority && { priority }),
    ...(SUBJECT.test(subject?.reference ?? '') && { subject: { reference: subject!.reference! } }),
    about: [about],
    ...(encounter && { encounter }),
    payload: [{ contentString: TEXTS[step](task.restriction!.period!.end!) }],
    authoredOn: clock.now(),
    requester: { type: 'Device', identifier: software },
    recipient: [...new Set([owner.reference, ...teams])].map((reference) => ({ reference })),
    reasonCode: [{ coding: [{ system: TASK_CLOCK_STEP, code: step }] }],
  }
  return { created: [request as unknown as Resource], ...(owner.pool && { pool: owner.pool }) }
}
