/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, ContactPoint, HumanName, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const RelatedPerson: Schema = object(() => ({
  resourceType: resourceType('RelatedPerson'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  patient: must(reference('Patient')),
  relationship: many(CodeableConcept),
  name: many(HumanName),
  telecom: many(ContactPoint),
  gender: maybe(v.administrativeGender),
  birthDate: maybe(p.date),
  address: many(Address),
  photo: many(Attachment),
  period: maybe(Period),
  communication: many(RelatedPersonCommunication),
}))

export const RelatedPersonCommunication: Schema = object(() => ({
  ...backboneElementMembers(),
  language: must(CodeableConcept),
  preferred: maybe(p.boolean),
}))
