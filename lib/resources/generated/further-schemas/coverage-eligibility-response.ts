/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Money, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CoverageEligibilityResponse: Schema = object(() => ({
  resourceType: resourceType('CoverageEligibilityResponse'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.fmStatus),
  purpose: some(v.eligibilityresponsePurpose),
  patient: must(reference('Patient')),
  serviced: choice({ Date: p.date, Period }),
  created: must(p.dateTime),
  requestor: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  request: must(reference('CoverageEligibilityRequest')),
  outcome: must(v.remittanceOutcome),
  disposition: maybe(p.string),
  insurer: must(reference('Organization')),
  insurance: many(CoverageEligibilityResponseInsurance),
  preAuthRef: maybe(p.string),
  form: maybe(CodeableConcept),
  error: many(CoverageEligibilityResponseError),
}))

export const CoverageEligibilityResponseInsurance: Schema = object(() => ({
  ...backboneElementMembers(),
  coverage: must(reference('Coverage')),
  inforce: maybe(p.boolean),
  benefitPeriod: maybe(Period),
  item: many(CoverageEligibilityResponseInsuranceItem),
}))

export const CoverageEligibilityResponseInsuranceItem: Schema = object(() => ({
  ...backboneElementMembers(),
  category: maybe(CodeableConcept),
  productOrService: maybe(CodeableConcept),
  modifier: many(CodeableConcept),
  provider: maybe(reference('Practitioner', 'PractitionerRole')),
  excluded: maybe(p.boolean),
  name: maybe(p.string),
  description: maybe(p.string),
  network: maybe(CodeableConcept),
  unit: maybe(CodeableConcept),
  term: maybe(CodeableConcept),
  benefit: many(CoverageEligibilityResponseInsuranceItemBenefit),
  authorizationRequired: maybe(p.boolean),
  authorizationSupporting: many(CodeableConcept),
  authorizationUrl: maybe(p.uri),
}), [furtherInvariants['ces-1']])

export const CoverageEligibilityResponseInsuranceItemBenefit: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  allowed: choice({ UnsignedInt: p.unsignedInt, String: p.string, Money }),
  used: choice({ UnsignedInt: p.unsignedInt, String: p.string, Money }),
}))

export const CoverageEligibilityResponseError: Schema = object(() => ({
  ...backboneElementMembers(),
  code: must(CodeableConcept),
}))
