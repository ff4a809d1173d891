/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Coding, ContactPoint, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Endpoint: Schema = object(() => ({
  resourceType: resourceType('Endpoint'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.endpointStatus),
  connectionType: must(Coding),
  name: maybe(p.string),
  managingOrganization: maybe(reference('Organization')),
  contact: many(ContactPoint),
  period: maybe(Period),
  payloadType: some(CodeableConcept),
  payloadMimeType: many(p.code),
  address: must(p.url),
  header: many(p.string),
}))
