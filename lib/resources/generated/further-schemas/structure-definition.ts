/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, ContactDetail, Identifier, UsageContext } from '../schemas/datatypes.ts'
import { ElementDefinition } from './datatypes.ts'
import * as v from './value-sets.ts'

export const StructureDefinition: Schema = object(() => ({
  resourceType: resourceType('StructureDefinition'),
  ...domainResourceMembers(),
  url: must(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: must(p.string),
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
  keyword: many(Coding),
  fhirVersion: maybe(v.FHIRVersion),
  mapping: many(StructureDefinitionMapping),
  kind: must(v.structureDefinitionKind),
  abstract: must(p.boolean),
  context: many(StructureDefinitionContext),
  contextInvariant: many(p.string),
  type: must(p.uri),
  baseDefinition: maybe(p.canonical),
  derivation: maybe(v.typeDerivationRule),
  snapshot: maybe(StructureDefinitionSnapshot),
  differential: maybe(StructureDefinitionDifferential),
}), [furtherInvariants['sdf-1'], furtherInvariants['sdf-15a'], furtherInvariants['sdf-4'], furtherInvariants['sdf-5'], furtherInvariants['sdf-6'], furtherInvariants['sdf-11'], furtherInvariants['sdf-14'], furtherInvariants['sdf-15'], furtherInvariants['sdf-16'], furtherInvariants['sdf-17'], furtherInvariants['sdf-18'], furtherInvariants['sdf-21'], furtherInvariants['sdf-23']])

export const StructureDefinitionMapping: Schema = object(() => ({
  ...backboneElementMembers(),
  identity: must(p.id),
  uri: maybe(p.uri),
  name: maybe(p.string),
  comment: maybe(p.string),
}), [furtherInvariants['sdf-2']])

export const StructureDefinitionContext: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.extensionContextType),
  expression: must(p.string),
}))

export const StructureDefinitionSnapshot: Schema = object(() => ({
  ...backboneElementMembers(),
  element: some(ElementDefinition),
}), [furtherInvariants['sdf-3'], furtherInvariants['sdf-8b'], furtherInvariants['sdf-10']])

export const StructureDefinitionDifferential: Schema = object(() => ({
  ...backboneElementMembers(),
  element: some(ElementDefinition),
}), [furtherInvariants['sdf-20']])
