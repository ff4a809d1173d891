/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, ContactDetail, Identifier, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CodeSystem: Schema = object(() => ({
  resourceType: resourceType('CodeSystem'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  status: must(v.publicationStatus),
  experimental: maybe(p.boolean),
  date: maybe(p.dateTime),
  publisher: maybe(p.string),
  contact: many(ContactDetail),
  description: maybe(p.markdown),
  useContext: many(UsageContext),
  jurisdiction: many(CodeableConcept),
  purpose: maybe(p.markdown),
  copyright: maybe(p.markdown),
  caseSensitive: maybe(p.boolean),
  valueSet: maybe(p.canonical),
  hierarchyMeaning: maybe(v.codesystemHierarchyMeaning),
  compositional: maybe(p.boolean),
  versionNeeded: maybe(p.boolean),
  content: must(v.codesystemContentMode),
  supplements: maybe(p.canonical),
  count: maybe(p.unsignedInt),
  filter: many(CodeSystemFilter),
  property: many(CodeSystemProperty),
  concept: many(CodeSystemConcept),
}), [furtherInvariants['csd-1']])

export const CodeSystemFilter: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  description: maybe(p.string),
  operator: some(v.filterOperator),
  value: must(p.string),
}))

export const CodeSystemProperty: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  uri: maybe(p.uri),
  description: maybe(p.string),
  type: must(v.conceptPropertyType),
}))

export const CodeSystemConcept: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  display: maybe(p.string),
  definition: maybe(p.string),
  designation: many(CodeSystemConceptDesignation),
  property: many(CodeSystemConceptProperty),
  concept: many(CodeSystemConcept),
}))

export const CodeSystemConceptDesignation: Schema = object(() => ({
  ...backboneElementMembers(),
  language: maybe(p.code),
  use: maybe(Coding),
  value: must(p.string),
}))

export const CodeSystemConceptProperty: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  value: mustChoose({ Code: p.code, Coding, String: p.string, Integer: p.integer, Boolean: p.boolean, DateTime: p.dateTime, Decimal: p.decimal }),
}))
