/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, ContactDetail, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CapabilityStatement: Schema = object(() => ({
  resourceType: resourceType('CapabilityStatement'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  status: must(v.publicationStatus),
  experimental: maybe(p.boolean),
  date: must(p.dateTime),
  publisher: maybe(p.string),
  contact: many(ContactDetail),
  description: maybe(p.markdown),
  useContext: many(UsageContext),
  jurisdiction: many(CodeableConcept),
  purpose: maybe(p.markdown),
  copyright: maybe(p.markdown),
  kind: must(v.capabilityStatementKind),
  instantiates: many(p.canonical),
  imports: many(p.canonical),
  software: maybe(CapabilityStatementSoftware),
  implementation: maybe(CapabilityStatementImplementation),
  fhirVersion: must(v.FHIRVersion),
  format: some(p.code),
  patchFormat: many(p.code),
  implementationGuide: many(p.canonical),
  rest: many(CapabilityStatementRest),
  messaging: many(CapabilityStatementMessaging),
  document: many(CapabilityStatementDocument),
}), [furtherInvariants['cpb-1'], furtherInvariants['cpb-2'], furtherInvariants['cpb-3'], furtherInvariants['cpb-7'], furtherInvariants['cpb-14'], furtherInvariants['cpb-15'], furtherInvariants['cpb-16']])

export const CapabilityStatementSoftware: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  version: maybe(p.string),
  releaseDate: maybe(p.dateTime),
}))

export const CapabilityStatementImplementation: Schema = object(() => ({
  ...backboneElementMembers(),
  description: must(p.string),
  url: maybe(p.url),
  custodian: maybe(reference('Organization')),
}))

export const CapabilityStatementRest: Schema = object(() => ({
  ...backboneElementMembers(),
  mode: must(v.restfulCapabilityMode),
  documentation: maybe(p.markdown),
  security: maybe(CapabilityStatementRestSecurity),
  resource: many(CapabilityStatementRestResource),
  interaction: many(CapabilityStatementRestInteraction),
  searchParam: many(CapabilityStatementRestResourceSearchParam),
  operation: many(CapabilityStatementRestResourceOperation),
  compartment: many(p.canonical),
}), [furtherInvariants['cpb-9']])

export const CapabilityStatementRestSecurity: Schema = object(() => ({
  ...backboneElementMembers(),
  cors: maybe(p.boolean),
  service: many(CodeableConcept),
  description: maybe(p.markdown),
}))

export const CapabilityStatementRestResource: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.resourceTypes),
  profile: maybe(p.canonical),
  supportedProfile: many(p.canonical),
  documentation: maybe(p.markdown),
  interaction: many(CapabilityStatementRestResourceInteraction),
  versioning: maybe(v.versioningPolicy),
  readHistory: maybe(p.boolean),
  updateCreate: maybe(p.boolean),
  conditionalCreate: maybe(p.boolean),
  conditionalRead: maybe(v.conditionalReadStatus),
  conditionalUpdate: maybe(p.boolean),
  conditionalDelete: maybe(v.conditionalDeleteStatus),
  referencePolicy: many(v.referenceHandlingPolicy),
  searchInclude: many(p.string),
  searchRevInclude: many(p.string),
  searchParam: many(CapabilityStatementRestResourceSearchParam),
  operation: many(CapabilityStatementRestResourceOperation),
}), [furtherInvariants['cpb-12']])

export const CapabilityStatementRestResourceInteraction: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(v.typeRestfulInteraction),
  documentation: maybe(p.markdown),
}))

export const CapabilityStatementRestResourceSearchParam: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  definition: maybe(p.canonical),
  type: must(v.searchParamType),
  documentation: maybe(p.markdown),
}))

export const CapabilityStatementRestResourceOperation: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  definition: must(p.canonical),
  documentation: maybe(p.markdown),
}))

export const CapabilityStatementRestInteraction: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(v.systemRestfulInteraction),
  documentation: maybe(p.markdown),
}))

export const CapabilityStatementMessaging: Schema = object(() => ({
  ...backboneElementMembers(),
  endpoint: many(CapabilityStatementMessagingEndpoint),
  reliableCache: maybe(p.unsignedInt),
  documentation: maybe(p.markdown),
  supportedMessage: many(CapabilityStatementMessagingSupportedMessage),
}))

export const CapabilityStatementMessagingEndpoint: Schema = object(() => ({
  ...backboneElementMembers(),
  protocol: must(Coding),
  address: must(p.url),
}))

export const CapabilityStatementMessagingSupportedMessage: Schema = object(() => ({
  ...backboneElementMembers(),
  mode: must(v.eventCapabilityMode),
  definition: must(p.canonical),
}))

export const CapabilityStatementDocument: Schema = object(() => ({
  ...backboneElementMembers(),
  mode: must(v.documentMode),
  documentation: maybe(p.markdown),
  profile: must(p.canonical),
}))
