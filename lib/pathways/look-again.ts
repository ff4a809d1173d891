import type { CarePlan } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { errorName, logLine } from '../events/log.ts'
import { referenceTo } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import type { Write } from '../store/plan-write.ts'
import { VersionConflict } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { groupIdentifier } from './codes.ts'
import type { Decision } from './commit.ts'
import { createEvaluations } from './conditions.ts'
import { localDateOf } from './date-time.ts'
import { pathwayOf, runningPathways } from './definitions.ts'
import { planState } from './follow-plan.ts'
import { type Look, lookOf, nextLook, readAhead } from './look.ts'
import type { Pathway } from './pathway.ts'
import { type Phase, phasesOf } from './phases.ts'
import { isLongOver } from './place.ts'
import { reconcile } from './reconcile.ts'
import { createRound } from './round.ts'
import { longest } from './window.ts'

/** A pathway of an Encounter to look at again. */
export interface Target {
  pathway: Pathway
  encounterId: string
  /** the plan that it was found by */
  plan?: CarePlan
}

/** What is written is looked at again, so that what others wrote meanwhile is not missed; more often than this it never comes to rest. */
const ROUNDS = 8

/** What one look at a target has come to. */
interface Looked {
  target: Target
  decision: Decision
}

/** Others may have made it too: the pool that the work of several pathways goes to. */
const distinctWrites = (looked: readonly Looked[]): Write[] => [
  ...new Map(
    looked.flatMap(({ decision: { writes } }) => writes).map((write) => [`${write.type}/${write.id}`, write] as const),
  ).values(),
]

/**
 * Writes all that was decided on, at once: when others wrote in between none of it is, and it is to be decided again. What the store
 * refuses for itself does not stand in the way of the rest.
 * @returns those to look at again
 */
const writeTogether = async (
  look: Look,
  looked: readonly Looked[],
  failures: unknown[],
): Promise<readonly Looked[]> => {
  try {
    if (looked.length) await look.store.write(distinctWrites(looked))
    return looked
  } catch (error) {
    if (error instanceof VersionConflict) return looked
    if (error instanceof FhirError && looked.length > 1) {
      const each = looked.map((one) => writeTogether(look, [one], failures))
      return (await Promise.all(each)).flat()
    }
    failures.push(error)
    return []
  }
}

/**
 * Reconciles each of the targets until there is nothing left to do. One that fails does not keep the others from their turn.
 * @param first the look by which they were found, if what it has read is of use
 * @returns the outcomes, the first of each. @throws what the first that failed threw
 */
export const lookAgain = async (
  careloop: Careloop,
  targets: readonly Target[],
  first: Look = lookOf(careloop),
): Promise<string> => {
  const outcomes = new Map<Target, string>()
  const failures: unknown[] = []
  const evaluations = createEvaluations()
  let left = targets
  let look = first
  for (let n = 0; left.length && n < ROUNDS; n += 1) {
    const before = look
    if (n) look = nextLook(careloop, before)
    await readAhead(look, left, before)
    const round = createRound(look, evaluations)
    const looked: Looked[] = []
    for (const target of left) {
      try {
        const decision = await reconcile(look, round, target.pathway, target.encounterId)
        if (!outcomes.has(target)) outcomes.set(target, decision.outcome)
        looked.push({ target, decision })
      } catch (error) {
        failures.push(error)
      }
    }
    const toWrite = looked.filter(({ decision }) => decision.writes.length)
    left = (await writeTogether(look, toWrite, failures)).map(({ target }) => target)
  }
  if (failures.length) throw failures[0]
  if (left.length) throw new Error('a pathway does not come to rest')
  return [...outcomes.values()].join() || 'nothing-to-look-at'
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
  const most = Math.max(...pathways.map(({ duration }) => longest(duration)))
  const today = localDateOf(clock.now(), tenant.timeZone)!
  const from = today.subtract({ days: most + 7 })
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
