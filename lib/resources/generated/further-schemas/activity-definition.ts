/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, CodeableConcept, ContactDetail, Dosage, Duration, Expression, Identifier, Period, Quantity, Range, RelatedArtifact, Timing, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ActivityDefinition: Schema = object(() => ({
  resourceType: resourceType('ActivityDefinition'),
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
  kind: maybe(v.requestResourceTypes),
  profile: maybe(p.canonical),
  code: maybe(CodeableConcept),
  intent: maybe(v.requestIntent),
  priority: maybe(v.requestPriority),
  doNotPerform: maybe(p.boolean),
  timing: choice({ Timing, DateTime: p.dateTime, Age, Period, Range, Duration }),
  location: maybe(reference('Location')),
  participant: many(ActivityDefinitionParticipant),
  product: choice({ Reference: reference('Medication', 'Substance'), CodeableConcept }),
  quantity: maybe(simple(Quantity)),
  dosage: many(Dosage),
  bodySite: many(CodeableConcept),
  specimenRequirement: many(reference('SpecimenDefinition')),
  observationRequirement: many(reference('ObservationDefinition')),
  observationResultRequirement: many(reference('ObservationDefinition')),
  transform: maybe(p.canonical),
  dynamicValue: many(ActivityDefinitionDynamicValue),
}))

export const ActivityDefinitionParticipant: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.actionParticipantType),
  role: maybe(CodeableConcept),
}))

export const ActivityDefinitionDynamicValue: Schema = object(() => ({
  ...backboneElementMembers(),
  path: must(p.string),
  expression: must(Expression),
}))
