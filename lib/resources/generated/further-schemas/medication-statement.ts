/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, Annotation, CodeableConcept, Dosage, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MedicationStatement: Schema = object(() => ({
  resourceType: resourceType('MedicationStatement'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(reference('MedicationRequest', 'CarePlan', 'ServiceRequest')),
  partOf: many(reference('MedicationAdministration', 'MedicationDispense', 'MedicationStatement', 'Procedure', 'Observation')),
  status: must(v.medicationStatementStatus),
  statusReason: many(CodeableConcept),
  category: maybe(CodeableConcept),
  medication: mustChoose({ CodeableConcept, Reference: reference('Medication') }),
  subject: must(reference('Patient', 'Group')),
  context: maybe(reference('Encounter', 'EpisodeOfCare')),
  effective: choice({ DateTime: p.dateTime, Period }),
  dateAsserted: maybe(p.dateTime),
  informationSource: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Organization')),
  derivedFrom: many(Reference),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'DiagnosticReport')),
  note: many(Annotation),
  dosage: many(Dosage),
}))
