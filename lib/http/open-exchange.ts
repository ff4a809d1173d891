import type { APIGatewayProxyEvent, Context } from 'aws-lambda'
import type { Exchange, Step } from './exchange.ts'

/** Turns the event of a REST API's proxy integration into an exchange; cannot fail. */
export const openExchange = (): Step => ({
  before(request) {
    request.event = exchangeOf(request.event as unknown as APIGatewayProxyEvent, request.context)
  },
})

/** A request as the steps find it: nothing of it has been read yet. */
export const exchangeOf = (event: APIGatewayProxyEvent, context: Partial<Context>): Exchange => {
  const headers = headersOf(event)
  return {
    event,
    requestId: context.awsRequestId ?? event.requestContext?.requestId ?? '',
    startedAt: performance.now(),
    headers,
    method: event.httpMethod,
    baseUrl: baseUrlOf(event, headers),
    segments: [],
    query: [],
    prefer: { handling: 'strict' },
    pretty: false,
  }
}

const headersOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent): Exchange['headers'] => {
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const multiple = Object.entries(multiValueHeaders ?? {}).map(([name, values]) => [
    name.toLowerCase(),
    values?.join(', '),
  ])
  return Object.fromEntries([...single, ...multiple])
}

/** Where the path of every FHIR URL begins, below whatever stage or base path the API is deployed to. */
const ROOT = 'fhir'

/** The path up to and with `/fhir`, and what follows it. */
export const partPath = (path: string): [base: string, rest: string] => {
  const [, base = `/${ROOT}`, rest = ''] = /^(.*?\/fhir)(?:\/(.*))?$/s.exec(path) ?? []
  return [base, rest]
}

const baseUrlOf = ({ path, requestContext }: APIGatewayProxyEvent, headers: Exchange['headers']): string => {
  const protocol = headers['x-forwarded-proto']?.split(',')[0]?.trim() || 'https'
  const host = headers.host ?? requestContext?.domainName ?? 'localhost'
  // requestContext.path has the stage in front, path has not.
  const full = requestContext?.path ?? path
  const stage = full.endsWith(path) ? full.slice(0, full.length - path.length) : ''
  return `${protocol}://${host}${stage}${partPath(path)[0]}`
}
