import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AccessLogField,
  AccessLogFormat,
  ApiKeySourceType,
  type CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Features, Throttling } from '../deployment.ts'
import { Authorizer } from './authorizer.ts'
import { ClientShares } from './client-shares.ts'
import { Firewall } from './firewall.ts'
import type { Handlers } from './handler.ts'
import type { Logs } from './logs.ts'
import type { Storage } from './storage.ts'

export interface ApiProps {
  /** id of the tenant */
  readonly tenant: string
  readonly handlers: Handlers
  readonly storage: Storage
  readonly logs: Logs
  readonly features: Features
  readonly throttling: Throttling
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

/** Paths that a tenant can do without. */
const FEATURE_OF: Readonly<Record<string, keyof Features>> = {
  '/calendar/{calendar}': 'calendarFeeds',
  '/referral/{token}': 'referralLinks',
  '/v2/adt': 'hl7v2',
}

/** The routes of a tenant with these features. */
export const routesWith = (features: Features): Routes =>
  ROUTES.filter(([path]) => {
    const feature = FEATURE_OF[path]
    return feature === undefined || features[feature]
  })

/** The functions that a tenant with these features has no route to. */
export const functionsWithout = (features: Features): ReadonlySet<string> => {
  const used = new Set(routesWith(features).map(([, name]) => name))
  return new Set(ROUTES.map(([, name]) => name).filter((name) => !used.has(name)))
}

/**
 * All that is logged of a request. No path, query, header, address or user: they can hold what is known of a patient. What the path is of is
 * in the line of the function, under the same request id.
 */
const ACCESS_LOG: Readonly<Record<string, string>> = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  method: AccessLogField.contextHttpMethod(),
  route: AccessLogField.contextResourcePath(),
  status: AccessLogField.contextStatus(),
  bytes: AccessLogField.contextResponseLength(),
  milliseconds: AccessLogField.contextResponseLatency(),
  integrationMilliseconds: AccessLogField.contextIntegrationLatency(),
  authorizerStatus: AccessLogField.contextAuthorizerStatus(),
  firewallStatus: AccessLogField.contextWafStatus(),
  answeredBy: AccessLogField.contextErrorResponseType(),
  tls: '$context.tlsVersion',
}

/** Literal values stand in quotes. */
const quoted = (headers: Headers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]))

const outcome = (code: string, diagnostics: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] })

type Headers = Readonly<Record<string, string>>

/** https://www.rfc-editor.org/rfc/rfc6750#section-3 */
const CHALLENGE: Headers = { 'WWW-Authenticate': 'Bearer realm="careloop", error="invalid_token"' }

/** What API Gateway answers by itself, in FHIR's words. */
const OWN_ANSWERS: readonly (readonly [
  type: ResponseType,
  status: string | undefined,
  code: string,
  text: string,
  headers?: Headers,
])[] = [
  [
    ResponseType.UNAUTHORIZED,
    '401',
    'login',
    'A valid token is needed: Authorization: Bearer <token>. Where to get one: /fhir/.well-known/smart-configuration.',
    CHALLENGE,
  ],
  // The authorizer lets in or knows nobody; what it let in is denied when the token has expired since.
  [ResponseType.ACCESS_DENIED, '401', 'login', 'The token has expired: get another one.', CHALLENGE],
  [
    ResponseType.AUTHORIZER_FAILURE,
    '503',
    'transient',
    'It could not be found out whether the token is valid. Nothing was done; try again in a minute.',
    { 'Retry-After': '60' },
  ],
  [
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    '404',
    'not-found',
    'There is nothing at this path; the API is at /fhir.',
  ],
  [ResponseType.REQUEST_TOO_LARGE, '413', 'too-long', 'The request is too large: at most 6 MB. Send it in parts.'],
  [
    ResponseType.THROTTLED,
    '429',
    'throttled',
    'Too many requests at once: wait a moment and try again.',
    { 'Retry-After': '1' },
  ],
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
  /** the functions that answer requests */
  readonly functions: readonly string[]

  constructor(scope: Construct, id: string, { tenant, handlers, storage, logs, features, throttling }: ApiProps) {
    super(scope, id)
    this.restApi = this.createApi(logs.create(this, 'AccessLog'), throttling)
    const authorizer = new Authorizer(this, 'Authorizer', { handlers })
    const routes = routesWith(features)
    this.functions = [...new Set(routes.map(([, name]) => name))]
    for (const name of this.functions)
      storage.grantReadWrite(name, handlers.named(name, 'a route of infra/constructs/api.ts'))
    for (const [path, name] of routes) {
      const handler = handlers.named(name, `the route ${path}`)
      const integration = new LambdaIntegration(handler, { allowTestInvoke: false })
      this.restApi.root.resourceForPath(path).addMethod('ANY', integration, authorizer.of(path))
    }
    this.answerInFhir()
    new ClientShares(this, 'ClientShares', { tenant, restApi: this.restApi, throttling })
    new Firewall(this, 'Firewall', { stageArn: this.restApi.deploymentStage.stageArn, logs, throttling })
  }

  private createApi(accessLog: ILogGroup, { requestsPerSecond, burst }: Throttling): RestApi {
    const restApi = new RestApi(this, 'RestApi', {
      // Its metrics are told apart by this name alone.
      restApiName: Stack.of(this).stackName,
      endpointTypes: [EndpointType.REGIONAL],
      // Which share of the API a client has is the authorizer's to say; what a client says is not looked at.
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      // API Gateway writes access logs in the name of a role that is set once for account and region: it must outlive any one tenant.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: 'careloop',
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: burst,
      },
    })
    // TLS 1.2 or 1.3 with forward secrecy: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
    const resource = restApi.node.defaultChild as CfnRestApi
    resource.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09'
    resource.endpointAccessMode = 'STRICT'
    return restApi
  }

  private answerInFhir(): void {
    for (const [type, statusCode, code, text, headers = {}] of OWN_ANSWERS)
      this.restApi.addGatewayResponse(`Answer${type.responseType}`, {
        type,
        ...(statusCode && { statusCode }),
        templates: { 'application/json': outcome(code, text), 'application/fhir+json': outcome(code, text) },
        responseHeaders: quoted({ 'Content-Type': 'application/fhir+json', ...headers }),
      })
  }
}
