import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import type { FhirError, Problem } from '../outcome.ts'
import type { Access } from '../security/access/access.ts'
import type { Version } from '../store/version.ts'

/** A parameter of a URL, decoded. */
export type Parameter = readonly [name: string, value: string]

/** The conditions a request makes, as header text. A Bundle entry makes them in `request`. https://hl7.org/fhir/R4/http.html#concurrency */
export interface Conditions {
  ifMatch?: string
  ifNoneMatch?: string
  ifModifiedSince?: string
  ifNoneExist?: string
}

/** https://hl7.org/fhir/R4/http.html#return and https://hl7.org/fhir/R4/search.html#errors */
export interface Prefer {
  return?: 'minimal' | 'representation' | 'OperationOutcome'
  handling: 'strict' | 'lenient'
}

/** What a URL is about; each is empty where the URL does not say. */
export interface Target {
  type: string
  id: string
  versionId: string
}

/** A request as an interaction sees it, whether it came by itself or as an entry of a Bundle. */
export interface InteractionRequest extends Target {
  query: readonly Parameter[]
  conditions: Conditions
  prefer: Prefer
  /** parsed JSON */
  body?: unknown
  /** absolute, without a trailing slash: `https://host/fhir` */
  baseUrl: string
  requestId: string
  /** who asks, as far as is known; none: a trusted system */
  caller?: Caller
  /** what they may do; none: everything */
  access?: Access
  /** X-Provenance as it came: JSON of a Provenance that is to be created with whatever is written */
  provenance?: string
  /** the media type asked for, where the route has others than FHIR's JSON and this is one of them */
  mediaType?: string
}

/** Who asks, as the authorizer in front of the API has established. */
export interface Caller {
  /** the resource that stands for them, e.g. `Practitioner/nora` */
  reference?: string
  roles?: readonly string[]
  clientId?: string
  /** as granted; none: nobody has said */
  scopes?: readonly string[]
  /** the id of the Patient of the launch */
  patient?: string
  tokenId?: string
  /** codes of v3-ActReason, parted by spaces */
  purposeOfUse?: string
}

/** What an interaction came to. */
export interface Answer {
  status: number
  /** The version it is about: gives ETag and Last-Modified, and what `Prefer: return` asks to see of a write. */
  version?: Version
  /** the client has to be told where the resource is */
  located?: boolean
  /** What was asked for. Writes leave it out. */
  resource?: Resource
  /** a write that the caller may do and whose outcome they may not see */
  isWithheld?: true
  /** what was let pass, for a client that asks for an OperationOutcome */
  warnings?: readonly Problem[]
  /** What was asked for, where that is no JSON: goes before `resource`. */
  text?: string
  /** the media type of `resource` or `text` where it is no FHIR */
  mediaType?: string
  /** e.g. the links of a page that has no other place for them */
  headers?: Readonly<Record<string, string>>
  /** where the route leaves it open what the interaction is: that of a Bundle depends on its type */
  interaction?: InteractionCode
  /** Names of errors that nobody expected, met in parts of the request: for the log. */
  unexpected?: readonly string[]
  /** What it shows, or has changed, where `version` does not say it all: for the audit. */
  seen?: readonly Version[]
  /** `Patient/id` of those it tells of without showing a resource of theirs: for the audit */
  patients?: readonly string[]
  /** of a Bundle: what became of its entries, in their order */
  entries?: readonly EntryAnswer[]
}

/** What an entry of a Bundle asked for, as far as it could be read, and what it came to. */
export interface EntryAnswer extends Partial<Target> {
  interaction?: InteractionCode
  query?: readonly Parameter[]
  answer?: Answer
  error?: FhirError
}

/** The interactions of https://hl7.org/fhir/R4/http.html by their codes there, and operations as `$name`. */
export type InteractionCode =
  | 'read'
  | 'vread'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'history-type'
  | 'history-system'
  | 'create'
  | 'search-type'
  | 'search-system'
  | 'capabilities'
  | 'batch'
  | 'transaction'
  | `$${string}`

/** Where a method and a URL lead. */
export interface Resolved extends Target {
  interaction: InteractionCode
  handle: Interaction
}

/** Finds the interaction of a method and the segments of a URL below the base. @throws FhirError 404, 405 */
export type Resolve = (method: string, segments: readonly string[]) => Resolved

/** One interaction. `resolve` is for those that hold others: batch and transaction. @throws FhirError */
export type Interaction = (careloop: Careloop, request: InteractionRequest, resolve: Resolve) => Promise<Answer>
