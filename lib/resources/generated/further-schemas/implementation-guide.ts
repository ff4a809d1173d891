/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, ContactDetail, Reference, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ImplementationGuide: Schema = object(() => ({
  resourceType: resourceType('ImplementationGuide'),
  ...domainResourceMembers(),
  url: must(p.uri),
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
  copyright: maybe(p.markdown),
  packageId: must(p.id),
  license: maybe(v.spdxLicense),
  fhirVersion: some(v.FHIRVersion),
  dependsOn: many(ImplementationGuideDependsOn),
  global: many(ImplementationGuideGlobal),
  definition: maybe(ImplementationGuideDefinition),
  manifest: maybe(ImplementationGuideManifest),
}))

export const ImplementationGuideDependsOn: Schema = object(() => ({
  ...backboneElementMembers(),
  uri: must(p.canonical),
  packageId: maybe(p.id),
  version: maybe(p.string),
}))

export const ImplementationGuideGlobal: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.resourceTypes),
  profile: must(p.canonical),
}))

export const ImplementationGuideDefinition: Schema = object(() => ({
  ...backboneElementMembers(),
  grouping: many(ImplementationGuideDefinitionGrouping),
  resource: some(ImplementationGuideDefinitionResource),
  page: maybe(ImplementationGuideDefinitionPage),
  parameter: many(ImplementationGuideDefinitionParameter),
  template: many(ImplementationGuideDefinitionTemplate),
}), [furtherInvariants['ig-1']])

export const ImplementationGuideDefinitionGrouping: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  description: maybe(p.string),
}))

export const ImplementationGuideDefinitionResource: Schema = object(() => ({
  ...backboneElementMembers(),
  reference: must(Reference),
  fhirVersion: many(v.FHIRVersion),
  name: maybe(p.string),
  description: maybe(p.string),
  example: choice({ Boolean: p.boolean, Canonical: p.canonical }),
  groupingId: maybe(p.id),
}))

export const ImplementationGuideDefinitionPage: Schema = object(() => ({
  ...backboneElementMembers(),
  name: mustChoose({ Url: p.url, Reference: reference('Binary') }),
  title: must(p.string),
  generation: must(v.guidePageGeneration),
  page: many(ImplementationGuideDefinitionPage),
}))

export const ImplementationGuideDefinitionParameter: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(v.guideParameterCode),
  value: must(p.string),
}))

export const ImplementationGuideDefinitionTemplate: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(p.code),
  source: must(p.string),
  scope: maybe(p.string),
}))

export const ImplementationGuideManifest: Schema = object(() => ({
  ...backboneElementMembers(),
  rendering: maybe(p.url),
  resource: some(ImplementationGuideManifestResource),
  page: many(ImplementationGuideManifestPage),
  image: many(p.string),
  other: many(p.string),
}))

export const ImplementationGuideManifestResource: Schema = object(() => ({
  ...backboneElementMembers(),
  reference: must(Reference),
  example: choice({ Boolean: p.boolean, Canonical: p.canonical }),
  relativePath: maybe(p.url),
}))

export const ImplementationGuideManifestPage: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  title: maybe(p.string),
  anchor: many(p.string),
}))
