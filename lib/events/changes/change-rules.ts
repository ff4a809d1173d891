import type { Instant, Resource } from '../../fhir.ts'
import type { TenantSettings } from '../../tenant.ts'
import type { EventName, EventStates } from '../contract.ts'

/** An event without its subject. */
export type Happening = { [Name in EventName]: { name: Name; state: EventStates[Name] } }[EventName]

/** Between which instants a clock may have struck: after `after`, when it has ever struck, and not after `until`. */
export interface Span {
  after: Instant | undefined
  until: Instant
}

/** What happens, in events, when a resource of one type changes. All pure. */
export interface ChangeRules {
  type: string
  /** The patient it is about. */
  patient(resource: Resource): string | undefined
  /** `before` is undefined for a new or resurrected resource; `woken`: until when its clocks have struck. */
  changed(before: Resource | undefined, after: Resource, context: ChangeContext): Happening[]
  /** What it means that a resource was deleted; nothing when absent. */
  removed?(before: Resource, context: ChangeContext): Happening[]
  /** What time alone brought about. */
  struck?(resource: Resource, span: Span, tenant: TenantSettings): Happening[]
}

export interface ChangeContext {
  tenant: TenantSettings
  woken: Instant | undefined
}
