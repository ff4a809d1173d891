/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, CodeableConcept, ContactDetail, Identifier, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ConceptMap: Schema = object(() => ({
  resourceType: resourceType('ConceptMap'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: maybe(Identifier),
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
  source: choice({ Uri: p.uri, Canonical: p.canonical }),
  target: choice({ Uri: p.uri, Canonical: p.canonical }),
  group: many(ConceptMapGroup),
}))

export const ConceptMapGroup: Schema = object(() => ({
  ...backboneElementMembers(),
  source: maybe(p.uri),
  sourceVersion: maybe(p.string),
  target: maybe(p.uri),
  targetVersion: maybe(p.string),
  element: some(ConceptMapGroupElement),
  unmapped: maybe(ConceptMapGroupUnmapped),
}))

export const ConceptMapGroupElement: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(p.code),
  display: maybe(p.string),
  target: many(ConceptMapGroupElementTarget),
}))

export const ConceptMapGroupElementTarget: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(p.code),
  display: maybe(p.string),
  equivalence: must(v.conceptMapEquivalence),
  comment: maybe(p.string),
  dependsOn: many(ConceptMapGroupElementTargetDependsOn),
  product: many(ConceptMapGroupElementTargetDependsOn),
}), [furtherInvariants['cmd-1']])

export const ConceptMapGroupElementTargetDependsOn: Schema = object(() => ({
  ...backboneElementMembers(),
  property: must(p.uri),
  system: maybe(p.canonical),
  value: must(p.string),
  display: maybe(p.string),
}))

export const ConceptMapGroupUnmapped: Schema = object(() => ({
  ...backboneElementMembers(),
  mode: must(v.conceptmapUnmappedMode),
  code: maybe(p.code),
  display: maybe(p.string),
  url: maybe(p.canonical),
}), [furtherInvariants['cmd-2'], furtherInvariants['cmd-3']])
