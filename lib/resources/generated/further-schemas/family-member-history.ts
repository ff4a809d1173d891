/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, Annotation, CodeableConcept, Identifier, Period, Range } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const FamilyMemberHistory: Schema = object(() => ({
  resourceType: resourceType('FamilyMemberHistory'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  status: must(v.historyStatus),
  dataAbsentReason: maybe(CodeableConcept),
  patient: must(reference('Patient')),
  date: maybe(p.dateTime),
  name: maybe(p.string),
  relationship: must(CodeableConcept),
  sex: maybe(CodeableConcept),
  born: choice({ Period, Date: p.date, String: p.string }),
  age: choice({ Age, Range, String: p.string }),
  estimatedAge: maybe(p.boolean),
  deceased: choice({ Boolean: p.boolean, Age, Range, Date: p.date, String: p.string }),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'AllergyIntolerance', 'QuestionnaireResponse', 'DiagnosticReport', 'DocumentReference')),
  note: many(Annotation),
  condition: many(FamilyMemberHistoryCondition),
}), [furtherInvariants['fhs-1'], furtherInvariants['fhs-2']])

export const FamilyMemberHistoryCondition: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
  outcome: maybe(CodeableConcept),
  contributedToDeath: maybe(p.boolean),
  onset: choice({ Age, Range, Period, String: p.string }),
  note: many(Annotation),
}))
