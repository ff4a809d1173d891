/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Age, Annotation, CodeableConcept, Identifier, Period, Range } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Procedure: Schema = object(() => ({
  resourceType: resourceType('Procedure'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(reference('CarePlan', 'ServiceRequest')),
  partOf: many(reference('Procedure', 'Observation', 'MedicationAdministration')),
  status: must(v.eventStatus),
  statusReason: maybe(CodeableConcept),
  category: maybe(CodeableConcept),
  code: maybe(CodeableConcept),
  subject: must(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  performed: choice({ DateTime: p.dateTime, Period, String: p.string, Age, Range }),
  recorder: maybe(reference('Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole')),
  asserter: maybe(reference('Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole')),
  performer: many(ProcedurePerformer),
  location: maybe(reference('Location')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'Procedure', 'DiagnosticReport', 'DocumentReference')),
  bodySite: many(CodeableConcept),
  outcome: maybe(CodeableConcept),
  report: many(reference('DiagnosticReport', 'DocumentReference', 'Composition')),
  complication: many(CodeableConcept),
  complicationDetail: many(reference('Condition')),
  followUp: many(CodeableConcept),
  note: many(Annotation),
  focalDevice: many(ProcedureFocalDevice),
  usedReference: many(reference('Device', 'Medication', 'Substance')),
  usedCode: many(CodeableConcept),
}))

export const ProcedurePerformer: Schema = object(() => ({
  ...backboneElementMembers(),
  function: maybe(CodeableConcept),
  actor: must(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device')),
  onBehalfOf: maybe(reference('Organization')),
}))

export const ProcedureFocalDevice: Schema = object(() => ({
  ...backboneElementMembers(),
  action: maybe(CodeableConcept),
  manipulated: must(reference('Device')),
}))
