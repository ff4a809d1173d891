/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, CodeableConcept, ContactDetail, DataRequirement, Duration, Expression, Identifier, Period, Quantity, Range, RelatedArtifact, Timing, TriggerDefinition, UsageContext } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const PlanDefinition: Schema = object(() => ({
  resourceType: resourceType('PlanDefinition'),
  ...domainResourceMembers(),
  url: maybe(p.uri),
  identifier: many(Identifier),
  version: maybe(p.string),
  name: maybe(p.string),
  title: maybe(p.string),
  subtitle: maybe(p.string),
  type: maybe(CodeableConcept),
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
  goal: many(PlanDefinitionGoal),
  action: many(PlanDefinitionAction),
}))

export const PlanDefinitionGoal: Schema = object(() => ({
  ...backboneElementMembers(),
  category: maybe(CodeableConcept),
  description: must(CodeableConcept),
  priority: maybe(CodeableConcept),
  start: maybe(CodeableConcept),
  addresses: many(CodeableConcept),
  documentation: many(RelatedArtifact),
  target: many(PlanDefinitionGoalTarget),
}))

export const PlanDefinitionGoalTarget: Schema = object(() => ({
  ...backboneElementMembers(),
  measure: maybe(CodeableConcept),
  detail: choice({ Quantity, Range, CodeableConcept }),
  due: maybe(Duration),
}))

export const PlanDefinitionAction: Schema = object(() => ({
  ...backboneElementMembers(),
  prefix: maybe(p.string),
  title: maybe(p.string),
  description: maybe(p.string),
  textEquivalent: maybe(p.string),
  priority: maybe(v.requestPriority),
  code: many(CodeableConcept),
  reason: many(CodeableConcept),
  documentation: many(RelatedArtifact),
  goalId: many(p.id),
  subject: choice({ CodeableConcept, Reference: reference('Group') }),
  trigger: many(TriggerDefinition),
  condition: many(PlanDefinitionActionCondition),
  input: many(DataRequirement),
  output: many(DataRequirement),
  relatedAction: many(PlanDefinitionActionRelatedAction),
  timing: choice({ DateTime: p.dateTime, Age, Period, Duration, Range, Timing }),
  participant: many(PlanDefinitionActionParticipant),
  type: maybe(CodeableConcept),
  groupingBehavior: maybe(v.actionGroupingBehavior),
  selectionBehavior: maybe(v.actionSelectionBehavior),
  requiredBehavior: maybe(v.actionRequiredBehavior),
  precheckBehavior: maybe(v.actionPrecheckBehavior),
  cardinalityBehavior: maybe(v.actionCardinalityBehavior),
  definition: choice({ Canonical: p.canonical, Uri: p.uri }),
  transform: maybe(p.canonical),
  dynamicValue: many(PlanDefinitionActionDynamicValue),
  action: many(PlanDefinitionAction),
}))

export const PlanDefinitionActionCondition: Schema = object(() => ({
  ...backboneElementMembers(),
  kind: must(v.actionConditionKind),
  expression: maybe(Expression),
}))

export const PlanDefinitionActionRelatedAction: Schema = object(() => ({
  ...backboneElementMembers(),
  actionId: must(p.id),
  relationship: must(v.actionRelationshipType),
  offset: choice({ Duration, Range }),
}))

export const PlanDefinitionActionParticipant: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.actionParticipantType),
  role: maybe(CodeableConcept),
}))

export const PlanDefinitionActionDynamicValue: Schema = object(() => ({
  ...backboneElementMembers(),
  path: maybe(p.string),
  expression: maybe(Expression),
}))
