/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */
import * as p from '../../primitive.ts'
import type { Schema } from '../../primitive.ts'
import { many, maybe, must, resourceType } from '../../schema.ts'
import { object, backboneElementMembers, domainResourceMembers, ContactPoint } from '../schemas/datatypes.ts'
import * as v from './value-sets.ts'

export const Subscription: Schema = object(() => ({
  resourceType: resourceType('Subscription'),
  ...domainResourceMembers(),
  status: must(v.subscriptionStatus),
  contact: many(ContactPoint),
  end: maybe(p.instant),
  reason: must(p.string),
  criteria: must(p.string),
  error: maybe(p.string),
  channel: must(SubscriptionChannel),
}))

export const SubscriptionChannel: Schema = object(() => ({
  ...backboneElementMembers(),
  type: must(v.subscriptionChannelType),
  endpoint: maybe(p.url),
  payload: maybe(p.code),
  header: many(p.string),
}))
