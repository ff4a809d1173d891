/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period, Quantity, Range, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Group: Schema = object(() => ({
  resourceType: resourceType('Group'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  type: must(v.groupType),
  actual: must(p.boolean),
  code: maybe(CodeableConcept),
  name: maybe(p.string),
  quantity: maybe(p.unsignedInt),
  managingEntity: maybe(reference('Organization', 'RelatedPerson', 'Practitioner', 'PractitionerRole')),
  characteristic: many(GroupCharacteristic),
  member: many(GroupMember),
}), [furtherInvariants['grp-1']])

export const GroupCharacteristic: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
  value: mustChoose({ CodeableConcept, Boolean: p.boolean, Quantity, Range, Reference }),
  exclude: must(p.boolean),
  period: maybe(Period),
}))

export const GroupMember: Schema = object(() => ({
  ...backboneElementMembers(),
  entity: must(reference('Patient', 'Practitioner', 'PractitionerRole', 'Device', 'Medication', 'Substance', 'Group')),
  period: maybe(Period),
  inactive: maybe(p.boolean),
}))
