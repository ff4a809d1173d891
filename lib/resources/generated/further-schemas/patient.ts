/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, ContactPoint, HumanName, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Patient: Schema = object(() => ({
  resourceType: resourceType('Patient'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  name: many(HumanName),
  telecom: many(ContactPoint),
  gender: maybe(v.administrativeGender),
  birthDate: maybe(p.date),
  deceased: choice({ Boolean: p.boolean, DateTime: p.dateTime }),
  address: many(Address),
  maritalStatus: maybe(CodeableConcept),
  multipleBirth: choice({ Boolean: p.boolean, Integer: p.integer }),
  photo: many(Attachment),
  contact: many(PatientContact),
  communication: many(PatientCommunication),
  generalPractitioner: many(reference('Organization', 'Practitioner', 'PractitionerRole')),
  managingOrganization: maybe(reference('Organization')),
  link: many(PatientLink),
}))

export const PatientContact: Schema = object(() => ({
  ...backboneElementMembers(),
  relationship: many(CodeableConcept),
  name: maybe(HumanName),
  telecom: many(ContactPoint),
  address: maybe(Address),
  gender: maybe(v.administrativeGender),
  organization: maybe(reference('Organization')),
  period: maybe(Period),
}), [furtherInvariants['pat-1']])

export const PatientCommunication: Schema = object(() => ({
  ...backboneElementMembers(),
  language: must(CodeableConcept),
  preferred: maybe(p.boolean),
}))

export const PatientLink: Schema = object(() => ({
  ...backboneElementMembers(),
  other: must(reference('Patient', 'RelatedPerson')),
  type: must(v.linkType),
}))
