/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Dosage, Duration, Identifier, Period, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MedicationRequest: Schema = object(() => ({
  resourceType: resourceType('MedicationRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.medicationrequestStatus),
  statusReason: maybe(CodeableConcept),
  intent: must(v.medicationrequestIntent),
  category: many(CodeableConcept),
  priority: maybe(v.requestPriority),
  doNotPerform: maybe(p.boolean),
  reported: choice({ Boolean: p.boolean, Reference: reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Organization') }),
  medication: mustChoose({ CodeableConcept, Reference: reference('Medication') }),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  supportingInformation: many(Reference),
  authoredOn: maybe(p.dateTime),
  requester: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device')),
  performer: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'Device', 'RelatedPerson', 'CareTeam')),
  performerType: maybe(CodeableConcept),
  recorder: maybe(reference('Practitioner', 'PractitionerRole')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation')),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(reference('CarePlan', 'MedicationRequest', 'ServiceRequest', 'ImmunizationRecommendation')),
  groupIdentifier: maybe(Identifier),
  courseOfTherapyType: maybe(CodeableConcept),
  insurance: many(reference('Coverage', 'ClaimResponse')),
  note: many(Annotation),
  dosageInstruction: many(Dosage),
  dispenseRequest: maybe(MedicationRequestDispenseRequest),
  substitution: maybe(MedicationRequestSubstitution),
  priorPrescription: maybe(reference('MedicationRequest')),
  detectedIssue: many(reference('DetectedIssue')),
  eventHistory: many(reference('Provenance')),
}))

export const MedicationRequestDispenseRequest: Schema = object(() => ({
  ...backboneElementMembers(),
  initialFill: maybe(MedicationRequestDispenseRequestInitialFill),
  dispenseInterval: maybe(Duration),
  validityPeriod: maybe(Period),
  numberOfRepeatsAllowed: maybe(p.unsignedInt),
  quantity: maybe(simple(Quantity)),
  expectedSupplyDuration: maybe(Duration),
  performer: maybe(reference('Organization')),
}))

export const MedicationRequestDispenseRequestInitialFill: Schema = object(() => ({
  ...backboneElementMembers(),
  quantity: maybe(simple(Quantity)),
  duration: maybe(Duration),
}))

export const MedicationRequestSubstitution: Schema = object(() => ({
  ...backboneElementMembers(),
  allowed: mustChoose({ Boolean: p.boolean, CodeableConcept }),
  reason: maybe(CodeableConcept),
}))
