/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, reference, domainResourceMembers, CodeableConcept, Identifier, Reference } from '../schemas/datatypes.ts'

export const Basic: Schema = object(() => ({
  resourceType: resourceType('Basic'),
  ...domainResourceMembers(),
  identifier: many(Identifier),
  code: must(CodeableConcept),
  subject: maybe(Reference),
  created: maybe(p.date),
  author: maybe(reference('Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Organization')),
}))
