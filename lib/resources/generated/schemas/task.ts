/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { invariants } from '../../invariants/core.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { anyDatatype, object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Reference } from './datatypes.ts'
import * as v from './value-sets.ts'

export const Task: Schema = object(() => ({
  resourceType: resourceType('Task'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: maybe(p.canonical),
  instantiatesUri: maybe(p.uri),
  basedOn: many(Reference),
  groupIdentifier: maybe(Identifier),
  partOf: many(reference('Task')),
  status: must(v.taskStatus),
  statusReason: maybe(CodeableConcept),
  businessStatus: maybe(CodeableConcept),
  intent: must(v.taskIntent),
  priority: maybe(v.requestPriority),
  code: maybe(CodeableConcept),
  description: maybe(p.string),
  focus: maybe(Reference),
  for: maybe(Reference),
  encounter: maybe(reference('Encounter')),
  executionPeriod: maybe(Period),
  authoredOn: maybe(p.dateTime),
  lastModified: maybe(p.dateTime),
  requester: maybe(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson')),
  performerType: many(CodeableConcept),
  owner: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'HealthcareService', 'Patient', 'Device', 'RelatedPerson')),
  location: maybe(reference('Location')),
  reasonCode: maybe(CodeableConcept),
  reasonReference: maybe(Reference),
  insurance: many(reference('Coverage', 'ClaimResponse')),
  note: many(Annotation),
  relevantHistory: many(reference('Provenance')),
  restriction: maybe(TaskRestriction),
  input: many(TaskInput),
  output: many(TaskOutput),
}), [invariants['Task/inv-1']])

export const TaskRestriction: Schema = object(() => ({
  ...backboneElementMembers(),
  repetitions: maybe(p.positiveInt),
  period: maybe(Period),
  recipient: many(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Group', 'Organization')),
}))

export const TaskInput: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  value: mustChoose(anyDatatype()),
}))

export const TaskOutput: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  value: mustChoose(anyDatatype()),
}))
