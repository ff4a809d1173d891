import {
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  type MethodOptions,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'
import type { Handlers } from './handler.ts'
import type { Storage } from './storage.ts'

export interface ApiProps {
  readonly handlers: Handlers
  readonly storage: Storage
}

/** Types that have a function of their own. */
const OWN_FUNCTION = {
  CarePlan: 'care-plan',
  Goal: 'goal',
  Task: 'task',
  ServiceRequest: 'service-request',
} as const

/** Operations on instances of other types that the function pathways answers. */
const OF_PATHWAYS: Readonly<Record<string, readonly string[]>> = {
  Goal: ['$progress'],
  Task: ['$explain'],
  Encounter: ['$readmission-risk'],
}

type Routes = readonly (readonly [path: string, handler: string])[]

/** The routes of a type. API Gateway takes one variable below a path: where one of an instance's paths is told apart, all go by its id. */
const typeRoutes = (type: string, handler: string, operations: readonly string[]): Routes =>
  operations.length
    ? [
        [`/fhir/${type}`, handler],
        [`/fhir/${type}/{id}`, handler],
        [`/fhir/${type}/{id}/{proxy+}`, handler],
        ...operations.map((operation) => [`/fhir/${type}/{id}/${operation}`, 'pathways'] as const),
      ]
    : [
        [`/fhir/${type}`, handler],
        [`/fhir/${type}/{proxy+}`, handler],
      ]

/** Which function answers which path; the most specific path wins. The interactions within a path: lib/http. */
export const ROUTES: Routes = [
  ['/fhir', 'system'],
  ['/fhir/metadata', 'system'],
  ['/fhir/openapi.json', 'system'],
  ['/fhir/_history', 'system'],
  ['/fhir/_search', 'system'],
  ['/fhir/.well-known/{proxy+}', 'system'],
  ['/fhir/$process-message', 'messages'],
  ['/v2/adt', 'messages'],
  ['/fhir/$transition-report', 'pathways'],
  ['/fhir/$time-report', 'pathways'],
  ['/calendar/{calendar}', 'calendar'],
  ['/referral/{token}', 'referral-page'],
  ['/fhir/$referral-report', 'pathways'],
  ['/fhir/PlanDefinition', 'pathways'],
  ['/fhir/PlanDefinition/{proxy+}', 'pathways'],
  ...Object.entries(OWN_FUNCTION).flatMap(([type, handler]) => typeRoutes(type, handler, OF_PATHWAYS[type] ?? [])),
  ...typeRoutes('Encounter', 'clinical', OF_PATHWAYS.Encounter!),
  ['/fhir/{type}', 'clinical'],
  ['/fhir/{type}/{proxy+}', 'clinical'],
]

/** Where nobody is asked who they are: a calendar program, or an agency without an account, can say nothing but the address, and the secret in it is what the function checks. */
export const OPEN_PATHS: readonly string[] = ['/calendar/{calendar}', '/referral/{token}']

/** Who may call: for now whoever AWS IAM lets. The authorizer that verifies SMART tokens goes here, for all methods at once. */
const authorization = (path: string): MethodOptions => ({
  authorizationType: OPEN_PATHS.includes(path) ? AuthorizationType.NONE : AuthorizationType.IAM,
})

const outcome = (code: string, diagnostics: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] })

/** What API Gateway answers by itself, in FHIR's words. */
const OWN_ANSWERS: readonly (readonly [type: ResponseType, status: string | undefined, code: string, text: string])[] =
  [
    [
      ResponseType.MISSING_AUTHENTICATION_TOKEN,
      '404',
      'not-found',
      'There is nothing at this path; the API is at /fhir.',
    ],
    [ResponseType.REQUEST_TOO_LARGE, '413', 'too-long', 'The request is too large: at most 6 MB. Send it in parts.'],
    [ResponseType.THROTTLED, '429', 'throttled', 'Too many requests at once: wait a moment and try again.'],
    [ResponseType.DEFAULT_4XX, undefined, 'security', 'The request was refused before it reached the service.'],
    [
      ResponseType.DEFAULT_5XX,
      undefined,
      'exception',
      'The service could not answer. Look whether anything was written before trying again.',
    ],
  ]

/** The tenant's FHIR endpoint: a REST API (HTTP APIs have no WAF). */
export class Api extends Construct {
  readonly restApi: RestApi

  constructor(scope: Construct, id: string, { handlers, storage }: ApiProps) {
    super(scope, id)
    this.restApi = new RestApi(this, 'RestApi', {
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: { stageName: 'careloop' },
    })
    const writers = new Set(ROUTES.map(([, name]) => name))
    for (const name of writers) storage.grantReadWrite(handlers.named(name, 'a route of infra/constructs/api.ts'))
    for (const [path, name] of ROUTES) {
      const handler = handlers.named(name, `the route ${path}`)
      const integration = new LambdaIntegration(handler, { allowTestInvoke: false })
      this.restApi.root.resourceForPath(path).addMethod('ANY', integration, authorization(path))
    }
    this.answerInFhir()
  }

  private answerInFhir(): void {
    for (const [type, statusCode, code, text] of OWN_ANSWERS)
      this.restApi.addGatewayResponse(`Answer${type.responseType}`, {
        type,
        ...(statusCode && { statusCode }),
        templates: { 'application/json': outcome(code, text), 'application/fhir+json': outcome(code, text) },
        responseHeaders: { 'Content-Type': "'application/fhir+json'" },
      })
  }
}
