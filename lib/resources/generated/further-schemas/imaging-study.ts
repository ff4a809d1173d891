/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, Coding, Identifier } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const ImagingStudy: Schema = object(() => ({
  resourceType: resourceType('ImagingStudy'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.imagingstudyStatus),
  modality: many(Coding),
  subject: must(reference('Patient', 'Device', 'Group')),
  encounter: maybe(reference('Encounter')),
  started: maybe(p.dateTime),
  basedOn: many(reference('CarePlan', 'ServiceRequest', 'Appointment', 'AppointmentResponse', 'Task')),
  referrer: maybe(reference('Practitioner', 'PractitionerRole')),
  interpreter: many(reference('Practitioner', 'PractitionerRole')),
  endpoint: many(reference('Endpoint')),
  numberOfSeries: maybe(p.unsignedInt),
  numberOfInstances: maybe(p.unsignedInt),
  procedureReference: maybe(reference('Procedure')),
  procedureCode: many(CodeableConcept),
  location: maybe(reference('Location')),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition', 'Observation', 'Media', 'DiagnosticReport', 'DocumentReference')),
  note: many(Annotation),
  description: maybe(p.string),
  series: many(ImagingStudySeries),
}))

export const ImagingStudySeries: Schema = object(() => ({
  ...backboneElementMembers(),
  uid: must(p.id),
  number: maybe(p.unsignedInt),
  modality: must(Coding),
  description: maybe(p.string),
  numberOfInstances: maybe(p.unsignedInt),
  endpoint: many(reference('Endpoint')),
  bodySite: maybe(Coding),
  laterality: maybe(Coding),
  specimen: many(reference('Specimen')),
  started: maybe(p.dateTime),
  performer: many(ImagingStudySeriesPerformer),
  instance: many(ImagingStudySeriesInstance),
}))

export const ImagingStudySeriesPerformer: Schema = object(() => ({
  ...backboneElementMembers(),
  function: maybe(CodeableConcept),
  actor: must(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient', 'Device', 'RelatedPerson')),
}))

export const ImagingStudySeriesInstance: Schema = object(() => ({
  ...backboneElementMembers(),
  uid: must(p.id),
  sopClass: must(Coding),
  number: maybe(p.unsignedInt),
  title: maybe(p.string),
}))
