import type { Encounter } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Resource } from '../../fhir.ts'
import { localDateOf } from '../../pathways/date-time.ts'
import { codeOf, patientOf } from '../contract.ts'
import type { ChangeRules } from './change-rules.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
/** Inpatient, acute inpatient, non-acute inpatient, observation. */
const STAYS = ['IMP', 'ACUTE', 'NONAC', 'OBSENC']
/** The stay did not take place, or is still to come. */
const NOT_A_STAY = ['planned', 'cancelled', 'entered-in-error']

/** Whether the stay had ended by the day this version was recorded; an end beyond it is a plan. */
const hasEnded = ({ period, meta }: Encounter, timeZone: string): boolean => {
  const end = period?.end && localDateOf(period.end, timeZone)
  const recorded = meta?.lastUpdated && localDateOf(meta.lastUpdated, timeZone)
  return Boolean(end && recorded && Temporal.PlainDate.compare(end, recorded) <= 0)
}

/**
 * Whether the patient has left a hospital stay. A stay with an end is over even when its status lags behind: feeds derived from
 * HL7 v2 often leave it at in-progress.
 */
export const isDischarged = (resource: Resource | undefined, timeZone: string): boolean => {
  if (!resource) return false
  const encounter = resource as unknown as Encounter
  const { status, class: stay } = encounter
  const isStay = STAYS.includes(stay?.code ?? '') && (stay?.system ?? ACT_CODE) === ACT_CODE
  return isStay && (status === 'finished' || (!NOT_A_STAY.includes(status) && hasEnded(encounter, timeZone)))
}

/** All that decides what a discharge calls for. */
const circumstances = (resource: Resource): string => {
  const { period, class: stay, hospitalization, subject } = resource as unknown as Encounter
  return JSON.stringify([period?.end, stay?.code, hospitalization?.dischargeDisposition?.coding, subject?.reference])
}

/** https://hl7.org/fhir/R4/encounter.html */
export const encounter: ChangeRules = {
  type: 'Encounter',
  patient: (resource) => patientOf((resource as unknown as Encounter).subject),
  changed(before, after, { tenant }) {
    if (!isDischarged(after, tenant.timeZone)) return []
    const isFirst = !before || !isDischarged(before, tenant.timeZone)
    if (!isFirst && circumstances(before) === circumstances(after)) return []
    const { status, class: stay } = after as unknown as Encounter
    const state = { status: codeOf(status), class: codeOf(stay.code) }
    return [{ name: 'encounter-discharged', state: { kind: isFirst ? 'discharge' : 'correction', ...state } }]
  },
}
