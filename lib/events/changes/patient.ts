import type { Patient } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import type { ChangeRules } from './change-rules.ts'

const asPatient = (resource: Resource | undefined): Patient | undefined => resource as unknown as Patient | undefined

const isDeceased = (patient: Patient | undefined): boolean =>
  patient?.deceasedBoolean === true || patient?.deceasedDateTime !== undefined

/** Whether another record has taken the place of this one. https://hl7.org/fhir/R4/valueset-link-type.html */
const isMerged = (patient: Patient | undefined): boolean =>
  Array.isArray(patient?.link) && patient.link.some((link) => link?.type === 'replaced-by')

/** https://hl7.org/fhir/R4/patient.html */
export const patient: ChangeRules = {
  type: 'Patient',
  patient: ({ id }) => `Patient/${id}`,
  changed(before, after) {
    const [was, now] = [asPatient(before), asPatient(after)]
    const is = (test: (patient: Patient | undefined) => boolean): boolean => test(now) && !test(was)
    const kind = is(isMerged) ? 'merged' : is(isDeceased) ? 'deceased' : 'updated'
    return [{ name: 'patient-changed', state: { kind } }]
  },
  removed: () => [{ name: 'patient-changed', state: { kind: 'updated' } }],
}
