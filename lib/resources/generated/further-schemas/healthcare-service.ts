/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Attachment, CodeableConcept, ContactPoint, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const HealthcareService: Schema = object(() => ({
  resourceType: resourceType('HealthcareService'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  providedBy: maybe(reference('Organization')),
  category: many(CodeableConcept),
  type: many(CodeableConcept),
  specialty: many(CodeableConcept),
  location: many(reference('Location')),
  name: maybe(p.string),
  comment: maybe(p.string),
  extraDetails: maybe(p.markdown),
  photo: maybe(Attachment),
  telecom: many(ContactPoint),
  coverageArea: many(reference('Location')),
  serviceProvisionCode: many(CodeableConcept),
  eligibility: many(HealthcareServiceEligibility),
  program: many(CodeableConcept),
  characteristic: many(CodeableConcept),
  communication: many(CodeableConcept),
  referralMethod: many(CodeableConcept),
  appointmentRequired: maybe(p.boolean),
  availableTime: many(HealthcareServiceAvailableTime),
  notAvailable: many(HealthcareServiceNotAvailable),
  availabilityExceptions: maybe(p.string),
  endpoint: many(reference('Endpoint')),
}))

export const HealthcareServiceEligibility: Schema = object(() => ({
  ...backboneElementMembers(),
  code: maybe(CodeableConcept),
  comment: maybe(p.markdown),
}))

export const HealthcareServiceAvailableTime: Schema = object(() => ({
  ...backboneElementMembers(),
  daysOfWeek: many(v.daysOfWeek),
  allDay: maybe(p.boolean),
  availableStartTime: maybe(p.time),
  availableEndTime: maybe(p.time),
}))

export const HealthcareServiceNotAvailable: Schema = object(() => ({
  ...backboneElementMembers(),
  description: must(p.string),
  during: maybe(Period),
}))
