/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import { furtherInvariants } from '../../invariants/further.ts'
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { simple } from '../../restrictions.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Identifier, Period, Quantity, Ratio, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MedicationAdministration: Schema = object(() => ({
  resourceType: resourceType('MedicationAdministration'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  instantiates: many(p.uri),
  partOf: many(reference('MedicationAdministration', 'Procedure')),
  status: must(v.medicationAdminStatus),
  statusReason: many(CodeableConcept),
  category: maybe(CodeableConcept),
  medication: mustChoose({ CodeableConcept, Reference: reference('Medication') }),
  subject: must(reference('Patient', 'Group')),
  context: maybe(reference('Encounter', 'EpisodeOfCare')),
  supportingInformation: many(Reference),
  effective: mustChoose({ DateTime: p.dateTime, Period }),
  performer: many(MedicationAdministrationPerformer),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport')),
  request: maybe(reference('MedicationRequest')),
  device: many(reference('Device')),
  note: many(Annotation),
  dosage: maybe(MedicationAdministrationDosage),
  eventHistory: many(reference('Provenance')),
}))

export const MedicationAdministrationPerformer: Schema = object(() => ({
  ...backboneElementMembers(),
  function: maybe(CodeableConcept),
  actor: must(reference('Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Device')),
}))

export const MedicationAdministrationDosage: Schema = object(() => ({
  ...backboneElementMembers(),
  text: maybe(p.string),
  site: maybe(CodeableConcept),
  route: maybe(CodeableConcept),
  method: maybe(CodeableConcept),
  dose: maybe(simple(Quantity)),
  rate: choice({ Ratio, Quantity: simple(Quantity) }),
}), [furtherInvariants['mad-1']])
