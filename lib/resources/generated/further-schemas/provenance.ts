/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Period, Reference, Signature } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Provenance: Schema = object(() => ({
  resourceType: resourceType('Provenance'),
  ...domainResourceMembers(),
  target: some(Reference),
  occurred: choice({ Period, DateTime: p.dateTime }),
  recorded: must(p.instant),
  policy: many(p.uri),
  location: maybe(reference('Location')),
  reason: many(CodeableConcept),
  activity: maybe(CodeableConcept),
  agent: some(ProvenanceAgent),
  entity: many(ProvenanceEntity),
  signature: many(Signature),
}))

export const ProvenanceAgent: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  role: many(CodeableConcept),
  who: must(reference('Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Device', 'Organization')),
  onBehalfOf: maybe(reference('Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Device', 'Organization')),
}))

export const ProvenanceEntity: Schema = object(() => ({
  ...backboneElementMembers(),
  role: must(v.provenanceEntityRole),
  what: must(Reference),
  agent: many(ProvenanceAgent),
}))
