/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, CodeableConcept, ContactDetail, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const OperationDefinition: Schema = object(() => ({
  resourceType: resourceType('OperationDefinition'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  version: maybe(p.string),
  name: must(p.string),
  title: maybe(p.string),
  status: must(v.publicationStatus),
  kind: must(v.operationKind),
  experimental: maybe(p.boolean),
  date: maybe(p.dateTime),
  publisher: maybe(p.string),
  contact: many(ContactDetail),
  description: maybe(p.markdown),
  useContext: many(UsageContext),
  jurisdiction: many(CodeableConcept),
  purpose: maybe(p.markdown),
  affectsState: maybe(p.boolean),
  code: must(p.code),
  comment: maybe(p.markdown),
  base: maybe(p.canonical),
  resource: many(v.resourceTypes),
  system: must(p.boolean),
  type: must(p.boolean),
  instance: must(p.boolean),
  inputProfile: maybe(p.canonical),
  outputProfile: maybe(p.canonical),
  parameter: many(OperationDefinitionParameter),
  overload: many(OperationDefinitionOverload),
}))

export const OperationDefinitionParameter: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.code),
  use: must(v.operationParameterUse),
  min: must(p.integer),
  max: must(p.string),
  documentation: maybe(p.string),
  type: maybe(v.allTypes),
  targetProfile: many(p.canonical),
  searchType: maybe(v.searchParamType),
  binding: maybe(OperationDefinitionParameterBinding),
  referencedFrom: many(OperationDefinitionParameterReferencedFrom),
  part: many(OperationDefinitionParameter),
}), [furtherInvariants['opd-1'], furtherInvariants['opd-2'], furtherInvariants['opd-3']])

export const OperationDefinitionParameterBinding: Schema = object(() => ({
  ...backboneElementMembers(),
  strength: must(v.bindingStrength),
  valueSet: must(p.canonical),
}))

export const OperationDefinitionParameterReferencedFrom: Schema = object(() => ({
  ...backboneElementMembers(),
  source: must(p.string),
  sourceId: maybe(p.string),
}))

export const OperationDefinitionOverload: Schema = object(() => ({
  ...backboneElementMembers(),
  parameterName: many(p.string),
  comment: maybe(p.string),
}))
