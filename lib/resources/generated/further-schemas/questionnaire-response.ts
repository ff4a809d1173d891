/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Attachment, Coding, Identifier, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const QuestionnaireResponse: Schema = object(() => ({
  resourceType: resourceType('QuestionnaireResponse'),
  ...domainResourceMembers(),
  identifier: maybe(Identifier),
  basedOn: many(reference('CarePlan', 'ServiceRequest')),
  partOf: many(reference('Observation', 'Procedure')),
  questionnaire: maybe(p.canonical),
  status: must(v.questionnaireAnswersStatus),
  subject: maybe(Reference),
  encounter: maybe(reference('Encounter')),
  authored: maybe(p.dateTime),
  author: maybe(reference('Device', 'Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Organization')),
  source: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson')),
  item: many(QuestionnaireResponseItem),
}))

export const QuestionnaireResponseItem: Schema = object(() => ({
  ...backboneElementMembers(),
  linkId: must(p.string),
  definition: maybe(p.uri),
  text: maybe(p.string),
  answer: many(QuestionnaireResponseItemAnswer),
  item: many(QuestionnaireResponseItem),
}), [furtherInvariants['qrs-1']])

export const QuestionnaireResponseItemAnswer: Schema = object(() => ({
  ...backboneElementMembers(),
  value: choice({ Boolean: p.boolean, Decimal: p.decimal, Integer: p.integer, Date: p.date, DateTime: p.dateTime, Time: p.time, String: p.string, Uri: p.uri, Attachment, Coding, Quantity, Reference }),
  item: many(QuestionnaireResponseItem),
}))
