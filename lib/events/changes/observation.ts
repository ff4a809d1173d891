import type { Observation } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { patientOf } from '../contract.ts'
import type { ChangeRules } from './change-rules.ts'

/** The statuses whose value may be acted on. https://hl7.org/fhir/R4/valueset-observation-status.html */
const RECORDED = ['final', 'amended', 'corrected']

const statusOf = (resource: Resource | undefined): string => (resource as Observation | undefined)?.status ?? ''

/** https://hl7.org/fhir/R4/observation.html */
export const observation: ChangeRules = {
  type: 'Observation',
  patient: (resource) => patientOf((resource as unknown as Observation).subject),
  changed(before, after) {
    const status = statusOf(after)
    const isNews = RECORDED.includes(status) && (status !== 'final' || statusOf(before) !== 'final')
    return isNews ? [{ name: 'observation-recorded', state: { status } }] : []
  },
}
