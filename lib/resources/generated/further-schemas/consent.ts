/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Attachment, CodeableConcept, Coding, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Consent: Schema = object(() => ({
  resourceType: resourceType('Consent'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.consentStateCodes),
  scope: must(CodeableConcept),
  category: some(CodeableConcept),
  patient: maybe(reference('Patient')),
  dateTime: maybe(p.dateTime),
  performer: many(reference('Organization', 'Patient', 'Practitioner', 'RelatedPerson', 'PractitionerRole')),
  organization: many(reference('Organization')),
  source: choice({ Attachment, Reference: reference('Consent', 'DocumentReference', 'Contract', 'QuestionnaireResponse') }),
  policy: many(ConsentPolicy),
  policyRule: maybe(CodeableConcept),
  verification: many(ConsentVerification),
  provision: maybe(ConsentProvision),
}), [furtherInvariants['ppc-1']])

export const ConsentPolicy: Schema = object(() => ({
  ...backboneElementMembers(),
  authority: maybe(p.uri),
  uri: maybe(p.uri),
}))

export const ConsentVerification: Schema = object(() => ({
  ...backboneElementMembers(),
  verified: must(p.boolean),
  verifiedWith: maybe(reference('Patient', 'RelatedPerson')),
  verificationDate: maybe(p.dateTime),
}))

export const ConsentProvision: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(v.consentProvisionType),
  period: maybe(Period),
  actor: many(ConsentProvisionActor),
  action: many(CodeableConcept),
  securityLabel: many(Coding),
  purpose: many(Coding),
  class: many(Coding),
  code: many(CodeableConcept),
  dataPeriod: maybe(Period),
  data: many(ConsentProvisionData),
  provision: many(ConsentProvision),
}))

export const ConsentProvisionActor: Schema = object(() => ({
  ...backboneElementMembers(),
  role: must(CodeableConcept),
  reference: must(reference('Device', 'Group', 'CareTeam', 'Organization', 'Patient', 'Practitioner', 'RelatedPerson', 'PractitionerRole')),
}))

export const ConsentProvisionData: Schema = object(() => ({
  ...backboneElementMembers(),
  meaning: must(v.consentDataMeaning),
  reference: must(Reference),
}))
