/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Identifier } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Slot: Schema = object(() => ({
  resourceType: resourceType('Slot'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  serviceCategory: many(CodeableConcept),
  serviceType: many(CodeableConcept),
  specialty: many(CodeableConcept),
  appointmentType: maybe(CodeableConcept),
  schedule: must(reference('Schedule')),
  status: must(v.slotstatus),
  start: must(p.instant),
  end: must(p.instant),
  overbooked: maybe(p.boolean),
  comment: maybe(p.string),
}))
