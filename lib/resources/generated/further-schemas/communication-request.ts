/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, Attachment, CodeableConcept, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CommunicationRequest: Schema = object(() => ({
  resourceType: resourceType('CommunicationRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(Reference),
  replaces: many(reference('CommunicationRequest')),
  groupIdentifier: maybe(Identifier),
  status: must(v.requestStatus),
  statusReason: maybe(CodeableConcept),
  category: many(CodeableConcept),
  priority: maybe(v.requestPriority),
  doNotPerform: maybe(p.boolean),
  medium: many(CodeableConcept),
  subject: maybe(reference('Patient', 'Group')),
  about: many(Reference),
  encounter: maybe(reference('Encounter')),
  payload: many(CommunicationRequestPayload),
  occurrence: choice({ DateTime: p.dateTime, Period }),
  authoredOn: maybe(p.dateTime),
  requester: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device')),
  recipient: many(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Group', 'CareTeam', 'HealthcareService')),
  sender: maybe(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'HealthcareService')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport', 'DocumentReference')),
  note: many(Annotation),
}))

export const CommunicationRequestPayload: Schema = object(() => ({
  ...backboneElementMembers(),
  content: mustChoose({ String: p.string, Attachment, Reference }),
}))
