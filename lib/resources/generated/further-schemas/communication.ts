/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, Attachment, CodeableConcept, Identifier, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Communication: Schema = object(() => ({
  resourceType: resourceType('Communication'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  basedOn: many(Reference),
  partOf: many(Reference),
  inResponseTo: many(reference('Communication')),
  status: must(v.eventStatus),
  statusReason: maybe(CodeableConcept),
  category: many(CodeableConcept),
  priority: maybe(v.requestPriority),
  medium: many(CodeableConcept),
  subject: maybe(reference('Patient', 'Group')),
  topic: maybe(CodeableConcept),
  about: many(Reference),
  encounter: maybe(reference('Encounter')),
  sent: maybe(p.dateTime),
  received: maybe(p.dateTime),
  recipient: many(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Group', 'CareTeam', 'HealthcareService')),
  sender: maybe(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'HealthcareService')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  payload: many(CommunicationPayload),
  note: many(Annotation),
}))

export const CommunicationPayload: Schema = object(() => ({
  ...backboneElementMembers(),
  content: mustChoose({ String: p.string, Attachment, Reference }),
}))
