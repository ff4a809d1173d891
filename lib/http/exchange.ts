import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Answer, Parameter, Prefer } from '../interactions/interaction.ts'
import type { RouteMatch } from './match-route.ts'

/** One request on its way through the steps of fhir-api.ts, each of which fills in its part. */
export interface Exchange {
  readonly event: APIGatewayProxyEvent
  /** ours, never the client's: it goes to the log */
  readonly requestId: string
  /** `performance.now()` */
  readonly startedAt: number
  /** names in lower case; several values of one name joined by `, ` */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly method: string
  /** absolute, without a trailing slash: `https://host/fhir` */
  readonly baseUrl: string
  /** of the path below the base, decoded */
  segments: readonly string[]
  /** of the URL and of a form, decoded; those that only shape the answer (`_format`, `_pretty`) left out */
  query: readonly Parameter[]
  match?: RouteMatch
  body?: unknown
  prefer: Prefer
  /** `_format` */
  format?: string
  /** the client is a person: `_pretty=true` */
  pretty: boolean
  /** what is asked for of what the route gives besides FHIR's JSON */
  mediaType?: string
  answer?: Answer
  /** it was put on record, or that has failed: not to be tried again */
  audited?: true
}

/** A step of a request: a middy middleware. */
export type Step = MiddlewareObj<Exchange, Answer | APIGatewayProxyResult, Error, Context>
