import type { Instant, Resource } from '../../fhir.ts'
import type { TenantSettings } from '../../tenant.ts'

/** Which states may follow a state. One that is not named here is not ruled. */
export type Edges = Readonly<Record<string, readonly string[]>>

/** A change of state, from one version of a resource to the next. */
export interface Transition {
  from: string
  to: string
  before: Resource
  after: Resource
}

/** Those a resource names as having a say in it, by the element that names them. */
export type Party = 'requester' | 'owner'

/** A step that is in the table but not open to every resource. */
export interface EdgeCondition {
  from: string
  to: string
  holds(after: Resource): boolean
  /** when it is open, as a sentence */
  text: string
}

/** What must be there when a state is entered. */
export interface Guard {
  to: readonly string[]
  /** where it stands, below the resource: `statusReason.text` */
  element: string
  /** why the state cannot be entered, as a sentence; undefined: it can */
  refusal(after: Resource): string | undefined
}

/** Who may set a state: one of these parties. A state that is not named anybody may set. */
export interface ActorRules {
  may: Readonly<Record<string, readonly Party[]>>
  /** Parties that a resource need not name: where it names nobody else who may, their part is anybody's. */
  optional: readonly Party[]
  /** What a party may do only where the tenant says so. */
  reserved: readonly {
    party: Party
    from: readonly string[]
    to: string
    policy: keyof Pick<TenantSettings, 'placerCancelInProgress'>
    /** what to do instead, as a sentence */
    instead: string
  }[]
}

/** What a change of state does to other resources; lib/interactions/cascade.ts knows how. */
export type CascadeEffect = 'pause-activities' | 'resume-activities' | 'close-activities' | 'withdraw-tasks'

export interface CascadeRule {
  /** none: from any */
  from?: readonly string[]
  to: readonly string[]
  effect: CascadeEffect
}

/** The state machine of a type of resource, as data: generic code asks it and never looks at the type's name. */
export interface Lifecycle {
  /** the element that holds the state */
  element: string
  edges: Edges
  conditions?: readonly EdgeCondition[]
  /** elements that never change */
  immutable?: readonly string[]
  guards?: readonly Guard[]
  actors?: ActorRules
  /** where a closed resource may go when it is opened again by somebody with one of the tenant's `reopenRoles` */
  reopensTo?: readonly string[]
  /** What a PUT that leaves it out does not take away. Pure. */
  carriedOver?(before: Resource, after: Resource): Resource
  /** What the service notes of a transition where the client has not. Pure. */
  stamped?(transition: Transition, now: Instant): Resource
  cascades?: readonly CascadeRule[]
}

/** Nothing follows but the mark that all of it was a mistake. */
export const isFinal = ({ edges }: Pick<Lifecycle, 'edges'>, state: string): boolean =>
  edges[state]?.every((next) => next === 'entered-in-error') ?? false

/** The states that a resource can enter now, in the table's order. Pure. */
export const nextStates = (
  lifecycle: Lifecycle,
  { from, after }: Pick<Transition, 'from' | 'after'>,
  mayReopen: boolean,
): readonly string[] => {
  const { edges, conditions = [], reopensTo = [] } = lifecycle
  const open = (edges[from] ?? []).filter((to) =>
    conditions.every((condition) => condition.from !== from || condition.to !== to || condition.holds(after)),
  )
  return mayReopen && from !== 'entered-in-error' && isFinal(lifecycle, from) ? [...reopensTo, ...open] : open
}
