/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, Attachment, CodeableConcept, Coding, ContactDetail, Identifier, Period, Quantity, Reference, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Questionnaire: Schema = object(() => ({
  resourceType: resourceType('Questionnaire'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  derivedFrom: many(p.canonical),
  status: must(v.publicationStatus),
  experimental: maybe(p.boolean),
  subjectType: many(v.resourceTypes),
  date: maybe(p.dateTime),
  publisher: maybe(p.string),
  contact: many(ContactDetail),
  description: maybe(p.markdown),
  useContext: many(UsageContext),
  jurisdiction: many(CodeableConcept),
  purpose: maybe(p.markdown),
  copyright: maybe(p.markdown),
  approvalDate: maybe(p.date),
  lastReviewDate: maybe(p.date),
  effectivePeriod: maybe(Period),
  code: many(Coding),
  item: many(QuestionnaireItem),
}), [furtherInvariants['que-2']])

export const QuestionnaireItem: Schema = object(() => ({
  ...backboneElementMembers(),
  linkId: must(p.string),
  definition: maybe(p.uri),
  code: many(Coding),
  prefix: maybe(p.string),
  text: maybe(p.string),
  type: must(v.itemType),
  enableWhen: many(QuestionnaireItemEnableWhen),
  enableBehavior: maybe(v.questionnaireEnableBehavior),
  required: maybe(p.boolean),
  repeats: maybe(p.boolean),
  readOnly: maybe(p.boolean),
  maxLength: maybe(p.integer),
  answerValueSet: maybe(p.canonical),
  answerOption: many(QuestionnaireItemAnswerOption),
  initial: many(QuestionnaireItemInitial),
  item: many(QuestionnaireItem),
}), [furtherInvariants['que-1'], furtherInvariants['que-3'], furtherInvariants['que-4'], furtherInvariants['que-5'], furtherInvariants['que-6'], furtherInvariants['que-8'], furtherInvariants['que-9'], furtherInvariants['que-10'], furtherInvariants['que-11'], furtherInvariants['que-12'], furtherInvariants['que-13']])

export const QuestionnaireItemEnableWhen: Schema = object(() => ({
  ...backboneElementMembers(),
  question: must(p.string),
  operator: must(v.questionnaireEnableOperator),
  answer: mustChoose({ Boolean: p.boolean, Decimal: p.decimal, Integer: p.integer, Date: p.date, DateTime: p.dateTime, Time: p.time, String: p.string, Coding, Quantity, Reference }),
}), [furtherInvariants['que-7']])

export const QuestionnaireItemAnswerOption: Schema = object(() => ({
  ...backboneElementMembers(),
  value: mustChoose({ Integer: p.integer, Date: p.date, Time: p.time, String: p.string, Coding, Reference }),
  initialSelected: maybe(p.boolean),
}))

export const QuestionnaireItemInitial: Schema = object(() => ({
  ...backboneElementMembers(),
  value: mustChoose({ Boolean: p.boolean, Decimal: p.decimal, Integer: p.integer, Date: p.date, DateTime: p.dateTime, Time: p.time, String: p.string, Uri: p.uri, Attachment, Coding, Quantity, Reference }),
}))
