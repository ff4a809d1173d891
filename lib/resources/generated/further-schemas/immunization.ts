/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Quantity } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Immunization: Schema = object(() => ({
  resourceType: resourceType('Immunization'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.immunizationStatus),
  statusReason: maybe(CodeableConcept),
  vaccineCode: must(CodeableConcept),
  patient: must(reference('Patient')),
  encounter: maybe(reference('Encounter')),
  occurrence: mustChoose({ DateTime: p.dateTime, String: p.string }),
  recorded: maybe(p.dateTime),
  primarySource: maybe(p.boolean),
  reportOrigin: maybe(CodeableConcept),
  location: maybe(reference('Location')),
  manufacturer: maybe(reference('Organization')),
  lotNumber: maybe(p.string),
  expirationDate: maybe(p.date),
  site: maybe(CodeableConcept),
  route: maybe(CodeableConcept),
  doseQuantity: maybe(simple(Quantity)),
  performer: many(ImmunizationPerformer),
  note: many(Annotation),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport')),
  isSubpotent: maybe(p.boolean),
  subpotentReason: many(CodeableConcept),
  education: many(ImmunizationEducation),
  programEligibility: many(CodeableConcept),
  fundingSource: maybe(CodeableConcept),
  reaction: many(ImmunizationReaction),
  protocolApplied: many(ImmunizationProtocolApplied),
}))

export const ImmunizationPerformer: Schema = object(() => ({
  ...backboneElementMembers(),
  function: maybe(CodeableConcept),
  actor: must(reference('Practitioner', 'PractitionerRole', 'Organization')),
}))

export const ImmunizationEducation: Schema = object(() => ({
  ...backboneElementMembers(),
  documentType: maybe(p.string),
  reference: maybe(p.uri),
  publicationDate: maybe(p.dateTime),
  presentationDate: maybe(p.dateTime),
}), [furtherInvariants['imm-1']])

export const ImmunizationReaction: Schema = object(() => ({
  ...backboneElementMembers(),
  date: maybe(p.dateTime),
  detail: maybe(reference('Observation')),
  reported: maybe(p.boolean),
}))

export const ImmunizationProtocolApplied: Schema = object(() => ({
  ...backboneElementMembers(),
  series: maybe(p.string),
  authority: maybe(reference('Organization')),
  targetDisease: many(CodeableConcept),
  doseNumber: mustChoose({ PositiveInt: p.positiveInt, String: p.string }),
  seriesDoses: choice({ PositiveInt: p.positiveInt, String: p.string }),
}))
