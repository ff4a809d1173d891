import type { Instant } from '../../fhir.ts'
import type { Caller } from '../../interactions/interaction.ts'
import type { LIFECYCLES } from './codes.ts'

/** A resource that something was done to. */
export interface Thing {
  /** `Task/1`, or `Task/1/_history/2` where the version is known */
  reference?: string
  /** of what is known by its type alone: it was not to be created, say */
  type?: string
  /** what was done to it, where the event as a whole does not say it */
  lifecycle?: keyof typeof LIFECYCLES
  /** the HTTP status it ended with, where that is another than the event's */
  status?: number
}

/** What something was done to, and how it was found. */
export interface Deed {
  things: readonly Thing[]
  /** `Patient/id` of everybody whose data was seen or changed, or was asked for */
  patients: readonly string[]
  /** method and URL below the base, as they were understood: `GET Task?status=ready` */
  queries: readonly string[]
}

/** Who asked, and from where. */
export interface Requester {
  caller?: Caller
  /** IP address */
  address?: string
  /** the first product of User-Agent, e.g. `curl/8.5.0` */
  software?: string
}

/** What kind of thing happened. */
export type Kind =
  /** an interaction or an operation of the API, by its code */
  | { rest: string }
  /** somebody outside was shown or handed something of a patient */
  | { disclosed: string }
  /** something was sent that names nobody */
  | { transmitted: string }

/** All that goes on record of one thing that happened. */
export interface Happening extends Deed {
  at: Instant
  kind: Kind
  /** the HTTP status it ended with */
  status: number
  /** it was refused because of who asked, whatever the status says */
  denied?: boolean | undefined
  /** what left is a file or a whole record: it can be carried away */
  exported?: boolean
  requester: Requester
  /** who got it, where that is not who asked: `Organization/1` */
  recipient?: string
  /** URL of the service, or where it was sent to */
  server: string
  requestId: string
  /** codes of v3-ActReason */
  purposes?: readonly string[]
  /** the reason given for breaking the glass */
  breakGlass?: string
}
