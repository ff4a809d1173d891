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

/** Which function answers which path; the most specific path wins. The interactions within a path: lib/http. */
export const ROUTES: readonly (readonly [path: string, handler: string])[] = [
  ['/fhir', 'system'],
  ['/fhir/metadata', 'system'],
  ['/fhir/openapi.json', 'system'],
  ['/fhir/_history', 'system'],
  ['/fhir/_search', 'system'],
  ['/fhir/.well-known/{proxy+}', 'system'],
  ...Object.entries(OWN_FUNCTION).flatMap(([type, handler]) => [
    [`/fhir/${type}`, handler] as const,
    [`/fhir/${type}/{proxy+}`, handler] as const,
  ]),
  ['/fhir/{type}', 'clinical'],
  ['/fhir/{type}/{proxy+}', 'clinical'],
]

/** Who may call: for now whoever AWS IAM lets. The authorizer that verifies SMART tokens goes here, for all methods at once. */
const authorization = (): MethodOptions => ({ authorizationType: AuthorizationType.IAM })

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
      this.restApi.root.resourceForPath(path).addMethod('ANY', integration, authorization())
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
