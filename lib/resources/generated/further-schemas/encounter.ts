/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, Duration, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Encounter: Schema = object(() => ({
  resourceType: resourceType('Encounter'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.encounterStatus),
  statusHistory: many(EncounterStatusHistory),
  class: must(Coding),
  classHistory: many(EncounterClassHistory),
  type: many(CodeableConcept),
  serviceType: maybe(CodeableConcept),
  priority: maybe(CodeableConcept),
  subject: maybe(reference('Patient', 'Group')),
  episodeOfCare: many(reference('EpisodeOfCare')),
  basedOn: many(reference('ServiceRequest')),
  participant: many(EncounterParticipant),
  appointment: many(reference('Appointment')),
  period: maybe(Period),
  length: maybe(Duration),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Procedure', 'Observation', 'ImmunizationRecommendation')),
  diagnosis: many(EncounterDiagnosis),
  account: many(reference('Account')),
  hospitalization: maybe(EncounterHospitalization),
  location: many(EncounterLocation),
  serviceProvider: maybe(reference('Organization')),
  partOf: maybe(reference('Encounter')),
}))

export const EncounterStatusHistory: Schema = object(() => ({
  ...backboneElementMembers(),
  status: must(v.encounterStatus),
  period: must(Period),
}))

export const EncounterClassHistory: Schema = object(() => ({
  ...backboneElementMembers(),
  class: must(Coding),
  period: must(Period),
}))

export const EncounterParticipant: Schema = object(() => ({
  ...backboneElementMembers(),
  type: many(CodeableConcept),
  period: maybe(Period),
  individual: maybe(reference('Practitioner', 'PractitionerRole', 'RelatedPerson')),
}))

export const EncounterDiagnosis: Schema = object(() => ({
  ...backboneElementMembers(),
  condition: must(reference('Condition', 'Procedure')),
  use: maybe(CodeableConcept),
  rank: maybe(p.positiveInt),
}))

export const EncounterHospitalization: Schema = object(() => ({
  ...backboneElementMembers(),
  preAdmissionIdentifier: maybe(Identifier),
  origin: maybe(reference('Location', 'Organization')),
  admitSource: maybe(CodeableConcept),
  reAdmission: maybe(CodeableConcept),
  dietPreference: many(CodeableConcept),
  specialCourtesy: many(CodeableConcept),
  specialArrangement: many(CodeableConcept),
  destination: maybe(reference('Location', 'Organization')),
  dischargeDisposition: maybe(CodeableConcept),
}))

export const EncounterLocation: Schema = object(() => ({
  ...backboneElementMembers(),
  location: must(reference('Location')),
  status: maybe(v.encounterLocationStatus),
  physicalType: maybe(CodeableConcept),
  period: maybe(Period),
}))
