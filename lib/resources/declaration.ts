import type { Instant, Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import type { DeclaredParameters } from '../search/parameter.ts'

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
  /** What is wrong with the content, each with its expression; empty when nothing is. Pure. */
  check(resource: Resource): Problem[]
  /**
   * The instants at which time alone changes what must be done about a resource: due dates, reviews. Any order. Pure. Dates without
   * a time have an instant only when the calendar is given.
   */
  clocks?(resource: Resource, calendar?: TenantCalendar): Instant[]
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
  open?: { element: string; codes: readonly string[]; lists: readonly string[] }
  /** keep one list of the whole tenant's resources of this type in this order */
  listed?: boolean
}
