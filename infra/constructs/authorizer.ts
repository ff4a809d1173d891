import { Duration } from 'aws-cdk-lib'
import { AuthorizationType, IdentitySource, type MethodOptions, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'
import type { Handlers } from './handler.ts'

/** The function that says who calls. */
export const AUTHORIZER = 'authorizer'

/** Where nobody is asked who they are: what a client must read before it can get a token, and where a secret in the address is what the function checks. */
export const OPEN_PATHS: readonly string[] = [
  '/fhir/metadata',
  '/fhir/openapi.json',
  '/fhir/.well-known/{proxy+}',
  '/calendar/{calendar}',
  '/referral/{token}',
]

export interface AuthorizerProps {
  readonly handlers: Handlers
}

/** Lets in the bearers of tokens of the tenant's issuer. What they may do is decided in code. */
export class Authorizer extends Construct {
  private readonly authorizer: RequestAuthorizer

  constructor(scope: Construct, id: string, { handlers }: AuthorizerProps) {
    super(scope, id)
    this.authorizer = new RequestAuthorizer(this, 'Tokens', {
      handler: handlers.named(AUTHORIZER, 'the API'),
      identitySources: [IdentitySource.header('Authorization')],
      // What was found out of a token is remembered so long; what is found out ends with the token in any case.
      resultsCacheTtl: Duration.minutes(1),
    })
  }

  /** Who may call what is at `path`. */
  of(path: string): MethodOptions {
    return OPEN_PATHS.includes(path)
      ? { authorizationType: AuthorizationType.NONE }
      : { authorizationType: AuthorizationType.CUSTOM, authorizer: this.authorizer, apiKeyRequired: true }
  }
}
