/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Identifier, Period } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const EpisodeOfCare: Schema = object(() => ({
  resourceType: resourceType('EpisodeOfCare'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  status: must(v.episodeOfCareStatus),
  statusHistory: many(EpisodeOfCareStatusHistory),
  type: many(CodeableConcept),
  diagnosis: many(EpisodeOfCareDiagnosis),
  patient: must(reference('Patient')),
  managingOrganization: maybe(reference('Organization')),
  period: maybe(Period),
  referralRequest: many(reference('ServiceRequest')),
  careManager: maybe(reference('Practitioner', 'PractitionerRole')),
  team: many(reference('CareTeam')),
  account: many(reference('Account')),
}))

export const EpisodeOfCareStatusHistory: Schema = object(() => ({
  ...backboneElementMembers(),
  status: must(v.episodeOfCareStatus),
  period: must(Period),
}))

export const EpisodeOfCareDiagnosis: Schema = object(() => ({
  ...backboneElementMembers(),
  condition: must(reference('Condition')),
  role: maybe(CodeableConcept),
  rank: maybe(p.positiveInt),
}))
