/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose } from '../../schema.ts'
import { anyDatatype, object, elementMembers, backboneElementMembers, Coding, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ElementDefinition: Schema = object(() => ({
  ...backboneElementMembers(),
  path: must(p.string),
  representation: many(v.propertyRepresentation),
  sliceName: maybe(p.string),
  sliceIsConstraining: maybe(p.boolean),
  label: maybe(p.string),
  code: many(Coding),
  slicing: maybe(ElementDefinitionSlicing),
  short: maybe(p.string),
  definition: maybe(p.markdown),
  comment: maybe(p.markdown),
  requirements: maybe(p.markdown),
  alias: many(p.string),
  min: maybe(p.unsignedInt),
  max: maybe(p.string),
  base: maybe(ElementDefinitionBase),
  contentReference: maybe(p.uri),
  type: many(ElementDefinitionType),
  defaultValue: choice(anyDatatype()),
  meaningWhenMissing: maybe(p.markdown),
  orderMeaning: maybe(p.string),
  fixed: choice(anyDatatype()),
  pattern: choice(anyDatatype()),
  example: many(ElementDefinitionExample),
  minValue: choice({ Date: p.date, DateTime: p.dateTime, Instant: p.instant, Time: p.time, Decimal: p.decimal, Integer: p.integer, PositiveInt: p.positiveInt, UnsignedInt: p.unsignedInt, Quantity }),
  maxValue: choice({ Date: p.date, DateTime: p.dateTime, Instant: p.instant, Time: p.time, Decimal: p.decimal, Integer: p.integer, PositiveInt: p.positiveInt, UnsignedInt: p.unsignedInt, Quantity }),
  maxLength: maybe(p.integer),
  condition: many(p.id),
  constraint: many(ElementDefinitionConstraint),
  mustSupport: maybe(p.boolean),
  isModifier: maybe(p.boolean),
  isModifierReason: maybe(p.string),
  isSummary: maybe(p.boolean),
  binding: maybe(ElementDefinitionBinding),
  mapping: many(ElementDefinitionMapping),
}), [furtherInvariants['eld-2'], furtherInvariants['eld-5'], furtherInvariants['eld-6'], furtherInvariants['eld-7'], furtherInvariants['eld-8'], furtherInvariants['eld-13'], furtherInvariants['eld-14'], furtherInvariants['eld-15'], furtherInvariants['eld-16'], furtherInvariants['eld-18'], furtherInvariants['eld-22'], furtherInvariants['eld-3']])

export const ElementDefinitionSlicing: Schema = object(() => ({
  ...elementMembers(),
  discriminator: many(ElementDefinitionSlicingDiscriminator),
  description: maybe(p.string),
  ordered: maybe(p.boolean),
  rules: must(v.resourceSlicingRules),
}), [furtherInvariants['eld-1']])

export const ElementDefinitionSlicingDiscriminator: Schema = object(() => ({
  ...elementMembers(),
  type: must(v.discriminatorType),
  path: must(p.string),
}))

export const ElementDefinitionBase: Schema = object(() => ({
  ...elementMembers(),
  path: must(p.string),
  min: must(p.unsignedInt),
  max: must(p.string),
}))

export const ElementDefinitionType: Schema = object(() => ({
  ...elementMembers(),
  code: must(p.uri),
  profile: many(p.canonical),
  targetProfile: many(p.canonical),
  aggregation: many(v.resourceAggregationMode),
  versioning: maybe(v.referenceVersionRules),
}), [furtherInvariants['eld-4'], furtherInvariants['eld-17']])

export const ElementDefinitionExample: Schema = object(() => ({
  ...elementMembers(),
  label: must(p.string),
  value: mustChoose(anyDatatype()),
}))

export const ElementDefinitionConstraint: Schema = object(() => ({
  ...elementMembers(),
  key: must(p.id),
  requirements: maybe(p.string),
  severity: must(v.constraintSeverity),
  human: must(p.string),
  expression: maybe(p.string),
  xpath: maybe(p.string),
  source: maybe(p.canonical),
}))

export const ElementDefinitionBinding: Schema = object(() => ({
  ...elementMembers(),
  strength: must(v.bindingStrength),
  description: maybe(p.string),
  valueSet: maybe(p.canonical),
}), [furtherInvariants['eld-12']])

export const ElementDefinitionMapping: Schema = object(() => ({
  ...elementMembers(),
  identity: must(p.id),
  language: maybe(p.code),
  map: must(p.string),
  comment: maybe(p.string),
}))
