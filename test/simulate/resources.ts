import type { CareTeam, Encounter, Patient, RiskAssessment } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import type { Random } from './random.ts'
import type { Stay } from './stays.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const DISCHARGE_DISPOSITION = 'http://terminology.hl7.org/CodeSystem/discharge-disposition'
const RISK_PROBABILITY = 'http://terminology.hl7.org/CodeSystem/risk-probability'
const CARE_MANAGER = { system: 'http://snomed.info/sct', code: '768820003' }

/** A dateTime with the offset of the place. */
const local = (instant: Temporal.Instant, timeZone: string): string =>
  instant.toZonedDateTimeISO(timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' })

export const encounterOf = (stay: Stay): Encounter => {
  const { id, patientId, facility, status, admitted, discharged, disposition } = stay
  return {
    resourceType: 'Encounter',
    id,
    status,
    class: { system: ACT_CODE, code: stay.class },
    subject: { reference: `Patient/${patientId}` },
    period: {
      start: local(admitted, facility.timeZone),
      ...(discharged && { end: local(discharged, facility.timeZone) }),
    },
    ...(disposition && {
      hospitalization: {
        dischargeDisposition: { coding: [{ system: DISCHARGE_DISPOSITION, code: disposition }] },
      },
    }),
    location: [{ location: { reference: `Location/${facility.id}` } }],
  }
}

export const CARE_MANAGERS: readonly string[] = ['nora', 'omar', 'pia'].map((id) => `Practitioner/${id}`)

const FIRST_BIRTH_YEAR = 1932
const LAST_BIRTH_YEAR = 2018

/** A patient and, for most, the care team with the care manager. */
export const patientOf = (random: Random, id: string): [Patient, ...CareTeam[]] => {
  const patient: Patient = {
    resourceType: 'Patient',
    id,
    birthDate: `${random.between(FIRST_BIRTH_YEAR, LAST_BIRTH_YEAR)}-03-14`,
  }
  if (!random.chance(0.7)) return [patient]
  const team: CareTeam = {
    resourceType: 'CareTeam',
    id: `team-${id}`,
    status: 'active',
    subject: { reference: `Patient/${id}` },
    participant: [{ role: [{ coding: [CARE_MANAGER] }], member: { reference: random.pick(CARE_MANAGERS) } }],
  }
  return [patient, team]
}

export const riskOf = (stay: Stay, code: 'low' | 'moderate' | 'high'): RiskAssessment => ({
  resourceType: 'RiskAssessment',
  id: `risk-${stay.id}`,
  status: 'final',
  subject: { reference: `Patient/${stay.patientId}` },
  encounter: { reference: `Encounter/${stay.id}` },
  occurrenceDateTime: local(stay.admitted, stay.facility.timeZone),
  prediction: [{ qualitativeRisk: { coding: [{ system: RISK_PROBABILITY, code }] } }],
})
