/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Quantity, Range, Reference, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const DeviceRequest: Schema = object(() => ({
  resourceType: resourceType('DeviceRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(Reference),
  priorRequest: many(Reference),
  groupIdentifier: maybe(Identifier),
  status: maybe(v.requestStatus),
  intent: must(v.requestIntent),
  priority: maybe(v.requestPriority),
  code: mustChoose({ Reference: reference('Device'), CodeableConcept }),
  parameter: many(DeviceRequestParameter),
  subject: must(reference('Patient', 'Group', 'Location', 'Device')),
  encounter: maybe(reference('Encounter')),
  occurrence: choice({ DateTime: p.dateTime, Period, Timing }),
  authoredOn: maybe(p.dateTime),
  requester: maybe(reference('Device', 'Practitioner', 'PractitionerRole', 'Organization')),
  performerType: maybe(CodeableConcept),
  performer: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'HealthcareService', 'Patient', 'Device', 'RelatedPerson')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  insurance: many(reference('Coverage', 'ClaimResponse')),
  supportingInfo: many(Reference),
  note: many(Annotation),
  relevantHistory: many(reference('Provenance')),
}))

export const DeviceRequestParameter: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  value: choice({ CodeableConcept, Quantity, Range, Boolean: p.boolean }),
}))
