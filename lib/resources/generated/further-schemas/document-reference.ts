/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Attachment, CodeableConcept, Coding, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const DocumentReference: Schema = object(() => ({
  resourceType: resourceType('DocumentReference'),
  ...domainResourceMembers(),
  masterIdentifier: maybe(Identifier),
  identifier: many(Identifier),
  status: must(v.documentReferenceStatus),
  docStatus: maybe(v.compositionStatus),
  type: maybe(CodeableConcept),
  category: many(CodeableConcept),
  subject: maybe(reference('Patient', 'Practitioner', 'Group', 'Device')),
  date: maybe(p.instant),
  author: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'Device', 'Patient', 'RelatedPerson')),
  authenticator: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  custodian: maybe(reference('Organization')),
  relatesTo: many(DocumentReferenceRelatesTo),
  description: maybe(p.string),
  securityLabel: many(CodeableConcept),
  content: some(DocumentReferenceContent),
  context: maybe(DocumentReferenceContext),
}))

export const DocumentReferenceRelatesTo: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(v.documentRelationshipType),
  target: must(reference('DocumentReference')),
}))

export const DocumentReferenceContent: Schema = object(() => ({
  ...backboneElementMembers(),
  attachment: must(Attachment),
  format: maybe(Coding),
}))

export const DocumentReferenceContext: Schema = object(() => ({
  ...backboneElementMembers(),
  encounter: many(reference('Encounter', 'EpisodeOfCare')),
  event: many(CodeableConcept),
  period: maybe(Period),
  facilityType: maybe(CodeableConcept),
  practiceSetting: maybe(CodeableConcept),
  sourcePatientInfo: maybe(reference('Patient')),
  related: many(Reference),
}))
