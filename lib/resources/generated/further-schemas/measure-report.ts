/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { coded } from '../../restrictions.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MeasureReport: Schema = object(() => ({
  resourceType: resourceType('MeasureReport'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.measureReportStatus),
  type: must(v.measureReportType),
  measure: must(p.canonical),
  subject: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'Location', 'Device', 'RelatedPerson', 'Group')),
  date: maybe(p.dateTime),
  reporter: maybe(reference('Practitioner', 'PractitionerRole', 'Location', 'Organization')),
  period: must(Period),
  improvementNotation: maybe(coded(CodeableConcept, v.measureImprovementNotation)),
  group: many(MeasureReportGroup),
  evaluatedResource: many(Reference),
}), [furtherInvariants['mrp-1'], furtherInvariants['mrp-2']])

export const MeasureReportGroup: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  population: many(MeasureReportGroupPopulation),
  measureScore: maybe(Quantity),
  stratifier: many(MeasureReportGroupStratifier),
}))

export const MeasureReportGroupPopulation: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  count: maybe(p.integer),
  subjectResults: maybe(reference('List')),
}))

export const MeasureReportGroupStratifier: Schema = object(() => ({
  ...backboneElementMembers(),
  code: many(CodeableConcept),
  stratum: many(MeasureReportGroupStratifierStratum),
}))

export const MeasureReportGroupStratifierStratum: Schema = object(() => ({
  ...backboneElementMembers(),
  value: maybe(CodeableConcept),
  component: many(MeasureReportGroupStratifierStratumComponent),
  population: many(MeasureReportGroupStratifierStratumPopulation),
  measureScore: maybe(Quantity),
}))

export const MeasureReportGroupStratifierStratumComponent: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
  value: must(CodeableConcept),
}))

export const MeasureReportGroupStratifierStratumPopulation: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  count: maybe(p.integer),
  subjectResults: maybe(reference('List')),
}))
