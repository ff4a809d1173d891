import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { ACCOUNT } from './intrinsics.ts'
import type { RouteMatch } from './route-tree.ts'

export interface ReceivedRequest {
  message: IncomingMessage
  body: Buffer
  match: RouteMatch
  path: string
  query: string
  epochMilliseconds: number
}

type Multi = Record<string, string[]>

const lastOf = (multi: Multi): Record<string, string> =>
  Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) ?? '']))

/** Own members, also of names such as `__proto__`. */
const gather = (pairs: Iterable<readonly [string, string]>): Multi =>
  Object.fromEntries(
    [...Map.groupBy(pairs, ([name]) => name)].map(([name, group]) => [name, group.map(([, value]) => value)]),
  )

/** Headers as the client wrote their names, and those that API Gateway adds. */
const headersOf = ({ rawHeaders, socket }: IncomingMessage): Multi => {
  const pairs = Array.from(
    { length: rawHeaders.length / 2 },
    (_, index) => [rawHeaders[2 * index]!, rawHeaders[2 * index + 1]!] as const,
  )
  const sent = pairs.filter(([name]) => !name.toLowerCase().startsWith('x-forwarded-'))
  return gather([
    ...sent,
    ['X-Forwarded-For', socket.remoteAddress ?? '127.0.0.1'],
    ['X-Forwarded-Port', String(socket.localPort)],
    ['X-Forwarded-Proto', 'http'],
  ])
}

/** The event that a REST API gives to a function (proxy integration, payload version 1.0), here with no stage before the path and before an authorizer was asked. */
export const proxyEvent = ({
  message,
  body,
  match,
  path,
  query,
  epochMilliseconds,
}: ReceivedRequest): APIGatewayProxyEvent => {
  const headers = headersOf(message)
  const parameters = gather(new URLSearchParams(query))
  const httpMethod = message.method ?? 'GET'
  return {
    resource: match.route.path,
    path,
    httpMethod,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: query ? lastOf(parameters) : null,
    multiValueQueryStringParameters: query ? parameters : null,
    pathParameters: Object.keys(match.parameters).length ? match.parameters : null,
    stageVariables: null,
    body: body.length ? body.toString('utf8') : null,
    isBase64Encoded: false,
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      authorizer: undefined,
      domainName: message.headers.host ?? 'localhost',
      domainPrefix: 'local',
      httpMethod,
      identity: identityOf(message),
      path,
      protocol: `HTTP/${message.httpVersion}`,
      requestId: randomUUID(),
      requestTime: new Date(epochMilliseconds).toUTCString(),
      requestTimeEpoch: epochMilliseconds,
      resourceId: 'local',
      resourcePath: match.route.path,
      stage: 'local',
    },
  }
}

const identityOf = ({ socket, headers }: IncomingMessage): APIGatewayProxyEvent['requestContext']['identity'] => ({
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: socket.remoteAddress ?? '127.0.0.1',
  user: null,
  userAgent: headers['user-agent'] ?? null,
  userArn: null,
})
