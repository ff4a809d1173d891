/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const List: Schema = object(() => ({
  resourceType: resourceType('List'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.listStatus),
  mode: must(v.listMode),
  title: maybe(p.string),
  code: maybe(CodeableConcept),
  subject: maybe(reference('Patient', 'Group', 'Device', 'Location')),
  encounter: maybe(reference('Encounter')),
  date: maybe(p.dateTime),
  source: maybe(reference('Practitioner', 'PractitionerRole', 'Patient', 'Device')),
  orderedBy: maybe(CodeableConcept),
  note: many(Annotation),
  entry: many(ListEntry),
  emptyReason: maybe(CodeableConcept),
}), [furtherInvariants['lst-1'], furtherInvariants['lst-2'], furtherInvariants['lst-3']])

export const ListEntry: Schema = object(() => ({
  ...backboneElementMembers(),
  flag: maybe(CodeableConcept),
  deleted: maybe(p.boolean),
  date: maybe(p.dateTime),
  item: must(Reference),
}))
