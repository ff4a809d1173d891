/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Linkage: Schema = object(() => ({
  resourceType: resourceType('Linkage'),
  ...domainResourceMembers(),
  active: maybe(p.boolean),
  author: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  item: some(LinkageItem),
}), [furtherInvariants['lnk-1']])

export const LinkageItem: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.linkageType),
  resource: must(Reference),
}))
