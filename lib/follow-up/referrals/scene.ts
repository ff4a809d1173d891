import type { ServiceRequest, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { type Instant, type Resource, referenceTo } from '../../fhir.ts'
import type { AutomationReason } from '../../pathways/codes.ts'
import type { Permission } from './consent.ts'
import type { Referral, Stored } from './referral.ts'

/** What one look at a referral comes to, beside the writes themselves. */
export interface Act {
  outcome: string
  revised: readonly { base: Stored['base']; resource: Resource; reason: AutomationReason }[]
  created: readonly { resource: Resource; reason: AutomationReason }[]
  /** pools to be made where they are missing */
  pools: readonly Resource[]
}

/** A referral as it is looked at. */
export interface Scene {
  careloop: Careloop
  referral: Referral
  now: Instant
  permissions: ReadonlyMap<string, Permission>
}

export const asResource = (resource: Task | ServiceRequest): Resource => resource as unknown as Resource

/** `ServiceRequest/id` */
export const requestOf = ({ request }: Referral): string => referenceTo('ServiceRequest', request.id!)
