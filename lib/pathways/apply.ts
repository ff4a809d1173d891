import type { CarePlan, Period, Reference, Task } from 'fhir/r4'
import { type Instant, referenceTo } from '../fhir.ts'
import { asOccurrence } from '../follow-up/recurrence/occurrence.ts'
import { deterministicId } from '../ids.ts'
import type { Calendar } from './calendar.ts'
import { businessCalendar, businessStatus, groupIdentifier, PAUSABLE, software } from './codes.ts'
import type { Owner } from './owner.ts'
import type { Pathway, Step } from './pathway.ts'
import { remembered } from './remembered.ts'
import { planPeriod } from './schedule-steps.ts'
import type { Anchor } from './window.ts'

/** What started a pathway. */
export interface Trigger {
  /** `Type/id`: with the pathway's url it names the plan for good */
  reference: string
  version: number
  subject: Reference
  encounter?: Reference
  anchor: Anchor
}

/** All that the resources of a plan are made of. */
export interface Application {
  pathway: Pathway
  trigger: Trigger
  calendar: Calendar
  now: Instant
}

/** Each look at a plan asks for its ids and for those of all its Tasks. */
const idOf = remembered(deterministicId)

export const carePlanId = (trigger: string, { url }: Pick<Pathway, 'url'>): string => idOf(trigger, url)

export const taskId = (trigger: string, { url }: Pick<Pathway, 'url'>, { id }: Pick<Step, 'id'>): string =>
  idOf(trigger, url, id)

/** `Type/id/_history/v` */
export const versionReference = (reference: string, v: number): string => `${reference}/_history/${v}`

/** A window with the calendar it was counted by. */
export const timedPeriod = (window: Period, calendar: Calendar): Period => ({
  ...window,
  extension: [businessCalendar(calendar.version)],
})

const escaped = (text: string): string => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`)

/** What a system that knows no Tasks shows of the plan: US Core asks for it. Names nobody. */
export const narrativeOf = ({ title }: Pathway, steps: readonly Step[]): NonNullable<CarePlan['text']> => {
  // What recurs is several steps with one title.
  const titles = [...new Set(steps.map((step) => step.title))]
  const items = titles.map((each) => `<li>${escaped(each)}</li>`).join('')
  const list = items && `<ul>${items}</ul>`
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escaped(title)}</p>${list}</div>`,
  }
}

const ownership = ({ unattended }: Step, owner: Owner): Pick<Task, 'owner' | 'businessStatus'> =>
  unattended
    ? { businessStatus: businessStatus('assigned'), owner: { type: 'Device', identifier: software } }
    : { businessStatus: businessStatus(owner.pool ? 'new' : 'assigned'), owner: { reference: owner.reference } }

/** The Task that a step becomes; yet without a window. Its id follows from the trigger, so that it is the same however often it is asked. */
export const taskOf = (application: Application, step: Step, owner: Owner): Task => {
  const task = plainTaskOf(application, step, owner)
  if (!step.occurrence) return task
  const { of: series, sequence, skipped } = step.occurrence
  const planId = carePlanId(application.trigger.reference, application.pathway)
  return asOccurrence(task, { planId, series, sequence, ...(skipped && { skipped }) }, application.now)
}

const plainTaskOf = ({ pathway, trigger, now }: Application, step: Step, owner: Owner): Task => ({
  resourceType: 'Task',
  id: taskId(trigger.reference, pathway, step),
  ...(step.pausable && { extension: [{ url: PAUSABLE, valueBoolean: true }] }),
  instantiatesCanonical: pathway.canonical,
  ...(pathway.source && { instantiatesUri: pathway.source }),
  groupIdentifier: groupIdentifier(deterministicId(trigger.reference)),
  status: 'ready',
  intent: 'order',
  priority: step.priority,
  code: step.code,
  description: step.description ? `${step.title}. ${step.description}` : step.title,
  focus: { reference: referenceTo('CarePlan', carePlanId(trigger.reference, pathway)) },
  for: trigger.subject,
  ...(trigger.encounter && { encounter: trigger.encounter }),
  authoredOn: now,
  lastModified: now,
  ...(step.performerType.length && { performerType: [...step.performerType] }),
  ...ownership(step, owner),
})

/** The plan of these steps. `CarePlan.period` says which moment the windows were counted from. */
export const carePlanOf = (application: Application, steps: readonly Step[]): CarePlan => {
  const { pathway, trigger, calendar, now } = application
  return {
    resourceType: 'CarePlan',
    id: carePlanId(trigger.reference, pathway),
    text: narrativeOf(pathway, steps),
    identifier: [groupIdentifier(deterministicId(trigger.reference))],
    instantiatesCanonical: [pathway.canonical],
    ...(pathway.source && { instantiatesUri: [pathway.source] }),
    status: 'active',
    intent: 'plan',
    ...(pathway.categories.length && { category: [...pathway.categories] }),
    title: pathway.title,
    subject: trigger.subject,
    ...(trigger.encounter && { encounter: trigger.encounter }),
    period: planPeriod(pathway, trigger.anchor, calendar),
    created: now,
    ...(steps.length && { activity: steps.map((step) => activityOf(trigger.reference, pathway, step)) }),
  }
}

export const activityOf = (
  trigger: string,
  pathway: Pathway,
  step: Step,
): NonNullable<CarePlan['activity']>[number] => ({
  reference: { reference: referenceTo('Task', taskId(trigger, pathway, step)) },
})
