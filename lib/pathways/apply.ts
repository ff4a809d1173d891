import type { CarePlan, Period, Reference, Task } from 'fhir/r4'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import type { Calendar } from './calendar.ts'
import { businessCalendar, businessStatus, groupIdentifier } from './codes.ts'
import type { Owner } from './owner.ts'
import type { Pathway, Step } from './pathway.ts'
import { planPeriod, scheduleSteps } from './schedule-steps.ts'
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
  /** the steps that apply */
  steps: readonly Step[]
  trigger: Trigger
  owner: Owner
  calendar: Calendar
  now: Instant
}

export const carePlanId = (trigger: string, pathway: Pathway): string => deterministicId(trigger, pathway.url)

export const taskId = (trigger: string, pathway: Pathway, step: Step): string =>
  deterministicId(trigger, pathway.url, step.id)

/** `Type/id/_history/v` */
export const versionReference = (reference: string, v: number): string => `${reference}/_history/${v}`

/** A window with the calendar it was counted by. */
export const timedPeriod = (window: Period, calendar: Calendar): Period => ({
  ...window,
  extension: [businessCalendar(calendar.version)],
})

const escaped = (text: string): string => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`)

/** What a system that knows no Tasks shows of the plan: US Core asks for it. Names nobody. */
const narrative = ({ pathway, steps }: Application): CarePlan['text'] => {
  const items = steps.map((step) => `<li>${escaped(step.title)}</li>`).join('')
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escaped(pathway.title)}</p><ul>${items}</ul></div>`,
  }
}

const taskOf = (application: Application, step: Step, window: Period | undefined): Task => {
  const { pathway, trigger, owner, calendar, now } = application
  return {
    resourceType: 'Task',
    id: taskId(trigger.reference, pathway, step),
    instantiatesCanonical: pathway.canonical,
    groupIdentifier: groupIdentifier(deterministicId(trigger.reference)),
    status: 'ready',
    businessStatus: businessStatus(owner.pool ? 'new' : 'assigned'),
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
    owner: { reference: owner.reference },
    ...(window && { restriction: { period: timedPeriod(window, calendar) } }),
  }
}

const carePlanOf = (application: Application, tasks: readonly Task[]): CarePlan => {
  const { pathway, trigger, calendar, now } = application
  return {
    resourceType: 'CarePlan',
    id: carePlanId(trigger.reference, pathway),
    text: narrative(application),
    identifier: [groupIdentifier(deterministicId(trigger.reference))],
    instantiatesCanonical: [pathway.canonical],
    status: 'active',
    intent: 'plan',
    ...(pathway.categories.length && { category: [...pathway.categories] }),
    title: pathway.title,
    subject: trigger.subject,
    ...(trigger.encounter && { encounter: trigger.encounter }),
    period: planPeriod(pathway, trigger.anchor, calendar),
    created: now,
    activity: tasks.map((task) => ({ reference: { reference: referenceTo('Task', task.id!) } })),
  }
}

/**
 * The plan and its Tasks: what a pathway asks for when it is started by this trigger. The ids follow from the trigger, so that
 * they are the same however often it is asked. Pure. `CarePlan.period.start` says which moment the windows were counted from.
 */
export const applyPathway = (application: Application): Resource[] => {
  const { steps, trigger, calendar } = application
  const windows = scheduleSteps(steps, trigger.anchor, calendar)
  const tasks = steps.map((step) => taskOf(application, step, windows.get(step.id)))
  return [carePlanOf(application, tasks), ...tasks] as unknown as Resource[]
}
