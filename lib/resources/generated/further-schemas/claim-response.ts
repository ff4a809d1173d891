/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Address, Attachment, CodeableConcept, Identifier, Money, Period, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ClaimResponse: Schema = object(() => ({
  resourceType: resourceType('ClaimResponse'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.fmStatus),
  type: must(CodeableConcept),
  subType: maybe(CodeableConcept),
  use: must(v.claimUse),
  patient: must(reference('Patient')),
  created: must(p.dateTime),
  insurer: must(reference('Organization')),
  requestor: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  request: maybe(reference('Claim')),
  outcome: must(v.remittanceOutcome),
  disposition: maybe(p.string),
  preAuthRef: maybe(p.string),
  preAuthPeriod: maybe(Period),
  payeeType: maybe(CodeableConcept),
  item: many(ClaimResponseItem),
  addItem: many(ClaimResponseAddItem),
  adjudication: many(ClaimResponseItemAdjudication),
  total: many(ClaimResponseTotal),
  payment: maybe(ClaimResponsePayment),
  fundsReserve: maybe(CodeableConcept),
  formCode: maybe(CodeableConcept),
  form: maybe(Attachment),
  processNote: many(ClaimResponseProcessNote),
  communicationRequest: many(reference('CommunicationRequest')),
  insurance: many(ClaimResponseInsurance),
  error: many(ClaimResponseError),
}))

export const ClaimResponseItem: Schema = object(() => ({
  ...backboneElementMembers(),
  itemSequence: must(p.positiveInt),
  noteNumber: many(p.positiveInt),
  adjudication: some(ClaimResponseItemAdjudication),
  detail: many(ClaimResponseItemDetail),
}))

export const ClaimResponseItemAdjudication: Schema = object(() => ({
  ...backboneElementMembers(),
  category: must(CodeableConcept),
  reason: maybe(CodeableConcept),
  amount: maybe(Money),
  value: maybe(p.decimal),
}))

export const ClaimResponseItemDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  detailSequence: must(p.positiveInt),
  noteNumber: many(p.positiveInt),
  adjudication: some(ClaimResponseItemAdjudication),
  subDetail: many(ClaimResponseItemDetailSubDetail),
}))

export const ClaimResponseItemDetailSubDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  subDetailSequence: must(p.positiveInt),
  noteNumber: many(p.positiveInt),
  adjudication: many(ClaimResponseItemAdjudication),
}))

export const ClaimResponseAddItem: Schema = object(() => ({
  ...backboneElementMembers(),
  itemSequence: many(p.positiveInt),
  detailSequence: many(p.positiveInt),
  subdetailSequence: many(p.positiveInt),
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
  adjudication: some(ClaimResponseItemAdjudication),
  detail: many(ClaimResponseAddItemDetail),
}))

export const ClaimResponseAddItemDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  noteNumber: many(p.positiveInt),
  adjudication: some(ClaimResponseItemAdjudication),
  subDetail: many(ClaimResponseAddItemDetailSubDetail),
}))

export const ClaimResponseAddItemDetailSubDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  productOrService: must(CodeableConcept),
  modifier: many(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  unitPrice: maybe(Money),
  factor: maybe(p.decimal),
  net: maybe(Money),
  noteNumber: many(p.positiveInt),
  adjudication: some(ClaimResponseItemAdjudication),
}))

export const ClaimResponseTotal: Schema = object(() => ({
  ...backboneElementMembers(),
  category: must(CodeableConcept),
  amount: must(Money),
}))

export const ClaimResponsePayment: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(CodeableConcept),
  adjustment: maybe(Money),
  adjustmentReason: maybe(CodeableConcept),
  date: maybe(p.date),
  amount: must(Money),
  identifier: maybe(Identifier),
}))

export const ClaimResponseProcessNote: Schema = object(() => ({
  ...backboneElementMembers(),
  number: maybe(p.positiveInt),
  type: maybe(v.noteType),
  text: must(p.string),
  language: maybe(CodeableConcept),
}))

export const ClaimResponseInsurance: Schema = object(() => ({
  ...backboneElementMembers(),
  sequence: must(p.positiveInt),
  focal: must(p.boolean),
  coverage: must(reference('Coverage')),
  businessArrangement: maybe(p.string),
  claimResponse: maybe(reference('ClaimResponse')),
}))

export const ClaimResponseError: Schema = object(() => ({
  ...backboneElementMembers(),
  itemSequence: maybe(p.positiveInt),
  detailSequence: maybe(p.positiveInt),
  subDetailSequence: maybe(p.positiveInt),
  code: must(CodeableConcept),
}))
