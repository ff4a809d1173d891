/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Flag: Schema = object(() => ({
  resourceType: resourceType('Flag'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.flagStatus),
  category: many(CodeableConcept),
  code: must(CodeableConcept),
  subject: must(reference('Patient', 'Location', 'Group', 'Organization', 'Practitioner', 'PlanDefinition', 'Medication', 'Procedure')),
  period: maybe(Period),
  encounter: maybe(reference('Encounter')),
  author: maybe(reference('Device', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole')),
}))
