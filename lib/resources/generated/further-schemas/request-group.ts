/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, Annotation, CodeableConcept, Duration, Expression, Identifier, Period, Range, Reference, RelatedArtifact, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const RequestGroup: Schema = object(() => ({
  resourceType: resourceType('RequestGroup'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(Reference),
  replaces: many(Reference),
  groupIdentifier: maybe(Identifier),
  status: must(v.requestStatus),
  intent: must(v.requestIntent),
  priority: maybe(v.requestPriority),
  code: maybe(CodeableConcept),
  subject: maybe(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  authoredOn: maybe(p.dateTime),
  author: maybe(reference('Device', 'Practitioner', 'PractitionerRole')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  note: many(Annotation),
  action: many(RequestGroupAction),
}))

export const RequestGroupAction: Schema = object(() => ({
  ...backboneElementMembers(),
  prefix: maybe(p.string),
  title: maybe(p.string),
  description: maybe(p.string),
  textEquivalent: maybe(p.string),
  priority: maybe(v.requestPriority),
  code: many(CodeableConcept),
  documentation: many(RelatedArtifact),
  condition: many(RequestGroupActionCondition),
  relatedAction: many(RequestGroupActionRelatedAction),
  timing: choice({ DateTime: p.dateTime, Age, Period, Duration, Range, Timing }),
  participant: many(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Device')),
  type: maybe(CodeableConcept),
  groupingBehavior: maybe(v.actionGroupingBehavior),
  selectionBehavior: maybe(v.actionSelectionBehavior),
  requiredBehavior: maybe(v.actionRequiredBehavior),
  precheckBehavior: maybe(v.actionPrecheckBehavior),
  cardinalityBehavior: maybe(v.actionCardinalityBehavior),
  resource: maybe(Reference),
  action: many(RequestGroupAction),
}), [furtherInvariants['rqg-1']])

export const RequestGroupActionCondition: Schema = object(() => ({
  ...backboneElementMembers(),
  kind: must(v.actionConditionKind),
  expression: maybe(Expression),
}))

export const RequestGroupActionRelatedAction: Schema = object(() => ({
  ...backboneElementMembers(),
  actionId: must(p.id),
  relationship: must(v.actionRelationshipType),
  offset: choice({ Duration, Range }),
}))
