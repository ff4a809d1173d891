import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import { type Careloop, createCareloop } from '../../lib/careloop.ts'
import { type Clock, instantOf } from '../../lib/clock.ts'
import { coreTypes } from '../../lib/http/core-types.ts'
import { fhirApi } from '../../lib/http/fhir-api.ts'
import type { LogLine } from '../../lib/http/log.ts'
import { type Ids, randomIds } from '../../lib/ids.ts'
import { parseJson, stringifyJson } from '../../lib/json.ts'
import { declarations } from '../../lib/resources/index.ts'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import type { Table } from '../../lib/store/table.ts'
import { defaultSettings, type TenantSettings } from '../../lib/tenant.ts'
import { recordFailure, recordingLog } from './recorded-logs.ts'

export interface TestAnswer<Body> {
  status: number
  /** names in lower case */
  headers: Record<string, string>
  text: string
  /** parsed; undefined of an empty body, and of one that is no JSON */
  body: Body
}

type Headers = Record<string, string>

export interface TestApi {
  careloop: Careloop
  /** what has been logged so far */
  log: LogLine[]
  send<Body = Record<string, unknown>>(
    method: string,
    url: string,
    body?: unknown,
    headers?: Headers,
    event?: Partial<APIGatewayProxyEvent>,
  ): Promise<TestAnswer<Body>>
  get<Body = Record<string, unknown>>(url: string, headers?: Headers): Promise<TestAnswer<Body>>
  post<Body = Record<string, unknown>>(url: string, body: unknown, headers?: Headers): Promise<TestAnswer<Body>>
  put<Body = Record<string, unknown>>(url: string, body: unknown, headers?: Headers): Promise<TestAnswer<Body>>
  delete<Body = Record<string, unknown>>(url: string, headers?: Headers): Promise<TestAnswer<Body>>
}

/** Goes on by one second whenever it is asked, so that every version has a time of its own. */
export const steppingClock = (start = '2026-01-05T12:00:00.000Z'): Clock => {
  let now = Date.parse(start)
  return {
    now: () => {
      now += 1_000
      return instantOf(now)
    },
  }
}

export const TEST_BASE = 'https://api.test/fhir'

/** The API as its functions serve it, over a table in memory unless another is given. URLs are below the base: `/Task/1`. */
export const testApi = ({
  table = new MemoryTable(),
  tenant = {},
  clock = steppingClock(),
  ids = randomIds,
  audited = false,
  access = 'open',
}: {
  table?: Table
  tenant?: Partial<TenantSettings>
  clock?: Clock
  ids?: Ids
  audited?: boolean
  /** `token`: requests need a caller with scopes */
  access?: Careloop['access']
} = {}): TestApi => {
  // Most tests say of a resource no more than they are about: what it refers to need not be there.
  const settings: TenantSettings = { ...defaultSettings, referentialIntegrity: 'off', ...tenant }
  const careloop = createCareloop({ table, audited, clock, ids, tenant: settings, access })
  const log: LogLine[] = []
  const options = { log: recordingLog(log) }
  const system = fhirApi(careloop, 'system', options)
  const core = new Map(coreTypes.map((type) => [type, fhirApi(careloop, [type], options)]))
  const supporting = [...declarations.keys()].filter((type) => !coreTypes.includes(type))
  const clinical = fhirApi(careloop, supporting, options)

  const ofSystem = ['', 'metadata', 'openapi.json', '.well-known', '_history', '_search']

  /** The routes of infra: those of the system, one for each core type, and one for everything else. */
  const handlerOf = (path: string) => {
    const [first = ''] = path.split('/').filter(Boolean)
    return ofSystem.includes(first) ? system : (core.get(first) ?? clinical)
  }

  const send = async <Body>(
    method: string,
    url: string,
    body?: unknown,
    headers: Headers = {},
    event: Partial<APIGatewayProxyEvent> = {},
  ): Promise<TestAnswer<Body>> => {
    const [path = '', query = ''] = url.split(/\?(.*)/s)
    const proxyEvent = proxyEventOf(method, `/fhir${path === '/' ? '' : path}`, query, body, headers)
    const context = { awsRequestId: 'request-1' } as Context
    const result = (await handlerOf(path)({ ...proxyEvent, ...event }, context, () => {})) as APIGatewayProxyResult
    recordFailure(result)
    return {
      status: result.statusCode,
      headers: Object.fromEntries(
        Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      text: result.body,
      body: (result.body && isJson(result) ? parseJson(result.body) : undefined) as Body,
    }
  }
  return {
    careloop,
    log,
    send,
    get: (url, headers) => send('GET', url, undefined, headers),
    post: (url, body, headers) => send('POST', url, body, headers),
    put: (url, body, headers) => send('PUT', url, body, headers),
    delete: (url, headers) => send('DELETE', url, undefined, headers),
  }
}

const isJson = ({ headers }: APIGatewayProxyResult): boolean => /json/.test(String(headers?.['Content-Type']))

/** What API Gateway makes of a request to a REST API: the path as it came, the query decoded. */
export const proxyEventOf = (
  method: string,
  path: string,
  query: string,
  body: unknown,
  headers: Headers,
): APIGatewayProxyEvent => {
  const several = Map.groupBy(new URLSearchParams(query), ([name]) => name)
  const multiValueQueryStringParameters = Object.fromEntries(
    [...several].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
  )
  const sent = { host: 'api.test', 'x-forwarded-proto': 'https', ...headers }
  const type = Object.keys(sent).some((name) => name.toLowerCase() === 'content-type')
  const all: Headers = body === undefined || type ? sent : { ...sent, 'Content-Type': 'application/fhir+json' }
  return {
    httpMethod: method,
    path,
    body: body === undefined ? null : typeof body === 'string' ? body : stringifyJson(body),
    isBase64Encoded: false,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: query ? multiValueQueryStringParameters : null,
    pathParameters: null,
    stageVariables: null,
    resource: '',
    requestContext: { path } as APIGatewayProxyEvent['requestContext'],
  }
}
