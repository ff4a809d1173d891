/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType, some } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const AuditEvent: Schema = object(() => ({
  resourceType: resourceType('AuditEvent'),
  ...domainResourceMembers(),
  type: must(Coding),
  subtype: many(Coding),
  action: maybe(v.auditEventAction),
  period: maybe(Period),
  recorded: must(p.instant),
  outcome: maybe(v.auditEventOutcome),
  outcomeDesc: maybe(p.string),
  purposeOfEvent: many(CodeableConcept),
  agent: some(AuditEventAgent),
  source: must(AuditEventSource),
  entity: many(AuditEventEntity),
}))

export const AuditEventAgent: Schema = object(() => ({
  ...backboneElementMembers(),
  type: maybe(CodeableConcept),
  role: many(CodeableConcept),
  who: maybe(reference('PractitionerRole', 'Practitioner', 'Organization', 'Device', 'Patient', 'RelatedPerson')),
  altId: maybe(p.string),
  name: maybe(p.string),
  requestor: must(p.boolean),
  location: maybe(reference('Location')),
  policy: many(p.uri),
  media: maybe(Coding),
  network: maybe(AuditEventAgentNetwork),
  purposeOfUse: many(CodeableConcept),
}))

export const AuditEventAgentNetwork: Schema = object(() => ({
  ...backboneElementMembers(),
  address: maybe(p.string),
  type: maybe(v.networkType),
}))

export const AuditEventSource: Schema = object(() => ({
  ...backboneElementMembers(),
  site: maybe(p.string),
  observer: must(reference('PractitionerRole', 'Practitioner', 'Organization', 'Device', 'Patient', 'RelatedPerson')),
  type: many(Coding),
}))

export const AuditEventEntity: Schema = object(() => ({
  ...backboneElementMembers(),
  what: maybe(Reference),
  type: maybe(Coding),
  role: maybe(Coding),
  lifecycle: maybe(Coding),
  securityLabel: many(Coding),
  name: maybe(p.string),
  description: maybe(p.string),
  query: maybe(p.base64Binary),
  detail: many(AuditEventEntityDetail),
}), [furtherInvariants['sev-1']])

export const AuditEventEntityDetail: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(p.string),
  value: mustChoose({ String: p.string, Base64Binary: p.base64Binary }),
}))
