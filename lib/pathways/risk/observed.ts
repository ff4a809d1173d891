import type { Observation } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { numberOf } from '../../json.ts'
import { resourceOf } from '../../store/version.ts'
import { lastInstantOf } from '../date-time.ts'
import { RISK_INPUT } from './codes.ts'
import type { IndexStay } from './gather.ts'

/** A value and the Observation it was read from. */
export interface Observed {
  value: number
  /** `Observation/id` */
  reference: string
}

const FINAL = 'final,amended,corrected'

/** How often the unit of a value goes into the one wanted, by UCUM code. */
type Units = Readonly<Record<string, number>>

const amountOf = ({ valueQuantity, valueInteger }: Observation, units: Units | undefined): number | undefined => {
  const value = numberOf(valueQuantity?.value) ?? numberOf(valueInteger)
  if (value === undefined || !units) return value
  const factor = units[valueQuantity?.code ?? valueQuantity?.unit ?? '']
  return factor === undefined ? undefined : value * factor
}

/** The last value of a code until the discharge; `sinceAdmission`: only of the stay itself. One in an unknown unit is no value. */
const lastOf = async (
  { search }: Careloop,
  { patient, timeZone, encounter, admitted, discharged }: IndexStay,
  code: string,
  { units, sinceAdmission = false }: { units?: Units; sinceAdmission?: boolean },
): Promise<Observed | undefined> => {
  if (!discharged || (sinceAdmission && !admitted)) return undefined
  const end = lastInstantOf(encounter.period!.end!, timeZone)!
  const since = sinceAdmission ? `&date=ge${admitted}` : ''
  const query = `patient=${encodeURIComponent(patient)}&code=${encodeURIComponent(code)}&status=${FINAL}${since}&date=le${discharged}`
  const found = (await search.all('Observation', query)).flatMap((version) => {
    const observation = resourceOf(version) as unknown as Observation
    const { effectiveDateTime, effectiveInstant, effectivePeriod } = observation
    const when = effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start
    const at = when && lastInstantOf(when, timeZone)
    const value = amountOf(observation, units)
    // A date alone stands for its whole day, and may be the day of the discharge.
    const isInTime = at && (at <= end || !when.includes('T'))
    return isInTime && value !== undefined ? [{ at, value, reference: referenceTo('Observation', version.id) }] : []
  })
  const [last] = found.sort((a, b) => (a.at < b.at ? 1 : -1))
  return last && { value: last.value, reference: last.reference }
}

/** Hemoglobin in blood, LOINC 718-7, in g/dL. */
export const lastHemoglobin = (careloop: Careloop, stay: IndexStay): Promise<Observed | undefined> =>
  lastOf(careloop, stay, 'http://loinc.org|718-7', { units: { 'g/dL': 1, 'g/L': 0.1 }, sinceAdmission: true })

/** Sodium in serum or plasma, LOINC 2951-2, in mmol/L. */
export const lastSodium = (careloop: Careloop, stay: IndexStay): Promise<Observed | undefined> =>
  lastOf(careloop, stay, 'http://loinc.org|2951-2', {
    units: { 'mmol/L': 1, 'meq/L': 1, 'mEq/L': 1 },
    sinceAdmission: true,
  })

/** The Charlson comorbidity index, as somebody observed it at any time until the discharge. */
export const lastCharlson = (careloop: Careloop, stay: IndexStay): Promise<Observed | undefined> =>
  lastOf(careloop, stay, `${RISK_INPUT}|charlson-comorbidity-index`, {})
