/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, mustChoose, resourceType } from '../../schema.ts'
import { object, reference, backboneElementMembers, domainResourceMembers, CodeableConcept, Coding, ContactPoint, Reference } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const MessageHeader: Schema = object(() => ({
  resourceType: resourceType('MessageHeader'),
  ...domainResourceMembers(),
  event: mustChoose({ Coding, Uri: p.uri }),
  destination: many(MessageHeaderDestination),
  sender: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  enterer: maybe(reference('Practitioner', 'PractitionerRole')),
  author: maybe(reference('Practitioner', 'PractitionerRole')),
  source: must(MessageHeaderSource),
  responsible: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
  reason: maybe(CodeableConcept),
  response: maybe(MessageHeaderResponse),
  focus: many(Reference),
  definition: maybe(p.canonical),
}))

export const MessageHeaderDestination: Schema = object(() => ({
  ...backboneElementMembers(),
  name: maybe(p.string),
  target: maybe(reference('Device')),
  endpoint: must(p.url),
  receiver: maybe(reference('Practitioner', 'PractitionerRole', 'Organization')),
}))

export const MessageHeaderSource: Schema = object(() => ({
  ...backboneElementMembers(),
  name: maybe(p.string),
  software: maybe(p.string),
  version: maybe(p.string),
  contact: maybe(ContactPoint),
  endpoint: must(p.url),
}))

export const MessageHeaderResponse: Schema = object(() => ({
  ...backboneElementMembers(),
  identifier: must(p.id),
  code: must(v.responseCode),
  details: maybe(reference('OperationOutcome')),
}))
