/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, CodeableConcept, Coding, ContactPoint, Identifier } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Location: Schema = object(() => ({
  resourceType: resourceType('Location'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: maybe(v.locationStatus),
  operationalStatus: maybe(Coding),
  name: maybe(p.string),
  alias: many(p.string),
  description: maybe(p.string),
  mode: maybe(v.locationMode),
  type: many(CodeableConcept),
  telecom: many(ContactPoint),
  address: maybe(Address),
  physicalType: maybe(CodeableConcept),
  position: maybe(LocationPosition),
  managingOrganization: maybe(reference('Organization')),
  partOf: maybe(reference('Location')),
  hoursOfOperation: many(LocationHoursOfOperation),
  availabilityExceptions: maybe(p.string),
  endpoint: many(reference('Endpoint')),
}))

export const LocationPosition: Schema = object(() => ({
  ...backboneElementMembers(),
  longitude: must(p.decimal),
  latitude: must(p.decimal),
  altitude: maybe(p.decimal),
}))

export const LocationHoursOfOperation: Schema = object(() => ({
  ...backboneElementMembers(),
  daysOfWeek: many(v.daysOfWeek),
  allDay: maybe(p.boolean),
  openingTime: maybe(p.time),
  closingTime: maybe(p.time),
}))
