/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Money, Period, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Coverage: Schema = object(() => ({
  resourceType: resourceType('Coverage'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.fmStatus),
  type: maybe(CodeableConcept),
  policyHolder: maybe(reference('Patient', 'RelatedPerson', 'Organization')),
  subscriber: maybe(reference('Patient', 'RelatedPerson')),
  subscriberId: maybe(p.string),
  beneficiary: must(reference('Patient')),
  dependent: maybe(p.string),
  relationship: maybe(CodeableConcept),
  period: maybe(Period),
  payor: some(reference('Organization', 'Patient', 'RelatedPerson')),
  class: many(CoverageClass),
  order: maybe(p.positiveInt),
  network: maybe(p.string),
  costToBeneficiary: many(CoverageCostToBeneficiary),
  subrogation: maybe(p.boolean),
  contract: many(reference('Contract')),
}))

export const CoverageClass: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  value: must(p.string),
  name: maybe(p.string),
}))

export const CoverageCostToBeneficiary: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  value: mustChoose({ Quantity: simple(Quantity), Money }),
  exception: many(CoverageCostToBeneficiaryException),
}))

export const CoverageCostToBeneficiaryException: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  period: maybe(Period),
}))
