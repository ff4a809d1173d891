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
  /** what an authorizer in front of the function has found out; none: there is none */
  authorizer?: Readonly<Record<string, string>>
}

type Multi = Record<string, string[]>

const lastOf = (multi: Multi): Record<string, string> =>
  Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) ?? '']))

const gather = (pairs: Iterable<readonly [string, string]>): Multi => {
  const multi: Multi = {}
  for (const [name, value] of pairs) {
    const values = multi[name] ?? []
    multi[name] = values
    values.push(value)
  }
  return multi
}

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

/** The event that a REST API gives to a function (proxy integration, payload version 1.0), here with no stage before the path. */
export const proxyEvent = ({
  message,
  body,
  match,
  path,
  query,
  epochMilliseconds,
  authorizer,
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
      authorizer,
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
