/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, Identifier, Money, Period, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Claim: Schema = object(() => ({
  resourceType: resourceType('Claim'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.fmStatus),
  type: must(CodeableConcept),
  subType: maybe(CodeableConcept),
  use: must(v.claimUse),
  patient: must(reference('Patient')),
  billablePeriod: maybe(Period),
  created: must(p.dateTime),
  enterer: maybe(reference('Practitioner', 'PractitionerRole')),
  insurer: maybe(reference('Organization')),
  provider: must(reference('Practitioner', 'PractitionerRole', 'Organization')),
  priority: must(CodeableConcept),
  fundsReserve: maybe(CodeableConcept),
  related: many(ClaimRelated),
  prescription: maybe(reference('DeviceRequest', 'MedicationRequest', 'VisionPrescription')),
  originalPrescription: maybe(reference('DeviceRequest', 'MedicationRequest', 'VisionPrescription')),
  payee: maybe(ClaimPayee),
  referral: maybe(reference('ServiceRequest')),
  facility: maybe(reference('Location')),
  careTeam: many(ClaimCareTeam),
  supportingInfo: many(ClaimSupportingInfo),
  diagnosis: many(ClaimDiagnosis),
  procedure: many(ClaimProcedure),
  insurance: some(ClaimInsurance),
  accident: maybe(ClaimAccident),
  item: many(ClaimItem),
  total: maybe(Money),
}))

export const ClaimRelated: Schema = object(() => ({
  ...backboneElementMembers(),
  claim: maybe(reference('Claim')),
  relationship: maybe(CodeableConcept),
  reference: maybe(Identifier),
}))

export const ClaimPayee: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  party: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson')),
}))

export const ClaimCareTeam: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  provider: must(reference('Practitioner', 'PractitionerRole', 'Organization')),
  responsible: maybe(p.boolean),
  role: maybe(CodeableConcept),
  qualification: maybe(CodeableConcept),
}))

export const ClaimSupportingInfo: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  category: must(CodeableConcept),
  code: maybe(CodeableConcept),
  timing: choice({ Date: p.date, Period }),
  value: choice({ Boolean: p.boolean, String: p.string, Quantity, Attachment, Reference }),
  reason: maybe(CodeableConcept),
}))

export const ClaimDiagnosis: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  diagnosis: mustChoose({ CodeableConcept, Reference: reference('Condition') }),
  type: many(CodeableConcept),
  onAdmission: maybe(CodeableConcept),
  packageCode: maybe(CodeableConcept),
}))

export const ClaimProcedure: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  type: many(CodeableConcept),
  date: maybe(p.dateTime),
  procedure: mustChoose({ CodeableConcept, Reference: reference('Procedure') }),
  udi: many(reference('Device')),
}))

export const ClaimInsurance: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  focal: must(p.boolean),
  identifier: maybe(Identifier),
  coverage: must(reference('Coverage')),
  businessArrangement: maybe(p.string),
  preAuthRef: many(p.string),
  claimResponse: maybe(reference('ClaimResponse')),
}))

export const ClaimAccident: Schema = object(() => ({
  ...backboneElementMembers(),
  date: must(p.date),
  type: maybe(CodeableConcept),
  location: choice({ Address, Reference: reference('Location') }),
}))

export const ClaimItem: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  careTeamSequence: many(p.positiveInt),
  diagnosisSequence: many(p.positiveInt),
  procedureSequence: many(p.positiveInt),
  informationSequence: many(p.positiveInt),
  revenue: maybe(CodeableConcept),
  category: maybe(CodeableConcept),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  programCode: many(CodeableConcept),
  serviced: choice({ Date: p.date, Period }),
  location: choice({ CodeableConcept, Address, Reference: reference('Location') }),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  udi: many(reference('Device')),
  bodySite: maybe(CodeableConcept),
  subSite: many(CodeableConcept),
  encounter: many(reference('Encounter')),
  detail: many(ClaimItemDetail),
}))

export const ClaimItemDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  revenue: maybe(CodeableConcept),
  category: maybe(CodeableConcept),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  programCode: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  udi: many(reference('Device')),
  subDetail: many(ClaimItemDetailSubDetail),
}))

export const ClaimItemDetailSubDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  revenue: maybe(CodeableConcept),
  category: maybe(CodeableConcept),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  programCode: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  udi: many(reference('Device')),
}))
