import type { Instant, Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import type { DeclaredParameters } from '../search/parameter.ts'
import type { Search } from '../search/search.ts'
import type { Lifecycle } from './lifecycle/lifecycle.ts'

/** What the tenant has set that bears on how resources are read and timed. All of it comes from infra/tenants/<id>.json. */
export interface TenantCalendar {
  /** IANA name, for date-times without an offset and for due dates, e.g. `America/Chicago` */
  timeZone: string
}

/**
 * All that is particular to one type of resource. Everything generic (interactions, store, search, events) asks the declaration
 * and never looks at the type's name. Adding a type is adding one declaration to lib/resources/index.ts.
 */
export interface ResourceDeclaration {
  type: string
  /** Its search parameters, the ones every resource has (`_id`, `_tag`, …) excepted. */
  search: DeclaredParameters
  /** The codes among `search` that put a resource into a patient's compartment. https://hl7.org/fhir/R4/compartmentdefinition-patient.html */
  compartment: readonly string[]
  /**
   * The order of its lists: the earliest value of this date parameter. With `open`, resources with one of these statuses come before
   * all others. Without an order lists are in order of id, that is of creation.
   */
  order?: ListOrder
  /** What is wrong with the content, each with its expression; empty when nothing is. What it takes is loaded when it is first asked for. */
  check(resource: Resource): Promise<Problem[]>
  /**
   * The instants at which time alone changes what must be done about a resource: due dates, reviews. Any order. Pure. Dates without
   * a time have an instant only when the calendar is given. Those not later than `after` do not matter; of clocks that never stop
   * striking the next is enough.
   */
  clocks?(resource: Resource, calendar?: TenantCalendar, after?: Instant): Instant[]
  /** by the name that `_query` gives */
  queries?: Readonly<Record<string, NamedQuery>>
  /** What comes with Careloop under this id, unless the tenant has something in its place: can be read though it is not stored. */
  packaged?(search: Search, id: string): Promise<Resource | undefined>
  /** Its state machine: what clients may make of a resource that is there. Without one every change is theirs to make. */
  lifecycle?: Lifecycle
  /**
   * A record of what happened and no part of the care itself: once created it is never changed or deleted, by nobody. It has lists of its own
   * beside each patient's compartment, is not among what `$everything`, a search or a history of all types gives unless `_type` names it, and keeps
   * nobody from deleting what it refers to.
   */
  appendOnly?: true
}

/**
 * A search of its own for `_query=name`. It stands for criteria and an order, and may have parameters that are its alone; whatever
 * else a search can ask for can be added. https://hl7.org/fhir/R4/search.html#query
 */
export interface NamedQuery {
  /** canonical URL of its OperationDefinition, see fhir-profiles/operation-definitions */
  definition: string
  /** what it asks for itself, as in a URL */
  criteria: readonly (readonly [name: string, value: string])[]
  /** the order where the client names none, as in `_sort` */
  sort: string
  /** each is required */
  parameters: Readonly<Record<string, ThroughOthers>>
}

/** A parameter that means its value by a reference of the type, and also what leads to it: a role or a team of the same person. */
export interface ThroughOthers {
  /** the code of the reference */
  reference: string
  /** in this order; each also looks for what those before it have found */
  through: readonly { type: string; reference: string; criteria: readonly (readonly [name: string, value: string])[] }[]
}

/**
 * In these lists an open resource has one more row when this parameter, a token with ranks, is above the least: what is open is then
 * one stretch in order of urgency as it is in order of date. The row costs a write when it comes and another when it goes.
 */
export interface UrgentFirst {
  parameter: string
  lists: readonly string[]
}

export interface ListOrder {
  parameter: string
  /** the parameter holds one instant at most, so a lower bound on it bounds the list too */
  point?: boolean
  /** the parameter can hold several values, so a descending sort by it, which goes by the latest, is not the reverse of the list */
  repeats?: boolean
  /**
   * In the lists of these parameters (`patient`: the compartment's), and in the one of the whole tenant, resources with one of these
   * codes come before all others. Each such list costs two writes when a resource closes, so name those that are asked for open work.
   */
  open?: { element: string; codes: readonly string[]; lists: readonly string[]; urgent?: UrgentFirst }
  /** keep one list of the whole tenant's resources of this type in this order */
  listed?: boolean
}
