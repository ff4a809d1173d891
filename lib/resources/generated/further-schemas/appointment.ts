/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Appointment: Schema = object(() => ({
  resourceType: resourceType('Appointment'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.appointmentstatus),
  cancelationReason: maybe(CodeableConcept),
  serviceCategory: many(CodeableConcept),
  serviceType: many(CodeableConcept),
  specialty: many(CodeableConcept),
  appointmentType: maybe(CodeableConcept),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Procedure', 'Observation', 'ImmunizationRecommendation')),
  priority: maybe(p.unsignedInt),
  description: maybe(p.string),
  supportingInformation: many(Reference),
  start: maybe(p.instant),
  end: maybe(p.instant),
  minutesDuration: maybe(p.positiveInt),
  slot: many(reference('Slot')),
  created: maybe(p.dateTime),
  comment: maybe(p.string),
  patientInstruction: maybe(p.string),
  basedOn: many(reference('ServiceRequest')),
  participant: some(AppointmentParticipant),
  requestedPeriod: many(Period),
}), [furtherInvariants['app-2'], furtherInvariants['app-3'], furtherInvariants['app-4']])

export const AppointmentParticipant: Schema = object(() => ({
  ...backboneElementMembers(),
  type: many(CodeableConcept),
  actor: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Device', 'HealthcareService', 'Location')),
  required: maybe(v.participantrequired),
  status: must(v.participationstatus),
  period: maybe(Period),
}), [furtherInvariants['app-1']])
