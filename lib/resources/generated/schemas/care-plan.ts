/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { invariants } from '../../invariants/core.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Quantity, Reference, Timing } from './datatypes.ts'
import * as v from './value-sets.ts'

export const CarePlan: Schema = object(() => ({
  resourceType: resourceType('CarePlan'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(reference('CarePlan')),
  replaces: many(reference('CarePlan')),
  partOf: many(reference('CarePlan')),
  status: must(v.requestStatus),
  intent: must(v.carePlanIntent),
  category: many(CodeableConcept),
  title: maybe(p.string),
  description: maybe(p.string),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  period: maybe(Period),
  created: maybe(p.dateTime),
  author: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'Device', 'RelatedPerson', 'Organization', 'CareTeam')),
  contributor: many(reference('Patient', 'Practitioner', 'PractitionerRole', 'Device', 'RelatedPerson', 'Organization', 'CareTeam')),
  careTeam: many(reference('CareTeam')),
  addresses: many(reference('Condition')),
  supportingInfo: many(Reference),
  goal: many(reference('Goal')),
  activity: many(CarePlanActivity),
  note: many(Annotation),
}))

export const CarePlanActivity: Schema = object(() => ({
  ...backboneElementMembers(),
  outcomeCodeableConcept: many(CodeableConcept),
  outcomeReference: many(Reference),
  progress: many(Annotation),
  reference: maybe(reference('Appointment', 'CommunicationRequest', 'DeviceRequest', 'MedicationRequest', 'NutritionOrder', 'Task', 'ServiceRequest', 'VisionPrescription', 'RequestGroup')),
  detail: maybe(CarePlanActivityDetail),
}), [invariants['cpl-3']])

export const CarePlanActivityDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  kind: maybe(v.carePlanActivityKind),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  code: maybe(CodeableConcept),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  goal: many(reference('Goal')),
  status: must(v.carePlanActivityStatus),
  statusReason: maybe(CodeableConcept),
  doNotPerform: maybe(p.boolean),
  scheduled: choice({ Timing, Period, String: p.string }),
  location: maybe(reference('Location')),
  performer: many(reference('Practitioner', 'PractitionerRole', 'Organization', 'RelatedPerson', 'Patient', 'CareTeam', 'HealthcareService', 'Device')),
  product: choice({ CodeableConcept, Reference: reference('Medication', 'Substance') }),
  dailyAmount: maybe(simple(Quantity)),
  quantity: maybe(simple(Quantity)),
  description: maybe(p.string),
}))
