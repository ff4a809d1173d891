/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Narrative, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Composition: Schema = object(() => ({
  resourceType: resourceType('Composition'),
  ...domainResourceMembers(),
  identifier: maybe(Identifier),
  status: must(v.compositionStatus),
  type: must(CodeableConcept),
  category: many(CodeableConcept),
  subject: maybe(Reference),
  encounter: maybe(reference('Encounter')),
  date: must(p.dateTime),
  author: some(reference('Practitioner', 'PractitionerRole', 'Device', 'Patient', 'RelatedPerson', 'Organization')),
  title: must(p.string),
  confidentiality: maybe(v.v3ConfidentialityClassification),
  attester: many(CompositionAttester),
  custodian: maybe(reference('Organization')),
  relatesTo: many(CompositionRelatesTo),
  event: many(CompositionEvent),
  section: many(CompositionSection),
}))

export const CompositionAttester: Schema = object(() => ({
  ...backboneElementMembers(),
  mode: must(v.compositionAttestationMode),
  time: maybe(p.dateTime),
  party: maybe(reference('Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole', 'Organization')),
}))

export const CompositionRelatesTo: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(v.documentRelationshipType),
  target: mustChoose({ Identifier, Reference: reference('Composition') }),
}))

export const CompositionEvent: Schema = object(() => ({
  ...backboneElementMembers(),
  code: many(CodeableConcept),
  period: maybe(Period),
  detail: many(Reference),
}))

export const CompositionSection: Schema = object(() => ({
  ...backboneElementMembers(),
  title: maybe(p.string),
  code: maybe(CodeableConcept),
  author: many(reference('Practitioner', 'PractitionerRole', 'Device', 'Patient', 'RelatedPerson', 'Organization')),
  focus: maybe(Reference),
  text: maybe(Narrative),
  mode: maybe(v.listMode),
  orderedBy: maybe(CodeableConcept),
  entry: many(Reference),
  emptyReason: maybe(CodeableConcept),
  section: many(CompositionSection),
}), [furtherInvariants['cmp-1'], furtherInvariants['cmp-2']])
