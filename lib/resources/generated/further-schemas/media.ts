/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { choice, many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, Annotation, Attachment, CodeableConcept, Identifier, Period, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Media: Schema = object(() => ({
  resourceType: resourceType('Media'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  basedOn: many(reference('ServiceRequest', 'CarePlan')),
  partOf: many(Reference),
  status: must(v.eventStatus),
  type: maybe(CodeableConcept),
  modality: maybe(CodeableConcept),
  view: maybe(CodeableConcept),
  subject: maybe(reference('Patient', 'Practitioner', 'PractitionerRole', 'Group', 'Device', 'Specimen', 'Location')),
  encounter: maybe(reference('Encounter')),
  created: choice({ DateTime: p.dateTime, Period }),
  issued: maybe(p.instant),
  operator: maybe(reference('Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Patient', 'Device', 'RelatedPerson')),
  reasonCode: many(CodeableConcept),
  bodySite: maybe(CodeableConcept),
  deviceName: maybe(p.string),
  device: maybe(reference('Device', 'DeviceMetric', 'Device')),
  height: maybe(p.positiveInt),
  width: maybe(p.positiveInt),
  frames: maybe(p.positiveInt),
  duration: maybe(p.decimal),
  content: must(Attachment),
  note: many(Annotation),
}))
