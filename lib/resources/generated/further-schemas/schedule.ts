/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, resourceType, some } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Identifier, Period } from '../schemas/datatypes.ts'

export const Schedule: Schema = object(() => ({
  resourceType: resourceType('Schedule'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  active: maybe(p.boolean),
  serviceCategory: many(CodeableConcept),
  serviceType: many(CodeableConcept),
  specialty: many(CodeableConcept),
  actor: some(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Device', 'HealthcareService', 'Location')),
  planningHorizon: maybe(Period),
  comment: maybe(p.string),
}))
