/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { coded } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, Annotation, CodeableConcept, Identifier, Period, Range, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Condition: Schema = object(() => ({
  resourceType: resourceType('Condition'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  clinicalStatus: maybe(coded(CodeableConcept, v.conditionClinical)),
  verificationStatus: maybe(coded(CodeableConcept, v.conditionVerStatus)),
  category: many(CodeableConcept),
  severity: maybe(CodeableConcept),
  code: maybe(CodeableConcept),
  bodySite: many(CodeableConcept),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  onset: choice({ DateTime: p.dateTime, Age, Period, Range, String: p.string }),
  abatement: choice({ DateTime: p.dateTime, Age, Period, Range, String: p.string }),
  recordedDate: maybe(p.dateTime),
  recorder: maybe(reference('Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson')),
  asserter: maybe(reference('Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson')),
  stage: many(ConditionStage),
  evidence: many(ConditionEvidence),
  note: many(Annotation),
}), [furtherInvariants['con-4'], furtherInvariants['con-5']])

export const ConditionStage: Schema = object(() => ({
  ...backboneElementMembers(),
  summary: maybe(CodeableConcept),
  assessment: many(reference('ClinicalImpression', 'DiagnosticReport', 'Observation')),
  type: maybe(CodeableConcept),
}), [furtherInvariants['con-1']])

export const ConditionEvidence: Schema = object(() => ({
  ...backboneElementMembers(),
  code: many(CodeableConcept),
  detail: many(Reference),
}), [furtherInvariants['con-2']])
