/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { invariants } from '../../invariants/core.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Duration, Identifier, Quantity, Range, Ratio } from './datatypes.ts'
import * as v from './value-sets.ts'

export const Goal: Schema = object(() => ({
  resourceType: resourceType('Goal'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  lifecycleStatus: must(v.goalStatus),
  achievementStatus: maybe(CodeableConcept),
  category: many(CodeableConcept),
  priority: maybe(CodeableConcept),
  description: must(CodeableConcept),
  subject: must(reference('Patient', 'Group', 'Organization')),
  start: choice({ Date: p.date, CodeableConcept }),
  target: many(GoalTarget),
  statusDate: maybe(p.date),
  statusReason: maybe(p.string),
  expressedBy: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson')),
  addresses: many(reference('Condition', 'Observation', 'MedicationStatement', 'NutritionOrder', 'ServiceRequest', 'RiskAssessment')),
  note: many(Annotation),
  outcomeCode: many(CodeableConcept),
  outcomeReference: many(reference('Observation')),
}))

export const GoalTarget: Schema = object(() => ({
  ...backboneElementMembers(),
  measure: maybe(CodeableConcept),
  detail: choice({ Quantity, Range, CodeableConcept, String: p.string, Boolean: p.boolean, Integer: p.integer, Ratio }),
  due: choice({ Date: p.date, Duration }),
}), [invariants['gol-1']])
