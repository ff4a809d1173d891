/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Ratio } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Medication: Schema = object(() => ({
  resourceType: resourceType('Medication'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  code: maybe(CodeableConcept),
  status: maybe(v.medicationStatus),
  manufacturer: maybe(reference('Organization')),
  form: maybe(CodeableConcept),
  amount: maybe(Ratio),
  ingredient: many(MedicationIngredient),
  batch: maybe(MedicationBatch),
}))

export const MedicationIngredient: Schema = object(() => ({
  ...backboneElementMembers(),
  item: mustChoose({ CodeableConcept, Reference: reference('Substance', 'Medication') }),
  isActive: maybe(p.boolean),
  strength: maybe(Ratio),
}))

export const MedicationBatch: Schema = object(() => ({
  ...backboneElementMembers(),
  lotNumber: maybe(p.string),
  expirationDate: maybe(p.dateTime),
}))
