import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import type { JSONWebKeySet } from 'jose'
import { type Clock, instantOf } from '../../clock.ts'
import { partPath } from '../../http/open-exchange.ts'
import { type AuthSettings, TOKEN_ALGORITHMS } from '../../tenant.ts'
import { callerContext } from './caller-context.ts'
import { shareOf } from './client-share.ts'
import { createKeySet } from './key-set.ts'
import { type Refusal, TokenRefused } from './token-refused.ts'
import { type Claims, verifyToken } from './verify-token.ts'

/** All that is ever logged: of a token that was not believed, or of an issuer that could not be asked. */
export interface AuthorizerLine {
  requestId?: string
  interaction: 'authorize' | 'fetch-keys'
  status: 401 | 503
  refusal?: Refusal
  /** names of errors */
  errors?: readonly string[]
}

export interface AuthorizerParts {
  /** id of the tenant */
  tenant: string
  /** undefined: nobody is trusted */
  auth: AuthSettings | undefined
  fetchKeys: (auth: AuthSettings) => Promise<JSONWebKeySet>
  clock: Clock
  log: (line: AuthorizerLine) => void
}

export type Authorizer = (event: APIGatewayRequestAuthorizerEvent) => Promise<APIGatewayAuthorizerResult>

/** API Gateway answers 401 to an error with this very text, and remembers nothing. */
const UNAUTHORIZED = 'Unauthorized'

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i

/** The token in the one Authorization header. @throws TokenRefused */
const bearerOf = ({ headers, multiValueHeaders }: APIGatewayRequestAuthorizerEvent): string => {
  const isOurs = ([name]: readonly [string, unknown]): boolean => name.toLowerCase() === 'authorization'
  const several = Object.entries(multiValueHeaders ?? {})
    .filter(isOurs)
    .flatMap(([, values]) => values ?? [])
  const [header, ...more] = several.length
    ? several
    : Object.entries(headers ?? {})
        .filter(isOurs)
        .map(([, value]) => value)
  const [, token] = BEARER.exec(header ?? '') ?? []
  if (!token || more.length) throw new TokenRefused('malformed')
  return token
}

/** The base URL of the FHIR API, as API Gateway itself names it. */
const baseOf = ({ path, requestContext }: APIGatewayRequestAuthorizerEvent): string => {
  const full = requestContext.path
  const stage = full.endsWith(path) ? full.slice(0, full.length - path.length) : ''
  return `https://${requestContext.domainName}${stage}${partPath(path)[0]}`
}

/** `arn:…:api/stage/METHOD/path` -> every method and path of the stage: the answer is remembered by the token alone. */
const wholeStage = (methodArn: string): string => `${methodArn.split('/').slice(0, 2).join('/')}/*`

const allow = (claims: Claims, methodArn: string, tenant: string): APIGatewayAuthorizerResult => {
  const context = callerContext(claims)
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: wholeStage(methodArn),
          // Evaluated with each request, so that a remembered answer does not outlive its token.
          Condition: { DateLessThan: { 'aws:CurrentTime': instantOf(claims.exp * 1_000) } },
        },
      ],
    },
    context,
    usageIdentifierKey: shareOf(tenant, context.clientId ?? claims.sub),
  }
}

/**
 * A Lambda authorizer of a REST API (type REQUEST): says of the bearer of a token of the tenant's issuer who that is, and lets them in;
 * what they may do is decided where it is done. Throws `Unauthorized` of any other token.
 */
export const createAuthorizer = ({ tenant, auth, fetchKeys, clock, log }: AuthorizerParts): Authorizer => {
  const onFailure = (error: unknown): void =>
    log({ interaction: 'fetch-keys', status: 503, errors: [(error as Error).name] })
  const keyOf = auth && createKeySet({ fetchKeys: () => fetchKeys(auth), clock, onFailure })

  const verified = async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    if (!auth || !keyOf) throw new TokenRefused('no-issuer')
    const { issuer, audience = baseOf(event), algorithms = TOKEN_ALGORITHMS } = auth
    const claims = await verifyToken(bearerOf(event), keyOf, { issuer, audience, algorithms, now: clock.now() })
    return allow(claims, event.methodArn, tenant)
  }

  return async (event) => {
    const { requestId } = event.requestContext
    try {
      return await verified(event)
    } catch (error) {
      if (error instanceof TokenRefused) {
        log({ requestId, interaction: 'authorize', status: 401, refusal: error.refusal })
        throw new Error(UNAUTHORIZED)
      }
      log({ requestId, interaction: 'authorize', status: 503, errors: [(error as Error).name] })
      throw error
    }
  }
}
