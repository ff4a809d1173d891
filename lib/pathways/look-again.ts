import type { CarePlan } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { referenceTo } from '../fhir.ts'
import type { Version } from '../store/version.ts'
import { groupIdentifier } from './codes.ts'
import { createEvaluations } from './conditions.ts'
import { localDateOf } from './date-time.ts'
import { pathwayOf, runningPathways } from './definitions.ts'
import { planState } from './follow-plan.ts'
import type { Pathway } from './pathway.ts'
import { type Phase, phasesOf } from './phases.ts'
import { isLongOver } from './place.ts'
import { reconcile } from './reconcile.ts'
import { createRound } from './round.ts'

/** A pathway of an Encounter to look at again. */
export interface Target {
  pathway: Pathway
  encounterId: string
  /** the plan that it was found by */
  plan?: CarePlan
}

/** What is written is looked at again, so that what others wrote meanwhile is not missed; more often than this it never comes to rest. */
const ROUNDS = 8

/**
 * Reconciles each of the targets until there is nothing left to do. One that fails does not keep the others from their turn.
 * @returns the outcomes of the first round. @throws what the first that failed threw
 */
export const lookAgain = async (careloop: Careloop, targets: readonly Target[]): Promise<string> => {
  const outcomes: string[] = []
  const failures: unknown[] = []
  const evaluations = createEvaluations()
  let left = targets
  for (let n = 0; left.length && n < ROUNDS; n += 1) {
    const round = createRound(careloop, evaluations)
    const wrote: Target[] = []
    for (const target of left) {
      try {
        const reconciled = await reconcile(careloop, round, target.pathway, target.encounterId)
        if (n === 0) outcomes.push(reconciled.outcome)
        if (reconciled.wrote) wrote.push(target)
      } catch (error) {
        failures.push(error)
      }
    }
    left = wrote
  }
  if (failures.length) throw failures[0]
  if (left.length) throw new Error('a pathway does not come to rest')
  return outcomes.join() || 'nothing-to-look-at'
}

const ENCOUNTER = /^Encounter\/([A-Za-z0-9\-.]{1,64})$/

/** The id of the Encounter a plan is about. */
export const encounterIdOf = ({ encounter }: { encounter?: { reference?: string } }): string | undefined =>
  ENCOUNTER.exec(encounter?.reference ?? '')?.[1]

const isOurs = ({ identifier = [] }: CarePlan): boolean =>
  identifier.some(({ system }) => system === groupIdentifier('').system)

const targetOfPlan = async (careloop: Careloop, carePlan: CarePlan): Promise<Target[]> => {
  const encounterId = encounterIdOf(carePlan)
  const state = planState(carePlan)
  if (encounterId === undefined || !isOurs(carePlan) || state === 'closed') return []
  if (isLongOver({ carePlan, state }, careloop)) return []
  try {
    return [{ pathway: await pathwayOf(careloop, carePlan), encounterId, plan: carePlan }]
  } catch (error) {
    // One plan whose definition is lost must not stand in the way of the patient's others.
    const reference = referenceTo('CarePlan', carePlan.id!)
    logLine({ event: 'definition', reference, outcome: 'missing', error: errorName(error) })
    return []
  }
}

const asPlan = (version: Version): CarePlan => version.content as unknown as CarePlan

const targetsOf = async (careloop: Careloop, criteria: string): Promise<Target[]> => {
  const query = `${criteria}&status=active,on-hold,draft,revoked,completed`
  const plans = (await careloop.search.all('CarePlan', query)).map(asPlan)
  return (await Promise.all(plans.map((plan) => targetOfPlan(careloop, plan)))).flat()
}

/** The plans of a patient that go on, or that the automation has completed or withdrawn. */
export const targetsOfPlans = (careloop: Careloop, patient: string): Promise<Target[]> =>
  targetsOf(careloop, `patient=${encodeURIComponent(patient)}`)

/** The plan with this id, if it is one of ours. */
export const targetsOfPlan = async (careloop: Careloop, id: string): Promise<Target[]> => {
  const version = await careloop.store.read('CarePlan', id)
  return version && !version.deleted ? targetOfPlan(careloop, asPlan(version)) : []
}

const withPhases = (pathways: readonly Pathway[], phases: ReadonlySet<Phase>, encounterId: string): Target[] =>
  pathways.filter(({ trigger }) => phases.has(trigger)).map((pathway) => ({ pathway, encounterId }))

/** Every pathway that an Encounter has come to the phase of, and every plan that was made for it. */
export const targetsOfEncounter = async (careloop: Careloop, encounterId: string): Promise<Target[]> => {
  const plans = await targetsOf(careloop, `encounter=${encodeURIComponent(referenceTo('Encounter', encounterId))}`)
  const version = await careloop.store.read('Encounter', encounterId)
  if (!version || version.deleted) return plans
  const phases = phasesOf(version.content, careloop.tenant.timeZone)
  return [...withPhases(await runningPathways(careloop), phases, encounterId), ...plans]
}

/** What pathways among `pathways` may ask for of the patient's Encounters, as long as there could still be time for it. */
export const targetsOfPatient = async (
  careloop: Careloop,
  patient: string,
  pathways: readonly Pathway[],
): Promise<Target[]> => {
  if (!pathways.length) return []
  const { clock, tenant, search } = careloop
  const longest = Math.max(
    ...pathways.map(({ duration: { unit, days } }) => (unit === 'business-day' ? days * 2 : days)),
  )
  const today = localDateOf(clock.now(), tenant.timeZone)!
  const from = today.subtract({ days: longest + 7 })
  // `date` matches an Encounter's whole period, so one that began before and ended since is among them.
  const found = await search.all('Encounter', `patient=${encodeURIComponent(patient)}&date=ge${from}`)
  return found.flatMap((version) => {
    const resource = version.content
    return withPhases(pathways, phasesOf(resource, tenant.timeZone), version.id)
  })
}

const keyOf = ({ pathway: { url }, encounterId }: Target): string => `${encounterId} ${url}`

/** Each once. */
export const distinct = (targets: readonly Target[]): Target[] => [
  ...new Map(targets.map((target) => [keyOf(target), target])).values(),
]
