/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Attachment, CodeableConcept, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const DiagnosticReport: Schema = object(() => ({
  resourceType: resourceType('DiagnosticReport'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(reference('CarePlan', 'ImmunizationRecommendation', 'MedicationRequest', 'NutritionOrder', 'ServiceRequest')),
  status: must(v.diagnosticReportStatus),
  category: many(CodeableConcept),
  code: must(CodeableConcept),
  subject: maybe(reference('Patient', 'Group', 'Device', 'Location')),
  encounter: maybe(reference('Encounter')),
  effective: choice({ DateTime: p.dateTime, Period }),
  issued: maybe(p.instant),
  performer: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam')),
  resultsInterpreter: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam')),
  specimen: many(reference('Specimen')),
  result: many(reference('Observation')),
  imagingStudy: many(reference('ImagingStudy')),
  media: many(DiagnosticReportMedia),
  conclusion: maybe(p.string),
  conclusionCode: many(CodeableConcept),
  presentedForm: many(Attachment),
}))

export const DiagnosticReportMedia: Schema = object(() => ({
  ...backboneElementMembers(),
  comment: maybe(p.string),
  link: must(reference('Media')),
}))
