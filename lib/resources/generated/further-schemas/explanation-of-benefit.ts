/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, Coding, Identifier, Money, Period, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ExplanationOfBenefit: Schema = object(() => ({
  resourceType: resourceType('ExplanationOfBenefit'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.explanationofbenefitStatus),
  type: must(CodeableConcept),
  subType: maybe(CodeableConcept),
  use: must(v.claimUse),
  patient: must(reference('Patient')),
  billablePeriod: maybe(Period),
  created: must(p.dateTime),
  enterer: maybe(reference('Practitioner', 'PractitionerRole')),
  insurer: must(reference('Organization')),
  provider: must(reference('Practitioner', 'PractitionerRole', 'Organization')),
  priority: maybe(CodeableConcept),
  fundsReserveRequested: maybe(CodeableConcept),
  fundsReserve: maybe(CodeableConcept),
  related: many(ExplanationOfBenefitRelated),
  prescription: maybe(reference('MedicationRequest', 'VisionPrescription')),
  originalPrescription: maybe(reference('MedicationRequest')),
  payee: maybe(ExplanationOfBenefitPayee),
  referral: maybe(reference('ServiceRequest')),
  facility: maybe(reference('Location')),
  claim: maybe(reference('Claim')),
  claimResponse: maybe(reference('ClaimResponse')),
  outcome: must(v.remittanceOutcome),
  disposition: maybe(p.string),
  preAuthRef: many(p.string),
  preAuthRefPeriod: many(Period),
  careTeam: many(ExplanationOfBenefitCareTeam),
  supportingInfo: many(ExplanationOfBenefitSupportingInfo),
  diagnosis: many(ExplanationOfBenefitDiagnosis),
  procedure: many(ExplanationOfBenefitProcedure),
  precedence: maybe(p.positiveInt),
  insurance: some(ExplanationOfBenefitInsurance),
  accident: maybe(ExplanationOfBenefitAccident),
  item: many(ExplanationOfBenefitItem),
  addItem: many(ExplanationOfBenefitAddItem),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
  total: many(ExplanationOfBenefitTotal),
  payment: maybe(ExplanationOfBenefitPayment),
  formCode: maybe(CodeableConcept),
  form: maybe(Attachment),
  processNote: many(ExplanationOfBenefitProcessNote),
  benefitPeriod: maybe(Period),
  benefitBalance: many(ExplanationOfBenefitBenefitBalance),
}))

export const ExplanationOfBenefitRelated: Schema = object(() => ({
  ...backboneElementMembers(),
  claim: maybe(reference('Claim')),
  relationship: maybe(CodeableConcept),
  reference: maybe(Identifier),
}))

export const ExplanationOfBenefitPayee: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  party: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson')),
}))

export const ExplanationOfBenefitCareTeam: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  provider: must(reference('Practitioner', 'PractitionerRole', 'Organization')),
  responsible: maybe(p.boolean),
  role: maybe(CodeableConcept),
  qualification: maybe(CodeableConcept),
}))

export const ExplanationOfBenefitSupportingInfo: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  category: must(CodeableConcept),
  code: maybe(CodeableConcept),
  timing: choice({ Date: p.date, Period }),
  value: choice({ Boolean: p.boolean, String: p.string, Quantity, Attachment, Reference }),
  reason: maybe(Coding),
}))

export const ExplanationOfBenefitDiagnosis: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  diagnosis: mustChoose({ CodeableConcept, Reference: reference('Condition') }),
  type: many(CodeableConcept),
  onAdmission: maybe(CodeableConcept),
  packageCode: maybe(CodeableConcept),
}))

export const ExplanationOfBenefitProcedure: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  type: many(CodeableConcept),
  date: maybe(p.dateTime),
  procedure: mustChoose({ CodeableConcept, Reference: reference('Procedure') }),
  udi: many(reference('Device')),
}))

export const ExplanationOfBenefitInsurance: Schema = object(() => ({
  ...backboneElementMembers(),
  focal: must(p.boolean),
  coverage: must(reference('Coverage')),
  preAuthRef: many(p.string),
}))

export const ExplanationOfBenefitAccident: Schema = object(() => ({
  ...backboneElementMembers(),
  date: maybe(p.date),
  type: maybe(CodeableConcept),
  location: choice({ Address, Reference: reference('Location') }),
}))

export const ExplanationOfBenefitItem: Schema = object(() => ({
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
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
  detail: many(ExplanationOfBenefitItemDetail),
}))

export const ExplanationOfBenefitItemAdjudication: Schema = object(() => ({
  ...backboneElementMembers(),
  category: must(CodeableConcept),
  reason: maybe(CodeableConcept),
  amount: maybe(Money),
  value: maybe(p.decimal),
}))

export const ExplanationOfBenefitItemDetail: Schema = object(() => ({
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
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
  subDetail: many(ExplanationOfBenefitItemDetailSubDetail),
}))

export const ExplanationOfBenefitItemDetailSubDetail: Schema = object(() => ({
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
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
}))

export const ExplanationOfBenefitAddItem: Schema = object(() => ({
  ...backboneElementMembers(),
  itemSequence: many(p.positiveInt),
  detailSequence: many(p.positiveInt),
  subDetailSequence: many(p.positiveInt),
  provider: many(reference('Practitioner', 'PractitionerRole', 'Organization')),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  programCode: many(CodeableConcept),
  serviced: choice({ Date: p.date, Period }),
  location: choice({ CodeableConcept, Address, Reference: reference('Location') }),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  bodySite: maybe(CodeableConcept),
  subSite: many(CodeableConcept),
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
  detail: many(ExplanationOfBenefitAddItemDetail),
}))

export const ExplanationOfBenefitAddItemDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
  subDetail: many(ExplanationOfBenefitAddItemDetailSubDetail),
}))

export const ExplanationOfBenefitAddItemDetailSubDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  noteNumber: many(p.positiveInt),
  adjudication: many(ExplanationOfBenefitItemAdjudication),
}))

export const ExplanationOfBenefitTotal: Schema = object(() => ({
  ...backboneElementMembers(),
  category: must(CodeableConcept),
  amount: must(Money),
}))

export const ExplanationOfBenefitPayment: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  adjustment: maybe(Money),
  adjustmentReason: maybe(CodeableConcept),
  date: maybe(p.date),
  amount: maybe(Money),
  identifier: maybe(Identifier),
}))

export const ExplanationOfBenefitProcessNote: Schema = object(() => ({
  ...backboneElementMembers(),
  number: maybe(p.positiveInt),
  type: maybe(v.noteType),
  text: maybe(p.string),
  language: maybe(CodeableConcept),
}))

export const ExplanationOfBenefitBenefitBalance: Schema = object(() => ({
  ...backboneElementMembers(),
  category: must(CodeableConcept),
  excluded: maybe(p.boolean),
  name: maybe(p.string),
  description: maybe(p.string),
  network: maybe(CodeableConcept),
  unit: maybe(CodeableConcept),
  term: maybe(CodeableConcept),
  financial: many(ExplanationOfBenefitBenefitBalanceFinancial),
}))

export const ExplanationOfBenefitBenefitBalanceFinancial: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  allowed: choice({ UnsignedInt: p.unsignedInt, String: p.string, Money }),
  used: choice({ UnsignedInt: p.unsignedInt, Money }),
}))
