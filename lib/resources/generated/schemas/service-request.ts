/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { invariants } from '../../invariants/core.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Quantity, Range, Ratio, Reference, Timing } from './datatypes.ts'
import * as v from './value-sets.ts'

export const ServiceRequest: Schema = object(() => ({
  resourceType: resourceType('ServiceRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(reference('CarePlan', 'ServiceRequest', 'MedicationRequest')),
  replaces: many(reference('ServiceRequest')),
  requisition: maybe(Identifier),
  status: must(v.requestStatus),
  intent: must(v.requestIntent),
  category: many(CodeableConcept),
  priority: maybe(v.requestPriority),
  doNotPerform: maybe(p.boolean),
  code: maybe(CodeableConcept),
  orderDetail: many(CodeableConcept),
  quantity: choice({ Quantity, Ratio, Range }),
  subject: must(reference('Patient', 'Group', 'Location', 'Device')),
  encounter: maybe(reference('Encounter')),
  occurrence: choice({ DateTime: p.dateTime, Period, Timing }),
  asNeeded: choice({ Boolean: p.boolean, CodeableConcept }),
  authoredOn: maybe(p.dateTime),
  requester: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device')),
  performerType: maybe(CodeableConcept),
  performer: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'HealthcareService', 'Patient', 'Device', 'RelatedPerson')),
  locationCode: many(CodeableConcept),
  locationReference: many(reference('Location')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  insurance: many(reference('Coverage', 'ClaimResponse')),
  supportingInfo: many(Reference),
  specimen: many(reference('Specimen')),
  bodySite: many(CodeableConcept),
  note: many(Annotation),
  patientInstruction: maybe(p.string),
  relevantHistory: many(reference('Provenance')),
}), [invariants['prr-1']])
