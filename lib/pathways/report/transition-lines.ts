import type { CarePlan, Encounter, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, referenceTo } from '../../fhir.ts'
import { occurrencesAmong } from '../../follow-up/recurrence/unroll-steps.ts'
import { withoutVersion } from '../../search/uri.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { carePlanId, taskId } from '../apply.ts'
import { complianceEndOf } from '../compliance-end.ts'
import { dateTimeIn } from '../date-time.ts'
import { DefinitionMissing, pathwayOf, runningPathways } from '../definitions.ts'
import { facilityTimeZone } from '../facility-time-zone.ts'
import type { Pathway, Step } from '../pathway.ts'
import { tasksListedBy } from '../place.ts'
import { type Standing, type StepState, standingOf } from './step-state.ts'

/** What has become of one step of one programme for one transition. References only. */
export interface Line extends Standing {
  /** `Encounter/id` */
  encounter: string
  patient?: string
  facility?: string
  programme: string
  /** `url|version` of the definition */
  rule: string
  /** id of the step; none: the programme as a whole did not apply */
  step?: string
  /** of Task.code */
  code?: string
  task?: string
  /** FHIR date or dateTime that the plan began */
  from?: string
  windowStart?: string
  due?: string
  complianceEnd?: string
  owner?: string
}

/** An Encounter with the plans that were made for it. */
export interface PlannedEncounter {
  id: string
  resource?: Encounter
  plans: readonly CarePlan[]
}

/** Where the patient was: the organization, else the last place. */
export const facilityOf = ({ serviceProvider, location = [] }: Partial<Encounter>): string | undefined =>
  serviceProvider?.reference ?? location.at(-1)?.location.reference

const live = (versions: readonly Version[]): Map<string, Task> =>
  new Map(
    versions
      .filter(({ deleted }) => !deleted)
      .map((version) => [version.id, resourceOf(version) as unknown as Task] as const),
  )

const ownerOf = ({ owner }: Task): string | undefined => owner?.reference ?? owner?.identifier?.value

type Common = Pick<Line, 'encounter' | 'patient' | 'facility'>

const nothingAsked = (): { state: StepState; evidence: [] } => ({ state: 'not-applicable', evidence: [] })

interface PlannedPathway {
  /** undefined: the version that the plan was made from is no longer kept */
  pathway?: Pathway
  plan: CarePlan
}

/** What a plan may have a Task for. */
interface Place {
  /** of the Task */
  id: string
  /** undefined: its definition is no longer kept */
  step?: Step
}

/** The occurrences there are of what recurs; the step itself where there is none. */
const placesOfRecurring = (reference: string, pathway: Pathway, plan: CarePlan): Place[] => {
  const idOf = (step: Pick<Step, 'id'>): string => taskId(reference, pathway, step)
  const found = [...occurrencesAmong(pathway, tasksListedBy(plan), idOf)]
  return pathway.steps
    .filter(({ recurrence }) => recurrence)
    .flatMap((step) => {
      const own = found.flatMap(([id, { of }]) => (of === step.id ? [{ id, step }] : []))
      return own.length ? own : [{ id: idOf(step), step }]
    })
}

const placesOf = (reference: string, { pathway, plan }: PlannedPathway): Place[] => {
  if (!pathway) return tasksListedBy(plan).map((id) => ({ id }))
  const once = pathway.steps.filter(({ recurrence }) => !recurrence)
  return [
    ...once.map((step) => ({ id: taskId(reference, pathway, step), step })),
    ...placesOfRecurring(reference, pathway, plan),
  ]
}

const canonicalOf = ({ instantiatesCanonical = [] }: CarePlan): string => instantiatesCanonical[0] ?? ''

/** The programme and time zone that lines of an encounter are made with. */
interface Scene {
  reference: string
  common: Common
  timeZone: string
  now: Instant
  programmes: ReadonlyMap<string, string>
}

const lineOf = (scene: Scene, { plan }: PlannedPathway, step: Step | undefined, task: Task | undefined): Line => {
  const { common, timeZone, now, programmes } = scene
  const code = (task ?? step)?.code?.coding?.[0]?.code
  const about: Omit<Line, keyof Standing> = {
    ...common,
    programme: programmes.get(withoutVersion(canonicalOf(plan)))!,
    rule: canonicalOf(plan),
    ...(step && { step: step.id }),
    ...(code && { code }),
    ...(plan.period?.start && { from: plan.period.start }),
  }
  if (!task) return { ...about, ...nothingAsked() }
  const { start, end } = task.restriction?.period ?? {}
  const until = complianceEndOf(task, timeZone)
  const owner = ownerOf(task)
  return {
    ...about,
    task: referenceTo('Task', task.id!),
    ...(start && { windowStart: start }),
    ...(end && { due: end }),
    ...(until && { complianceEnd: dateTimeIn(until, timeZone) }),
    ...(owner && { owner }),
    ...standingOf(task, timeZone, now),
  }
}

const plannedPathways = (careloop: Careloop, plans: readonly CarePlan[]): Promise<PlannedPathway[]> =>
  Promise.all(
    plans.map(async (plan) => {
      try {
        return { plan, pathway: await pathwayOf(careloop, plan) }
      } catch (error) {
        if (error instanceof DefinitionMissing) return { plan }
        throw error
      }
    }),
  )

/** The programmes that such an encounter could have had and for which it has no plan. */
const notApplicable = (
  { common, programmes }: Scene,
  planned: readonly PlannedPathway[],
  all: readonly Pathway[],
): Line[] => {
  const phases = new Set(planned.flatMap(({ pathway }) => pathway?.trigger ?? []))
  const urls = new Set(planned.map(({ plan }) => withoutVersion(canonicalOf(plan))))
  return all
    .filter(({ trigger, url }) => phases.has(trigger) && programmes.has(url) && !urls.has(url))
    .map((pathway) => ({
      ...common,
      programme: programmes.get(pathway.url)!,
      rule: pathway.canonical,
      ...nothingAsked(),
    }))
}

/**
 * Each step of each programme of these encounters, as their Tasks stand now. `programmes`: by url, those that are asked for.
 */
export const linesOf = async (
  careloop: Careloop,
  encounters: readonly PlannedEncounter[],
  programmes: ReadonlyMap<string, string>,
): Promise<Line[]> => {
  const running = await runningPathways(careloop)
  const now = careloop.clock.now()
  const scenes = await Promise.all(
    encounters.map(async ({ id, resource, plans }) => {
      const reference = referenceTo('Encounter', id)
      const facility = resource && facilityOf(resource)
      const patient = resource?.subject?.reference
      const common = { encounter: reference, ...(patient && { patient }), ...(facility && { facility }) }
      const { store, tenant } = careloop
      const timeZone = resource ? await facilityTimeZone(store, resource, tenant.timeZone) : tenant.timeZone
      return {
        scene: { reference, common, timeZone, now, programmes },
        planned: await plannedPathways(careloop, plans),
      }
    }),
  )
  const ids = scenes.flatMap(({ scene, planned }) =>
    planned.flatMap((each) => placesOf(scene.reference, each).map(({ id }) => id)),
  )
  const tasks = live(await careloop.store.readMany(ids.map((id) => ({ type: 'Task', id }))))
  return scenes.flatMap(({ scene, planned }) => [
    ...planned.flatMap((each) =>
      placesOf(scene.reference, each).map(({ id, step }) => lineOf(scene, each, step, tasks.get(id))),
    ),
    ...notApplicable(scene, planned, running),
  ])
}

/** Ids of the plans that an encounter may have. */
export const planIdsOf = (encounterId: string, urls: Iterable<string>): string[] =>
  [...urls].map((url) => carePlanId(referenceTo('Encounter', encounterId), { url }))
