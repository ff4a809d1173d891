/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Dosage, Identifier, Quantity, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MedicationDispense: Schema = object(() => ({
  resourceType: resourceType('MedicationDispense'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  partOf: many(reference('Procedure')),
  status: must(v.medicationdispenseStatus),
  statusReason: choice({ CodeableConcept, Reference: reference('DetectedIssue') }),
  category: maybe(CodeableConcept),
  medication: mustChoose({ CodeableConcept, Reference: reference('Medication') }),
  subject: maybe(reference('Patient', 'Group')),
  context: maybe(reference('Encounter', 'EpisodeOfCare')),
  supportingInformation: many(Reference),
  performer: many(MedicationDispensePerformer),
  location: maybe(reference('Location')),
  authorizingPrescription: many(reference('MedicationRequest')),
  type: maybe(CodeableConcept),
  quantity: maybe(simple(Quantity)),
  daysSupply: maybe(simple(Quantity)),
  whenPrepared: maybe(p.dateTime),
  whenHandedOver: maybe(p.dateTime),
  destination: maybe(reference('Location')),
  receiver: many(reference('Patient', 'Practitioner')),
  note: many(Annotation),
  dosageInstruction: many(Dosage),
  substitution: maybe(MedicationDispenseSubstitution),
  detectedIssue: many(reference('DetectedIssue')),
  eventHistory: many(reference('Provenance')),
}), [furtherInvariants['mdd-1']])

export const MedicationDispensePerformer: Schema = object(() => ({
  ...backboneElementMembers(),
  function: maybe(CodeableConcept),
  actor: must(reference('Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'Device', 'RelatedPerson')),
}))

export const MedicationDispenseSubstitution: Schema = object(() => ({
  ...backboneElementMembers(),
  wasSubstituted: must(p.boolean),
  type: maybe(CodeableConcept),
  reason: many(CodeableConcept),
  responsibleParty: many(reference('Practitioner', 'PractitionerRole')),
}))
