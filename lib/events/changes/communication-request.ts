import type { CommunicationRequest } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import { COMMUNICATION_CATEGORY, hasCode } from '../../pathways/codes.ts'
import { patientOf } from '../contract.ts'
import type { ChangeRules } from './change-rules.ts'

const asRequest = (resource: Resource): CommunicationRequest => resource as unknown as CommunicationRequest

/** A reminder that is still to reach somebody. */
const isPending = (resource: Resource | undefined): boolean => {
  if (resource?.status !== 'active') return false
  const { category } = asRequest(resource)
  return Array.isArray(category) && category.some((concept) => hasCode(concept, COMMUNICATION_CATEGORY, 'reminder'))
}

/** https://hl7.org/fhir/R4/communicationrequest.html */
export const communicationRequest: ChangeRules = {
  type: 'CommunicationRequest',
  patient: (resource) => patientOf(asRequest(resource).subject),
  changed: (before, after) =>
    isPending(after) && !isPending(before) ? [{ name: 'notification-requested', state: { kind: 'reminder' } }] : [],
}
