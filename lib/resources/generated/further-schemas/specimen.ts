/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Duration, Identifier, Period, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Specimen: Schema = object(() => ({
  resourceType: resourceType('Specimen'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  accessionIdentifier: maybe(Identifier),
  status: maybe(v.specimenStatus),
  type: maybe(CodeableConcept),
  subject: maybe(reference('Patient', 'Group', 'Device', 'Substance', 'Location')),
  receivedTime: maybe(p.dateTime),
  parent: many(reference('Specimen')),
  request: many(reference('ServiceRequest')),
  collection: maybe(SpecimenCollection),
  processing: many(SpecimenProcessing),
  container: many(SpecimenContainer),
  condition: many(CodeableConcept),
  note: many(Annotation),
}))

export const SpecimenCollection: Schema = object(() => ({
  ...backboneElementMembers(),
  collector: maybe(reference('Practitioner', 'PractitionerRole')),
  collected: choice({ DateTime: p.dateTime, Period }),
  duration: maybe(Duration),
  quantity: maybe(simple(Quantity)),
  method: maybe(CodeableConcept),
  bodySite: maybe(CodeableConcept),
  fastingStatus: choice({ CodeableConcept, Duration }),
}))

export const SpecimenProcessing: Schema = object(() => ({
  ...backboneElementMembers(),
  description: maybe(p.string),
  procedure: maybe(CodeableConcept),
  additive: many(reference('Substance')),
  time: choice({ DateTime: p.dateTime, Period }),
}))

export const SpecimenContainer: Schema = object(() => ({
  ...backboneElementMembers(),
  identifier: many(Identifier),
  description: maybe(p.string),
  type: maybe(CodeableConcept),
  capacity: maybe(simple(Quantity)),
  specimenQuantity: maybe(simple(Quantity)),
  additive: choice({ CodeableConcept, Reference: reference('Substance') }),
}))
