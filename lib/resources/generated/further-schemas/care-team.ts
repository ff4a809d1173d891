/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, Annotation, CodeableConcept, ContactPoint, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const CareTeam: Schema = object(() => ({
  resourceType: resourceType('CareTeam'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: maybe(v.careTeamStatus),
  category: many(CodeableConcept),
  name: maybe(p.string),
  subject: maybe(reference('Patient', 'Group')),
  encounter: maybe(reference('Encounter')),
  period: maybe(Period),
  participant: many(CareTeamParticipant),
  reasonCode: many(CodeableConcept),
  reasonReference: many(reference('Condition')),
  managingOrganization: many(reference('Organization')),
  telecom: many(ContactPoint),
  note: many(Annotation),
}))

export const CareTeamParticipant: Schema = object(() => ({
  ...backboneElementMembers(),
  role: many(CodeableConcept),
  member: maybe(reference('Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Organization', 'CareTeam')),
  onBehalfOf: maybe(reference('Organization')),
  period: maybe(Period),
}))
