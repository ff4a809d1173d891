/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, ContactPoint, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const PractitionerRole: Schema = object(() => ({
  resourceType: resourceType('PractitionerRole'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  period: maybe(Period),
  practitioner: maybe(reference('Practitioner')),
  organization: maybe(reference('Organization')),
  code: many(CodeableConcept),
  specialty: many(CodeableConcept),
  location: many(reference('Location')),
  healthcareService: many(reference('HealthcareService')),
  telecom: many(ContactPoint),
  availableTime: many(PractitionerRoleAvailableTime),
  notAvailable: many(PractitionerRoleNotAvailable),
  availabilityExceptions: maybe(p.string),
  endpoint: many(reference('Endpoint')),
}))

export const PractitionerRoleAvailableTime: Schema = object(() => ({
  ...backboneElementMembers(),
  daysOfWeek: many(v.daysOfWeek),
  allDay: maybe(p.boolean),
  availableStartTime: maybe(p.time),
  availableEndTime: maybe(p.time),
}))

export const PractitionerRoleNotAvailable: Schema = object(() => ({
  ...backboneElementMembers(),
  description: must(p.string),
  during: maybe(Period),
}))
