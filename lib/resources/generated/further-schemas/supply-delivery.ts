/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { coded, simple } from '../../restrictions.ts'
import { choice, many, maybe, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period, Quantity, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const SupplyDelivery: Schema = object(() => ({
  resourceType: resourceType('SupplyDelivery'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(reference('SupplyRequest')),
  partOf: many(reference('SupplyDelivery', 'Contract')),
  status: maybe(v.supplydeliveryStatus),
  patient: maybe(reference('Patient')),
  type: maybe(coded(CodeableConcept, v.supplydeliveryType)),
  suppliedItem: maybe(SupplyDeliverySuppliedItem),
  occurrence: choice({ DateTime: p.dateTime, Period, Timing }),
  supplier: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  destination: maybe(reference('Location')),
  receiver: many(reference('Practitioner', 'PractitionerRole')),
}))

export const SupplyDeliverySuppliedItem: Schema = object(() => ({
  ...backboneElementMembers(),
  quantity: maybe(simple(Quantity)),
  item: choice({ CodeableConcept, Reference: reference('Medication', 'Substance', 'Device') }),
}))
