/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { coded } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, Annotation, CodeableConcept, Identifier, Period, Range } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const AllergyIntolerance: Schema = object(() => ({
  resourceType: resourceType('AllergyIntolerance'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  clinicalStatus: maybe(coded(CodeableConcept, v.allergyintoleranceClinical)),
  verificationStatus: maybe(coded(CodeableConcept, v.allergyintoleranceVerification)),
  type: maybe(v.allergyIntoleranceType),
  category: many(v.allergyIntoleranceCategory),
  criticality: maybe(v.allergyIntoleranceCriticality),
  code: maybe(CodeableConcept),
  patient: must(reference('Patient')),
  encounter: maybe(reference('Encounter')),
  onset: choice({ DateTime: p.dateTime, Age, Period, Range, String: p.string }),
  recordedDate: maybe(p.dateTime),
  recorder: maybe(reference('Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson')),
  asserter: maybe(reference('Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole')),
  lastOccurrence: maybe(p.dateTime),
  note: many(Annotation),
  reaction: many(AllergyIntoleranceReaction),
}), [furtherInvariants['ait-1'], furtherInvariants['ait-2']])

export const AllergyIntoleranceReaction: Schema = object(() => ({
  ...backboneElementMembers(),
  substance: maybe(CodeableConcept),
  manifestation: some(CodeableConcept),
  description: maybe(p.string),
  onset: maybe(p.dateTime),
  severity: maybe(v.reactionEventSeverity),
  exposureRoute: maybe(CodeableConcept),
  note: many(Annotation),
}))
