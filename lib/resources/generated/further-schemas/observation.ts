/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Quantity, Range, Ratio, Reference, SampledData, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Observation: Schema = object(() => ({
  resourceType: resourceType('Observation'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(reference('CarePlan', 'DeviceRequest', 'ImmunizationRecommendation', 'MedicationRequest', 'NutritionOrder', 'ServiceRequest')),
  partOf: many(reference('MedicationAdministration', 'MedicationDispense', 'MedicationStatement', 'Procedure', 'Immunization', 'ImagingStudy')),
  status: must(v.observationStatus),
  category: many(CodeableConcept),
  code: must(CodeableConcept),
  subject: maybe(reference('Patient', 'Group', 'Device', 'Location')),
  focus: many(Reference),
  encounter: maybe(reference('Encounter')),
  effective: choice({ DateTime: p.dateTime, Period, Timing, Instant: p.instant }),
  issued: maybe(p.instant),
  performer: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient', 'RelatedPerson')),
  value: choice({ Quantity, CodeableConcept, String: p.string, Boolean: p.boolean, Integer: p.integer, Range, Ratio, SampledData, Time: p.time, DateTime: p.dateTime, Period }),
  dataAbsentReason: maybe(CodeableConcept),
  interpretation: many(CodeableConcept),
  note: many(Annotation),
  bodySite: maybe(CodeableConcept),
  method: maybe(CodeableConcept),
  specimen: maybe(reference('Specimen')),
  device: maybe(reference('Device', 'DeviceMetric')),
  referenceRange: many(ObservationReferenceRange),
  hasMember: many(reference('Observation', 'QuestionnaireResponse', 'MolecularSequence')),
  derivedFrom: many(reference('DocumentReference', 'ImagingStudy', 'Media', 'QuestionnaireResponse', 'Observation', 'MolecularSequence')),
  component: many(ObservationComponent),
}), [furtherInvariants['obs-6'], furtherInvariants['obs-7']])

export const ObservationReferenceRange: Schema = object(() => ({
  ...backboneElementMembers(),
  low: maybe(simple(Quantity)),
  high: maybe(simple(Quantity)),
  type: maybe(CodeableConcept),
  appliesTo: many(CodeableConcept),
  age: maybe(Range),
  text: maybe(p.string),
}), [furtherInvariants['obs-3']])

export const ObservationComponent: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
  value: choice({ Quantity, CodeableConcept, String: p.string, Boolean: p.boolean, Integer: p.integer, Range, Ratio, SampledData, Time: p.time, DateTime: p.dateTime, Period }),
  dataAbsentReason: maybe(CodeableConcept),
  interpretation: many(CodeableConcept),
  referenceRange: many(ObservationReferenceRange),
}))
