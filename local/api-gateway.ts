import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Clock } from '../lib/clock.ts'
import { errorText } from './async-invocations.ts'
import type { Blueprint, GatewayAnswer, RouteBlueprint } from './blueprint.ts'
import { createAdmit } from './client-shares.ts'
import type { FunctionHost } from './function-host.ts'
import { type Authorization, createAuthorize } from './gateway-authorizer.ts'
import { proxyEvent } from './proxy-event.ts'
import { createRouteFinder } from './route-tree.ts'

/** API Gateway takes 10 MB, the Lambda behind it 6 MB of event and as much of response. */
const LARGEST_BODY = 10 * 1024 * 1024
const LARGEST_PAYLOAD = 6 * 1024 * 1024
const STOP_WITHIN_MS = 5_000
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i

/** Answers a request that is the runtime's own business, under `/_local/`. */
export type OwnEndpoint = (method: string, path: string, body: string) => Promise<{ status: number; body: unknown }>

export interface ApiGateway {
  port: number
  /** What answers; requests that came earlier have waited for it. */
  serve(parts: ApiGatewayParts): void
  stop(): Promise<void>
}

export interface ApiGatewayParts {
  blueprint: Pick<Blueprint, 'routes' | 'gatewayAnswers' | 'usagePlans'>
  host: FunctionHost
  clock: Clock
  /** ask nobody for a token */
  open: boolean
  ownEndpoint: OwnEndpoint
  log: (line: string) => void
}

/** The port is taken. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`Port ${port} of 127.0.0.1 is in use: stop what listens there, or choose another with --port.`)
    this.name = 'PortTaken'
  }
}

type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** The whole body, or undefined when it is too large; then what remains is read and dropped, so that the client gets its answer. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length <= LARGEST_BODY) chunks.push(chunk as Buffer)
  }
  return length <= LARGEST_BODY ? Buffer.concat(chunks) : undefined
}

/**
 * Who a client says it is, where nobody is asked for a token. It takes the place of what the authorizer finds out; behind one these
 * headers mean nothing.
 */
const saidCaller = ({ headers }: IncomingMessage): Record<string, string> | undefined => {
  const { 'x-careloop-user': fhirUser, 'x-careloop-roles': roles } = headers
  const said = { ...(fhirUser && { fhirUser: String(fhirUser) }), ...(roles && { roles: String(roles) }) }
  return Object.keys(said).length ? said : undefined
}

/** Whether a page of another site has a browser send it. */
const isFromElsewhere = ({ headers: { origin } }: IncomingMessage): boolean =>
  origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, ''))

const isResult = (result: unknown): result is APIGatewayProxyResult =>
  typeof (result as APIGatewayProxyResult | undefined)?.statusCode === 'number'

const createResponder = ({ blueprint, host, clock, open, ownEndpoint, log }: ApiGatewayParts): Respond => {
  const findRoute = createRouteFinder(blueprint.routes)
  const authorize = createAuthorize(host, Date.now, log)
  const admit = createAdmit(blueprint.usagePlans, Date.now)

  const answerOf = (type: string, family: string): GatewayAnswer | undefined =>
    blueprint.gatewayAnswers.get(type) ?? blueprint.gatewayAnswers.get(family)
  const refuse = (response: ServerResponse, type: string, status: number): void => {
    const answer = answerOf(type, status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX')
    response.statusCode = answer?.status ?? status
    for (const [name, value] of Object.entries(answer?.headers ?? { 'Content-Type': 'application/json' }))
      response.setHeader(name, value)
    response.end(answer?.body ?? JSON.stringify({ message: type }))
  }

  const give = (response: ServerResponse, result: APIGatewayProxyResult): void => {
    for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value))
    for (const [name, values] of Object.entries(result.multiValueHeaders ?? {}))
      response.setHeader(name, values.map(String))
    response.statusCode = result.statusCode
    response.end(result.isBase64Encoded ? Buffer.from(result.body, 'base64') : result.body)
  }

  const authorizationOf = async (
    request: IncomingMessage,
    event: APIGatewayProxyEvent,
    { authorizer }: RouteBlueprint,
  ): Promise<Authorization | { context: undefined }> => {
    if (open) return { context: saidCaller(request) }
    return authorizer ? authorize(authorizer, event) : { context: undefined }
  }

  const respond: Respond = async (request, response) => {
    const [path = '/', ...rest] = (request.url ?? '/').split('?')
    const method = request.method ?? 'GET'
    const body = await readBody(request)
    // Another site's page must not reach this server by a name of its own that it points at this machine.
    if (!LOOPBACK.test(request.headers.host ?? '')) return refuse(response, 'WAF_FILTERED', 403)
    if (!body) return refuse(response, 'REQUEST_TOO_LARGE', 413)
    if (path.startsWith('/_local/')) {
      if (isFromElsewhere(request)) return refuse(response, 'WAF_FILTERED', 403)
      const own = await ownEndpoint(method, path, body.toString('utf8'))
      response.statusCode = own.status
      response.setHeader('Cache-Control', 'no-store')
      response.setHeader('Content-Type', 'application/json').end(`${JSON.stringify(own.body)}\n`)
      return
    }
    const match = findRoute(method, path)
    if (!match) return refuse(response, 'MISSING_AUTHENTICATION_TOKEN', 403)
    const epochMilliseconds = Date.parse(clock.now())
    const query = rest.join('?')
    const event = proxyEvent({ message: request, body, match, path, query, epochMilliseconds })
    const authorization = await authorizationOf(request, event, match.route)
    if ('refused' in authorization) return refuse(response, authorization.refused, authorization.status)
    if (match.route.keyRequired && !open) {
      const admission = admit('usageKey' in authorization ? authorization.usageKey : undefined)
      if (admission === 'unknown-key') return refuse(response, 'INVALID_API_KEY', 403)
      if (admission === 'throttled') return refuse(response, 'THROTTLED', 429)
    }
    event.requestContext.authorizer = authorization.context
    if (body.length > LARGEST_PAYLOAD / 2 && Buffer.byteLength(JSON.stringify(event)) > LARGEST_PAYLOAD)
      return refuse(response, 'REQUEST_TOO_LARGE', 413)
    const result = await host.invoke(match.route.functionArn, event)
    if (!isResult(result) || (result.body?.length ?? 0) > LARGEST_PAYLOAD)
      throw new Error(isResult(result) ? 'the response is larger than 6 MB' : 'the response has no statusCode')
    give(response, result)
  }

  return async (request, response) => {
    try {
      await respond(request, response)
    } catch (error) {
      if (error instanceof URIError) return refuse(response, 'BAD_REQUEST_PARAMETERS', 400)
      log(`${request.method} was not answered by its function: ${errorText(error)}`)
      if (!response.headersSent) refuse(response, 'INTEGRATION_FAILURE', 502)
      else response.destroy()
    }
  }
}

const listen = async (server: Server, port: number): Promise<number> => {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port)
    throw error
  }
  return (server.address() as { port: number }).port
}

/** Listens on the loopback interface at once; requests wait until {@link ApiGateway.serve}. @throws PortTaken */
export const startApiGateway = async (port: number): Promise<ApiGateway> => {
  const ready = Promise.withResolvers<Respond>()
  const server = createServer((request, response) => {
    void ready.promise.then((respond) => respond(request, response)).catch(() => response.destroy())
  })
  ready.promise.catch(() => undefined)
  const listening = await listen(server, port)

  const close = async (): Promise<void> => {
    ready.reject(new Error('the runtime stopped'))
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    const late = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS)
    await closed
    clearTimeout(late)
  }
  let closing: Promise<void> | undefined
  return {
    port: listening,
    serve: (parts) => ready.resolve(createResponder(parts)),
    stop() {
      closing ??= close()
      return closing
    },
  }
}
