import type { APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Bundle, Parameters } from 'fhir/r4'
import { calendarApi } from '../../lib/follow-up/feeds/calendar-api.ts'
import { referralLinkApi } from '../../lib/follow-up/referrals/link/referral-link-api.ts'
import { adtApi } from '../../lib/http/adt-api.ts'
import type { LogLine } from '../../lib/http/log.ts'
import type { Ids } from '../../lib/ids.ts'
import { parseJson } from '../../lib/json.ts'
import type { Item } from '../../lib/store/table.ts'
import type { TenantSettings } from '../../lib/tenant.ts'
import { organization, referral, request } from '../flows/follow-up/referral-scene.ts'
import { proxyEventOf, TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { examplesOf, leastOf, TYPES } from './grammar/resources.ts'
import { KNOWN_IDS } from './grammar/values.ts'
import type { FuzzRequest } from './request.ts'
import { WatchedTable } from './watched-table.ts'

export interface FuzzAnswer {
  status: number
  /** names in lower case */
  headers: Record<string, string>
  text: string
  /** parsed, of an answer that says it is JSON */
  body?: unknown
  /** keys of the items that were written meanwhile */
  written: readonly string[]
  /** what was logged meanwhile */
  logged: string
}

/** A service with a few patients in it, in memory. */
export interface World {
  answer(request: FuzzRequest): Promise<FuzzAnswer>
}

/** What every world begins with; made once, since it takes a second. */
export interface Beginning {
  items: readonly Item[]
  calendar: string
  referral: string
}

const MRN = 'https://hosp.example/mrn'
const HL7 = { assigningAuthorities: { HOSP: MRN } }

/** Ids one after the other: the same requests meet the same ids. */
const countedIds = (): Ids => {
  let last = 0
  return { next: () => `019a0000-0000-7000-8000-${String(++last).padStart(12, '0')}` }
}

const PEOPLE = [
  { resourceType: 'Patient', id: 'amelia', identifier: [{ system: MRN, value: '4711' }], name: [{ family: 'Brandt' }] },
  { resourceType: 'Practitioner', id: 'nora', active: true },
  organization('pantry'),
  request(),
  referral(),
]

/** Makes the resources that the grammar knows the ids of. */
export const beginning = async (): Promise<Beginning> => {
  const table = new WatchedTable()
  const api = testApi({ table, ids: countedIds(), tenant: { hl7v2: HL7 } })
  for (const resource of PEOPLE) await api.put(`/${resource.resourceType}/${resource.id}`, resource)
  for (const type of TYPES) {
    const [first = leastOf(type), ...others] = examplesOf(type)
    for (const [index, resource] of [first, ...others.slice(0, 1)].entries()) {
      const id = KNOWN_IDS[index]!
      await api.put(`/${type}/${id}`, { ...resource, id })
    }
  }
  const linkOf = async (url: string): Promise<string> => {
    const { body, text } = await api.post<Parameters>(url, undefined)
    const link = body.parameter?.[0]?.valueUrl
    if (!link) throw new Error(`no link from ${url}: ${text}`)
    return new URL(link).pathname
  }
  return {
    calendar: await linkOf('/Practitioner/nora/$calendar-link'),
    referral: await linkOf('/Task/ask/$referral-link'),
    items: table.items(),
  }
}

const flipped = (text: string, at: number, from: number): string => {
  const place = from + (at % Math.max(text.length - from, 1))
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1)
}

const PLACE = /^\{(\w+)(?::(\d+))?\}$/

/** A world as it was in the beginning. Nothing is shared with any other. */
export const createWorld = async (
  { items, calendar, referral }: Beginning,
  tenant: Partial<TenantSettings>,
  consoleLines: string[],
): Promise<World> => {
  const table = new WatchedTable()
  await table.writeMany(items, [])
  const api: TestApi = testApi({ table, ids: countedIds(), tenant: { hl7v2: HL7, ...tenant } })
  const options = { log: (line: LogLine) => api.log.push(line) }
  const besides = {
    adt: adtApi(api.careloop, options),
    calendar: calendarApi(api.careloop, options),
    referral: referralLinkApi(api.careloop),
  }
  let next = '/Task?_count=1'

  const urlOf = ({ url }: FuzzRequest): string => {
    const [, name, at] = PLACE.exec(url) ?? []
    const known = name === 'next' ? next : name === 'calendar' ? calendar : name === 'referral' ? referral : undefined
    if (known === undefined) return url
    const start = name === 'next' ? known.indexOf('_cursor=') + '_cursor='.length : known.lastIndexOf('/') + 1
    return at === undefined ? known : flipped(known, Number(at), start)
  }

  const ask = async (handler: APIGatewayProxyHandler, { method, body, headers, ...rest }: FuzzRequest, url: string) => {
    const [path = '', query = ''] = url.split(/\?(.*)/s)
    const event = {
      ...proxyEventOf(method, path, query, body, headers),
      ...(rest.isBase64Encoded && { isBase64Encoded: true }),
    }
    const result = (await handler(event, { awsRequestId: 'request-1' } as Context, () => {})) as APIGatewayProxyResult
    const named = Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
    return {
      status: result.statusCode,
      headers: Object.fromEntries(named) as Record<string, string>,
      text: result.body,
    }
  }

  const askFhir = (sent: FuzzRequest, url: string) => {
    const path = `/fhir${url.split('?')[0]}`
    return api.send(sent.method, url, sent.body, sent.headers, {
      requestContext: {
        path,
        ...(sent.caller && { authorizer: { clientId: 'app', ...sent.caller } }),
      } as unknown as ReturnType<typeof proxyEventOf>['requestContext'],
      ...(sent.isBase64Encoded && { isBase64Encoded: true }),
    })
  }

  return {
    async answer(sent) {
      const before = table.written.length
      api.log.length = 0
      consoleLines.length = 0
      const url = urlOf(sent)
      // As it is when it has come over the wire.
      const body = sent.body?.toWellFormed()
      const wired: FuzzRequest = { ...sent, ...(body !== undefined && { body }) }
      const { status, headers, text } =
        sent.surface === 'fhir' ? await askFhir(wired, url) : await ask(besides[sent.surface], wired, url)
      const isJson = /json/.test(headers['content-type'] ?? '') && text !== ''
      const answered = isJson ? parseJson(text) : undefined
      const link = (answered as Bundle | undefined)?.link
      const following = Array.isArray(link) ? link.find(({ relation }) => relation === 'next')?.url : undefined
      if (following?.startsWith(TEST_BASE)) next = following.slice(TEST_BASE.length)
      return {
        status,
        headers,
        text,
        ...(isJson && { body: answered }),
        written: table.written.slice(before),
        logged: JSON.stringify(api.log) + consoleLines.join('\n'),
      }
    },
  }
}
