/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Quantity, Ratio, Timing } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const NutritionOrder: Schema = object(() => ({
  resourceType: resourceType('NutritionOrder'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiatesCanonical: many(p.canonical),
  instantiatesUri: many(p.uri),
  instantiates: many(p.uri),
  status: must(v.requestStatus),
  intent: must(v.requestIntent),
  patient: must(reference('Patient')),
  encounter: maybe(reference('Encounter')),
  dateTime: must(p.dateTime),
  orderer: maybe(reference('Practitioner', 'PractitionerRole')),
  allergyIntolerance: many(reference('AllergyIntolerance')),
  foodPreferenceModifier: many(CodeableConcept),
  excludeFoodModifier: many(CodeableConcept),
  oralDiet: maybe(NutritionOrderOralDiet),
  supplement: many(NutritionOrderSupplement),
  enteralFormula: maybe(NutritionOrderEnteralFormula),
  note: many(Annotation),
}))

export const NutritionOrderOralDiet: Schema = object(() => ({
  ...backboneElementMembers(),
  type: many(CodeableConcept),
  schedule: many(Timing),
  nutrient: many(NutritionOrderOralDietNutrient),
  texture: many(NutritionOrderOralDietTexture),
  fluidConsistencyType: many(CodeableConcept),
  instruction: maybe(p.string),
}))

export const NutritionOrderOralDietNutrient: Schema = object(() => ({
  ...backboneElementMembers(),
  modifier: maybe(CodeableConcept),
  amount: maybe(simple(Quantity)),
}))

export const NutritionOrderOralDietTexture: Schema = object(() => ({
  ...backboneElementMembers(),
  modifier: maybe(CodeableConcept),
  foodType: maybe(CodeableConcept),
}))

export const NutritionOrderSupplement: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  productName: maybe(p.string),
  schedule: many(Timing),
  quantity: maybe(simple(Quantity)),
  instruction: maybe(p.string),
}))

export const NutritionOrderEnteralFormula: Schema = object(() => ({
  ...backboneElementMembers(),
  baseFormulaType: maybe(CodeableConcept),
  baseFormulaProductName: maybe(p.string),
  additiveType: maybe(CodeableConcept),
  additiveProductName: maybe(p.string),
  caloricDensity: maybe(simple(Quantity)),
  routeofAdministration: maybe(CodeableConcept),
  administration: many(NutritionOrderEnteralFormulaAdministration),
  maxVolumeToDeliver: maybe(simple(Quantity)),
  administrationInstruction: maybe(p.string),
}))

export const NutritionOrderEnteralFormulaAdministration: Schema = object(() => ({
  ...backboneElementMembers(),
  schedule: maybe(Timing),
  quantity: maybe(simple(Quantity)),
  rate: choice({ Quantity: simple(Quantity), Ratio }),
}))
