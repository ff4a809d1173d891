/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Money, Period, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CoverageEligibilityRequest: Schema = object(() => ({
  resourceType: resourceType('CoverageEligibilityRequest'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.fmStatus),
  priority: maybe(CodeableConcept),
  purpose: some(v.eligibilityrequestPurpose),
  patient: must(reference('Patient')),
  serviced: choice({ Date: p.date, Period }),
  created: must(p.dateTime),
  enterer: maybe(reference('Practitioner', 'PractitionerRole')),
  provider: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  insurer: must(reference('Organization')),
  facility: maybe(reference('Location')),
  supportingInfo: many(CoverageEligibilityRequestSupportingInfo),
  insurance: many(CoverageEligibilityRequestInsurance),
  item: many(CoverageEligibilityRequestItem),
}))

export const CoverageEligibilityRequestSupportingInfo: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  information: must(Reference),
  appliesToAll: maybe(p.boolean),
}))

export const CoverageEligibilityRequestInsurance: Schema = object(() => ({
  ...backboneElementMembers(),
  focal: maybe(p.boolean),
  coverage: must(reference('Coverage')),
  businessArrangement: maybe(p.string),
}))

export const CoverageEligibilityRequestItem: Schema = object(() => ({
  ...backboneElementMembers(),
  supportingInfoSequence: many(p.positiveInt),
  category: maybe(CodeableConcept),
  productOrService: maybe(CodeableConcept),
  modifier: many(CodeableConcept),
  provider: maybe(reference('Practitioner', 'PractitionerRole')),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  facility: maybe(reference('Location', 'Organization')),
  diagnosis: many(CoverageEligibilityRequestItemDiagnosis),
  detail: many(Reference),
}))

export const CoverageEligibilityRequestItemDiagnosis: Schema = object(() => ({
  ...backboneElementMembers(),
  diagnosis: choice({ CodeableConcept, Reference: reference('Condition') }),
}))
