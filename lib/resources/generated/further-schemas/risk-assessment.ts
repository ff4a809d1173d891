/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Range, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const RiskAssessment: Schema = object(() => ({
  resourceType: resourceType('RiskAssessment'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: maybe(Reference),
  parent: maybe(Reference),
  status: must(v.observationStatus),
  method: maybe(CodeableConcept),
  code: maybe(CodeableConcept),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  occurrence: choice({ DateTime: p.dateTime, Period }),
  condition: maybe(reference('Condition')),
  performer: maybe(reference('Practitioner', 'PractitionerRole', 'Device')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  basis: many(Reference),
  prediction: many(RiskAssessmentPrediction),
  mitigation: maybe(p.string),
  note: many(Annotation),
}))

export const RiskAssessmentPrediction: Schema = object(() => ({
  ...backboneElementMembers(),
  outcome: maybe(CodeableConcept),
  probability: choice({ Decimal: p.decimal, Range }),
  qualitativeRisk: maybe(CodeableConcept),
  relativeRisk: maybe(p.decimal),
  when: choice({ Period, Range }),
  rationale: maybe(p.string),
}), [furtherInvariants['ras-2'], furtherInvariants['ras-1']])
