/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Identifier } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const AppointmentResponse: Schema = object(() => ({
  resourceType: resourceType('AppointmentResponse'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  appointment: must(reference('Appointment')),
  start: maybe(p.instant),
  end: maybe(p.instant),
  participantType: many(CodeableConcept),
  actor: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Device', 'HealthcareService', 'Location')),
  participantStatus: must(v.participationstatus),
  comment: maybe(p.string),
}), [furtherInvariants['apr-1']])
