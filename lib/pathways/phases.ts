import type { Encounter } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Resource } from '../fhir.ts'
import { localDateOf } from './date-time.ts'
import type { Phase } from './phase-names.ts'

export type { Phase }

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
/** Inpatient, acute inpatient, non-acute inpatient. https://terminology.hl7.org/CodeSystem-v3-ActCode.html */
const INPATIENT = ['IMP', 'ACUTE', 'NONAC']
/** A patient under observation has not been admitted, but is discharged. */
const STAYS = [...INPATIENT, 'OBSENC']
const EMERGENCY = ['EMER']

const hasClass = ({ class: stay }: Encounter, codes: readonly string[]): boolean =>
  codes.includes(stay?.code ?? '') && (stay?.system ?? ACT_CODE) === ACT_CODE

/** https://hl7.org/fhir/R4/valueset-encounter-status.html */
const BEGUN = ['in-progress', 'onleave', 'finished']
/** The stay did not take place, or is still to come. */
const NOT_A_STAY = ['planned', 'cancelled', 'entered-in-error']

/** Whether it had ended by the day this version was recorded; an end beyond it is a plan. */
const isPast = ({ period, meta }: Encounter, timeZone: string): boolean => {
  const end = period?.end && localDateOf(period.end, timeZone)
  const recorded = meta?.lastUpdated && localDateOf(meta.lastUpdated, timeZone)
  return Boolean(end && recorded && Temporal.PlainDate.compare(end, recorded) <= 0)
}

/**
 * The phases that an Encounter has come to, as it now says. One with an end is over even when its status lags behind: feeds derived
 * from HL7 v2 often leave it at in-progress. Whether an emergency visit led to a stay is not asked here. Pure.
 */
export const phasesOf = (resource: Resource | undefined, timeZone: string): ReadonlySet<Phase> => {
  const phases = new Set<Phase>()
  if (!resource) return phases
  const encounter = resource as unknown as Encounter
  const { status } = encounter
  const hasEnded = status === 'finished' || (!NOT_A_STAY.includes(status) && isPast(encounter, timeZone))
  const hasBegun = hasEnded || BEGUN.includes(status)
  if (hasBegun && hasClass(encounter, INPATIENT)) phases.add('encounter-admitted')
  if (hasEnded && hasClass(encounter, STAYS)) phases.add('encounter-discharged')
  if (hasBegun && hasClass(encounter, EMERGENCY)) phases.add('ed-visit-started')
  if (hasEnded && hasClass(encounter, EMERGENCY)) phases.add('ed-visit-ended')
  return phases
}

/** Whether what the Encounter tells of did not take place after all. */
export const isCancelled = ({ status }: Resource): boolean => status === 'cancelled' || status === 'entered-in-error'

/** Whether it is the end of an Encounter. */
export const endsEncounter = (phase: Phase): boolean => phase === 'encounter-discharged' || phase === 'ed-visit-ended'
