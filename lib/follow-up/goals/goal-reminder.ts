import type { CommunicationRequest, Goal } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { COMMUNICATION_CATEGORY, software, TASK_CLOCK_STEP } from '../../pathways/codes.ts'
import type { Owner } from '../../pathways/owner.ts'
import { reminderAt } from '../../resources/goal-clocks.ts'
import type { Version } from '../../store/version.ts'
import { type DueDate, dueDateOf } from './due-date.ts'

const HL7_CATEGORY = 'http://terminology.hl7.org/CodeSystem/communication-category'

export const reminderId = (goalId: string, { date }: DueDate): string =>
  deterministicId(referenceTo('Goal', goalId), 'reminder', date)

/**
 * The due dates of a Goal that somebody is to be reminded of now: less than the time of a reminder away, and set when it was further.
 * `created`: since when the Goal has been there
 */
export const dueSoon = (goal: Goal, created: Instant, now: Instant, timeZone: string): DueDate[] => {
  const dates = (goal.target ?? []).flatMap((target) => dueDateOf(goal, target, timeZone) ?? [])
  const distinct = [...new Map(dates.map((due) => [due.date, due])).values()]
  return distinct.filter((due) => {
    const from = reminderAt(due, timeZone)
    return created < from && from <= now && now < due.at
  })
}

/** The reminders of a Goal that are still to be read. */
export const activeReminders = ({ search }: Careloop, goalId: string): Promise<Version[]> =>
  search.all('CommunicationRequest', `based-on=${encodeURIComponent(referenceTo('Goal', goalId))}&status=active`)

/** The reminder that a Goal is due soon. It says nothing of the patient or the goal: it goes to devices that others see. */
export const reminderOf = ({ clock }: Careloop, goal: Goal, due: DueDate, owner: Owner): Resource => {
  const about = { reference: referenceTo('Goal', goal.id!) }
  const request: CommunicationRequest = {
    resourceType: 'CommunicationRequest',
    id: reminderId(goal.id!, due),
    basedOn: [about],
    status: 'active',
    category: [
      {
        coding: [
          { system: COMMUNICATION_CATEGORY, code: 'reminder' },
          { system: HL7_CATEGORY, code: 'reminder' },
        ],
      },
    ],
    subject: goal.subject,
    about: [about],
    payload: [{ contentString: `A goal of somebody you look after is due ${due.date}. Open it to see how far it is.` }],
    authoredOn: clock.now(),
    requester: { type: 'Device', identifier: software },
    recipient: [{ reference: owner.reference }],
    reasonCode: [{ coding: [{ system: TASK_CLOCK_STEP, code: 'reminder' }] }],
  }
  return request as unknown as Resource
}
