/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ClinicalImpression: Schema = object(() => ({
  resourceType: resourceType('ClinicalImpression'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.clinicalimpressionStatus),
  statusReason: maybe(CodeableConcept),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  effective: choice({ DateTime: p.dateTime, Period }),
  date: maybe(p.dateTime),
  assessor: maybe(reference('Practitioner', 'PractitionerRole')),
  previous: maybe(reference('ClinicalImpression')),
  problem: many(reference('Condition', 'AllergyIntolerance')),
  investigation: many(ClinicalImpressionInvestigation),
  protocol: many(p.uri),
  summary: maybe(p.string),
  finding: many(ClinicalImpressionFinding),
  prognosisCodeableConcept: many(CodeableConcept),
  prognosisReference: many(reference('RiskAssessment')),
  supportingInfo: many(Reference),
  note: many(Annotation),
}))

export const ClinicalImpressionInvestigation: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
  item: many(reference('Observation', 'QuestionnaireResponse', 'FamilyMemberHistory', 'DiagnosticReport', 'RiskAssessment', 'ImagingStudy', 'Media')),
}))

export const ClinicalImpressionFinding: Schema = object(() => ({
  ...backboneElementMembers(),
  itemCodeableConcept: maybe(CodeableConcept),
  itemReference: maybe(reference('Condition', 'Observation', 'Media')),
  basis: maybe(p.string),
}))
