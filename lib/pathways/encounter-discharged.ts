import type { Encounter } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { isDischarged } from '../events/changes/encounter.ts'
import type { EventDetail } from '../events/contract.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { carePlanId, type Trigger } from './apply.ts'
import { commit, type Decision, nothing } from './commit.ts'
import { correctPathway } from './correct-pathway.ts'
import { pathwaysStartedBy } from './definitions.ts'
import { facilityTimeZone } from './facility-time-zone.ts'
import type { Pathway } from './pathway.ts'
import { startPathway } from './start-pathway.ts'
import { anchorAt } from './window.ts'

/** A stay that ended, as the trigger of pathways. */
interface Discharge extends Trigger {
  encounterResource: Resource
  /** whether the Encounter says on which day it ended; if not, it ended when we heard of it */
  saysWhen: boolean
}

const dischargeOf = async ({ store, tenant }: Careloop, version: Version): Promise<Discharge | undefined> => {
  const resource = resourceOf(version)
  const encounter = resource as unknown as Encounter
  if (!isDischarged(resource, tenant.timeZone) || !encounter.subject) return undefined
  const timeZone = await facilityTimeZone(store, encounter, tenant.timeZone)
  const stated = encounter.period?.end === undefined ? undefined : anchorAt(encounter.period.end, timeZone)
  const reference = referenceTo('Encounter', version.id)
  return {
    reference,
    version: version.v,
    subject: encounter.subject,
    encounter: { reference },
    anchor: stated ?? anchorAt(version.updated, timeZone)!,
    encounterResource: resource,
    saysWhen: stated !== undefined,
  }
}

const decide = async (careloop: Careloop, pathway: Pathway, encounterId: string): Promise<Decision> => {
  const { store } = careloop
  const version = await store.read('Encounter', encounterId)
  const discharge = version && !version.deleted ? await dischargeOf(careloop, version) : undefined
  if (!discharge) return nothing('not-discharged')

  const plan = await store.read('CarePlan', carePlanId(discharge.reference, pathway))
  if (!plan) return startPathway(careloop, pathway, discharge, { encounter: discharge.encounterResource })
  if (plan.deleted || !discharge.saysWhen) return nothing('unchanged')
  return correctPathway(careloop, plan, discharge)
}

/**
 * Starts the pathways of a discharge, or lets them follow a correction of it. Looks only at what the Encounter says now: the event
 * may be late, doubled or out of order.
 * @returns an outcome for each pathway
 */
export const encounterDischarged = async (
  careloop: Careloop,
  { reference }: EventDetail<'encounter-discharged'>,
): Promise<string> => {
  const id = reference.slice(reference.indexOf('/') + 1)
  const outcomes: string[] = []
  for (const pathway of pathwaysStartedBy('encounter-discharged'))
    outcomes.push(await commit(careloop.store, () => decide(careloop, pathway, id)))
  return outcomes.join()
}
