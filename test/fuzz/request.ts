import type { Token } from '../support/calling-with.ts'

/** Which of the functions it goes to. */
export type Surface = 'fhir' | 'adt' | 'calendar' | 'referral'

/** One request as it goes over the wire. Places in braces stand for what only the service knows: see world.ts. */
export interface FuzzRequest {
  /** the route it was made for, for the report */
  route: string
  surface: Surface
  method: string
  /** below the base; of other surfaces the whole path */
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
  /** API Gateway hands some bodies over in base64 */
  isBase64Encoded?: true
  /** what the authorizer says; none: a trusted system */
  caller?: Token
}
