/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { coded } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, ContactDetail, Expression, Identifier, Period, RelatedArtifact, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Measure: Schema = object(() => ({
  resourceType: resourceType('Measure'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  subtitle: maybe(p.string),
  status: must(v.publicationStatus),
  experimental: maybe(p.boolean),
  subject: choice({ CodeableConcept, Reference: reference('Group') }),
  date: maybe(p.dateTime),
  publisher: maybe(p.string),
  contact: many(ContactDetail),
  description: maybe(p.markdown),
  useContext: many(UsageContext),
  jurisdiction: many(CodeableConcept),
  purpose: maybe(p.markdown),
  usage: maybe(p.string),
  copyright: maybe(p.markdown),
  approvalDate: maybe(p.date),
  lastReviewDate: maybe(p.date),
  effectivePeriod: maybe(Period),
  topic: many(CodeableConcept),
  author: many(ContactDetail),
  editor: many(ContactDetail),
  reviewer: many(ContactDetail),
  endorser: many(ContactDetail),
  relatedArtifact: many(RelatedArtifact),
  library: many(p.canonical),
  disclaimer: maybe(p.markdown),
  scoring: maybe(CodeableConcept),
  compositeScoring: maybe(CodeableConcept),
  type: many(CodeableConcept),
  riskAdjustment: maybe(p.string),
  rateAggregation: maybe(p.string),
  rationale: maybe(p.markdown),
  clinicalRecommendationStatement: maybe(p.markdown),
  improvementNotation: maybe(coded(CodeableConcept, v.measureImprovementNotation)),
  definition: many(p.markdown),
  guidance: maybe(p.markdown),
  group: many(MeasureGroup),
  supplementalData: many(MeasureSupplementalData),
}), [furtherInvariants['mea-1']])

export const MeasureGroup: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  population: many(MeasureGroupPopulation),
  stratifier: many(MeasureGroupStratifier),
}))

export const MeasureGroupPopulation: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  criteria: must(Expression),
}))

export const MeasureGroupStratifier: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  criteria: maybe(Expression),
  component: many(MeasureGroupStratifierComponent),
}))

export const MeasureGroupStratifierComponent: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  criteria: must(Expression),
}))

export const MeasureSupplementalData: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  usage: many(CodeableConcept),
  description: maybe(p.string),
  criteria: must(Expression),
}))
