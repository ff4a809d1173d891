/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, ContactPoint, HumanName, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Practitioner: Schema = object(() => ({
  resourceType: resourceType('Practitioner'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  name: many(HumanName),
  telecom: many(ContactPoint),
  address: many(Address),
  gender: maybe(v.administrativeGender),
  birthDate: maybe(p.date),
  photo: many(Attachment),
  qualification: many(PractitionerQualification),
  communication: many(CodeableConcept),
}))

export const PractitionerQualification: Schema = object(() => ({
  ...backboneElementMembers(),
  identifier: many(Identifier),
  code: must(CodeableConcept),
  period: maybe(Period),
  issuer: maybe(reference('Organization')),
}))
