import type { CarePlan, Period, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import { deterministicId } from '../../ids.ts'
import { timedPeriod } from '../../pathways/apply.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import { CARE_TASK_TYPE } from '../../pathways/codes.ts'
import { type Owner, ownerFor } from '../../pathways/owner.ts'
import { newTask } from '../timed-task.ts'
import { asOccurrence } from './occurrence.ts'
import type { RecurringActivity } from './recurring-activity.ts'

export const occurrenceId = (planId: string, series: string, sequence: number): string =>
  deterministicId(referenceTo('CarePlan', planId), series, String(sequence))

const OWNER = /^(?:Practitioner|PractitionerRole|CareTeam|Organization|HealthcareService|Patient|RelatedPerson)\//

/** Who is to do it: whom the plan names, else whoever looks after the patient. */
export const ownerOf = async (careloop: Careloop, plan: CarePlan, { detail }: RecurringActivity): Promise<Owner> => {
  const named = detail.performer?.find(({ reference }) => OWNER.test(reference ?? ''))?.reference
  if (named) return { reference: named }
  const [, id] = /^Patient\/(.+)$/.exec(plan.subject.reference ?? '') ?? []
  const patient = id === undefined ? undefined : await careloop.store.read('Patient', id)
  return ownerFor(careloop, plan.subject, patient && !patient.deleted ? (patient.content as Resource) : undefined)
}

/** One occurrence as work for somebody. `skipped`: the sequence numbers, first and last, that were left out before it. */
export const occurrenceTask = (
  { tenant }: Careloop,
  parts: {
    plan: CarePlan
    activity: RecurringActivity
    sequence: number
    window: Required<Pick<Period, 'start' | 'end'>>
    owner: Owner
    skipped?: readonly [first: number, last: number]
    now: Instant
  },
): Task => {
  const { plan, activity, sequence, window, owner, skipped, now } = parts
  const { series, detail } = activity
  const basedOn = { reference: referenceTo('CarePlan', plan.id!) }
  const [group] = plan.identifier ?? []
  const title = detail.description ?? detail.code?.text ?? detail.code?.coding?.[0]?.display
  const task = newTask(
    {
      id: occurrenceId(plan.id!, series, sequence),
      code: detail.code ?? { coding: [{ system: CARE_TASK_TYPE, code: 'recurring-activity' }] },
      focus: basedOn,
      basedOn: [basedOn],
      subject: plan.subject,
      ...(plan.encounter && { encounter: plan.encounter }),
      priority: 'routine',
      description: title ?? 'Recurring activity of the plan',
      owner,
    },
    now,
  )
  return {
    ...asOccurrence(task, { planId: plan.id!, series, sequence, ...(skipped && { skipped }) }, now),
    ...(group && { groupIdentifier: group }),
    ...(detail.location && { location: detail.location }),
    ...(detail.reasonReference?.[0] && { reasonReference: detail.reasonReference[0] }),
    ...(detail.reasonCode?.[0] && { reasonCode: detail.reasonCode[0] }),
    restriction: { period: timedPeriod(window, calendarOf(tenant)) },
  }
}
