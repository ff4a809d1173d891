/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, CodeableConcept, ContactPoint, HumanName, Identifier } from '../schemas/datatypes.ts'

export const Organization: Schema = object(() => ({
  resourceType: resourceType('Organization'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  type: many(CodeableConcept),
  name: maybe(p.string),
  alias: many(p.string),
  telecom: many(ContactPoint),
  address: many(Address),
  partOf: maybe(reference('Organization')),
  contact: many(OrganizationContact),
  endpoint: many(reference('Endpoint')),
}), [furtherInvariants['org-1'], furtherInvariants['org-3'], furtherInvariants['org-2']])

export const OrganizationContact: Schema = object(() => ({
  ...backboneElementMembers(),
  purpose: maybe(CodeableConcept),
  name: maybe(HumanName),
  telecom: many(ContactPoint),
  address: maybe(Address),
}))
