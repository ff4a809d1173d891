/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, Attachment, CodeableConcept, ContactDetail, DataRequirement, Identifier, ParameterDefinition, Period, RelatedArtifact, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Library: Schema = object(() => ({
  resourceType: resourceType('Library'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  subtitle: maybe(p.string),
  status: must(v.publicationStatus),
  experimental: maybe(p.boolean),
  type: must(CodeableConcept),
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
  parameter: many(ParameterDefinition),
  dataRequirement: many(DataRequirement),
  content: many(Attachment),
}))
