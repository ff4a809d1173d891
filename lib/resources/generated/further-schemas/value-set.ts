/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, ContactDetail, Identifier, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ValueSet: Schema = object(() => ({
  resourceType: resourceType('ValueSet'),
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
  immutable: maybe(p.boolean),
  purpose: maybe(p.markdown),
  copyright: maybe(p.markdown),
  compose: maybe(ValueSetCompose),
  expansion: maybe(ValueSetExpansion),
}))

export const ValueSetCompose: Schema = object(() => ({
  ...backboneElementMembers(),
  lockedDate: maybe(p.date),
  inactive: maybe(p.boolean),
  include: some(ValueSetComposeInclude),
  exclude: many(ValueSetComposeInclude),
}))

export const ValueSetComposeInclude: Schema = object(() => ({
  ...backboneElementMembers(),
  system: maybe(p.uri),
  version: maybe(p.string),
  concept: many(ValueSetComposeIncludeConcept),
  filter: many(ValueSetComposeIncludeFilter),
  valueSet: many(p.canonical),
}), [furtherInvariants['vsd-1'], furtherInvariants['vsd-2'], furtherInvariants['vsd-3']])

export const ValueSetComposeIncludeConcept: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  display: maybe(p.string),
  designation: many(ValueSetComposeIncludeConceptDesignation),
}))

export const ValueSetComposeIncludeConceptDesignation: Schema = object(() => ({
  ...backboneElementMembers(),
  language: maybe(p.code),
  use: maybe(Coding),
  value: must(p.string),
}))

export const ValueSetComposeIncludeFilter: Schema = object(() => ({
  ...backboneElementMembers(),
  property: must(p.code),
  op: must(v.filterOperator),
  value: must(p.string),
}))

export const ValueSetExpansion: Schema = object(() => ({
  ...backboneElementMembers(),
  identifier: maybe(p.uri),
  timestamp: must(p.dateTime),
  total: maybe(p.integer),
  offset: maybe(p.integer),
  parameter: many(ValueSetExpansionParameter),
  contains: many(ValueSetExpansionContains),
}))

export const ValueSetExpansionParameter: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  value: choice({ String: p.string, Boolean: p.boolean, Integer: p.integer, Decimal: p.decimal, Uri: p.uri, Code: p.code, DateTime: p.dateTime }),
}))

export const ValueSetExpansionContains: Schema = object(() => ({
  ...backboneElementMembers(),
  system: maybe(p.uri),
  abstract: maybe(p.boolean),
  inactive: maybe(p.boolean),
  version: maybe(p.string),
  code: maybe(p.code),
  display: maybe(p.string),
  designation: many(ValueSetComposeIncludeConceptDesignation),
  contains: many(ValueSetExpansionContains),
}), [furtherInvariants['vsd-6'], furtherInvariants['vsd-9'], furtherInvariants['vsd-10']])
