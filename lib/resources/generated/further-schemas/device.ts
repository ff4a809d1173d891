/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, ContactPoint, Identifier, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Device: Schema = object(() => ({
  resourceType: resourceType('Device'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  definition: maybe(reference('DeviceDefinition')),
  udiCarrier: many(DeviceUdiCarrier),
  status: maybe(v.deviceStatus),
  statusReason: many(CodeableConcept),
  distinctIdentifier: maybe(p.string),
  manufacturer: maybe(p.string),
  manufactureDate: maybe(p.dateTime),
  expirationDate: maybe(p.dateTime),
  lotNumber: maybe(p.string),
  serialNumber: maybe(p.string),
  deviceName: many(DeviceDeviceName),
  modelNumber: maybe(p.string),
  partNumber: maybe(p.string),
  type: maybe(CodeableConcept),
  specialization: many(DeviceSpecialization),
  version: many(DeviceVersion),
  property: many(DeviceProperty),
  patient: maybe(reference('Patient')),
  owner: maybe(reference('Organization')),
  contact: many(ContactPoint),
  location: maybe(reference('Location')),
  url: maybe(p.uri),
  note: many(Annotation),
  safety: many(CodeableConcept),
  parent: maybe(reference('Device')),
}))

export const DeviceUdiCarrier: Schema = object(() => ({
  ...backboneElementMembers(),
  deviceIdentifier: maybe(p.string),
  issuer: maybe(p.uri),
  jurisdiction: maybe(p.uri),
  carrierAIDC: maybe(p.base64Binary),
  carrierHRF: maybe(p.string),
  entryType: maybe(v.udiEntryType),
}))

export const DeviceDeviceName: Schema = object(() => ({
  ...backboneElementMembers(),
  name: must(p.string),
  type: must(v.deviceNametype),
}))

export const DeviceSpecialization: Schema = object(() => ({
  ...backboneElementMembers(),
  systemType: must(CodeableConcept),
  version: maybe(p.string),
}))

export const DeviceVersion: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  component: maybe(Identifier),
  value: must(p.string),
}))

export const DeviceProperty: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  valueQuantity: many(Quantity),
  valueCode: many(CodeableConcept),
}))
