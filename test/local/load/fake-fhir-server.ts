import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { linksOf, withLinks } from '../../../local/load/links.ts'

type Json = Record<string, unknown>
interface FakeEntry {
  fullUrl?: string
  resource?: Json & { resourceType: string; id?: string }
  request: { method: string; url: string; ifNoneExist?: string }
}
interface FakeBundle {
  resourceType: string
  type: string
  entry: FakeEntry[]
}

type Disturbance = number | 'drop' | undefined

export interface FakeFhirServerOptions {
  types?: readonly string[]
  updateCreate?: boolean
  /** entries a transaction may have */
  largest?: number
  /** an answer for a request instead of the usual one; 'drop' closes the connection */
  disturb?: (request: { path: string; number: number; bundle?: FakeBundle }) => Disturbance | Promise<Disturbance>
  /** a reason not to take a resource */
  check?: (resource: Json, bundle: FakeBundle) => { text: string; element: string; code?: string } | undefined
}

export interface FakeFhirServer {
  base: string
  /** `Type/id` -> every version that was written */
  stored: Map<string, Json[]>
  bundles: FakeBundle[]
  requests: { path: string; authorization?: string }[]
  close(): Promise<void>
}

const TYPES = ['Patient', 'Practitioner', 'Organization', 'Encounter', 'Observation', 'Provenance']

class Refusal extends Error {
  readonly status: number
  readonly expression?: string
  readonly code: string
  constructor(status: number, text: string, expression?: string, code = 'processing') {
    super(text)
    this.status = status
    this.expression = expression
    this.code = code
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

/** Just enough of a FHIR server to load into: atomic transactions with a limit, conditional creates and references, idempotent PUTs. */
export const startFakeFhirServer = async (options: FakeFhirServerOptions = {}): Promise<FakeFhirServer> => {
  const { types = TYPES, updateCreate = true, largest = 100, disturb, check } = options
  const stored = new Map<string, Json[]>()
  const bundles: FakeBundle[] = []
  const requests: FakeFhirServer['requests'] = []
  let assigned = 0

  const matching = (criteria: string, type: string): string[] => {
    const [, system, value] = /identifier=([^|]*)\|(.*)/.exec(criteria) ?? []
    return [...stored]
      .filter(([reference]) => reference.startsWith(`${type}/`))
      .filter(([, versions]) => {
        const identifiers = (versions.at(-1)?.identifier ?? []) as { system?: string; value?: string }[]
        return identifiers.some((identifier) => identifier.system === system && identifier.value === value)
      })
      .map(([reference]) => reference)
  }

  const plan = (entry: FakeEntry): { reference: string; status: number } => {
    const { method, url, ifNoneExist } = entry.request
    if (method === 'PUT') return { reference: url, status: stored.has(url) ? 200 : 201 }
    const [found] = ifNoneExist ? matching(ifNoneExist, url) : []
    if (found) return { reference: found, status: 200 }
    assigned += 1
    return { reference: `${url}/assigned-${assigned}`, status: 201 }
  }

  const searched = ({ request: { url } }: FakeEntry) => {
    const [type, criteria] = url.split('?')
    const found = matching(criteria!.replace('&_count=2', ''), type!)
    const entry = found.map((reference) => ({
      resource: { resourceType: type, id: reference.split('/')[1] },
      search: { mode: 'match' },
    }))
    return { resource: { resourceType: 'Bundle', type: 'searchset', entry }, response: { status: '200 OK' } }
  }

  const transaction = (bundle: FakeBundle) => {
    if (bundle.entry.every(({ request }) => request.method === 'GET')) {
      return { resourceType: 'Bundle', type: `${bundle.type}-response`, entry: bundle.entry.map(searched) }
    }
    if (bundle.type === 'transaction' && bundle.entry.length > largest) {
      throw new Refusal(413, `A transaction takes ${largest} entries`)
    }
    const plans = bundle.entry.map(plan)
    const links = new Map(
      bundle.entry.flatMap(({ fullUrl }, index) => (fullUrl ? [[fullUrl, plans[index]!.reference] as const] : [])),
    )
    const contents = bundle.entry.map(({ resource }, index) => {
      const at = `Bundle.entry[${index}].resource`
      const problem = resource && check?.(resource, bundle)
      if (problem) throw new Refusal(422, problem.text, `${at}.${problem.element}`, problem.code)
      for (const link of linksOf(resource)) {
        const [type, criteria] = link.split('?')
        if (criteria) {
          const [found] = matching(criteria, type!)
          if (!found) throw new Refusal(412, `The conditional reference finds no ${type}`, `${at}.subject.reference`)
          links.set(link, found)
        } else if (link.startsWith('urn:uuid:') && !links.has(link)) {
          throw new Refusal(422, 'No entry has this placeholder', `${at}.subject.reference`)
        }
      }
      return resource && withLinks(resource, links)
    })
    const entry = plans.map(({ reference, status }, index) => {
      const versions = stored.get(reference) ?? []
      const same = JSON.stringify(versions.at(-1)) === JSON.stringify(contents[index])
      const isMatch = bundle.entry[index]!.request.method === 'POST' && status === 200
      if (!same && !isMatch) stored.set(reference, [...versions, contents[index]!])
      return { response: { status: `${status} x`, location: `${reference}/_history/1` } }
    })
    return { resourceType: 'Bundle', type: `${bundle.type}-response`, entry }
  }

  const metadata = {
    resourceType: 'CapabilityStatement',
    rest: [
      { mode: 'server', resource: types.map((type) => ({ type, updateCreate, interaction: [{ code: 'update' }] })) },
    ],
  }

  const answer = (path: string, bundle: FakeBundle | undefined): { status: number; body: unknown } => {
    if (path === '/fhir/metadata') return { status: 200, body: metadata }
    if (!bundle) return { status: stored.has(path.replace('/fhir/', '')) ? 200 : 404, body: {} }
    bundles.push(bundle)
    return { status: 200, body: transaction(bundle) }
  }

  const outcome = (error: Refusal) => ({
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: error.code,
        diagnostics: error.message,
        ...(error.expression && { expression: [error.expression] }),
      },
    ],
  })

  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const text = await bodyOf(request)
    const bundle = text ? (JSON.parse(text) as FakeBundle) : undefined
    const number = requests.push({ path, authorization: request.headers.authorization })
    const disturbed = await disturb?.({ path, number, bundle })
    if (disturbed === 'drop') return void request.socket.destroy()
    const say = (status: number, body: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body))
    if (disturbed) return say(disturbed, {})
    try {
      const { status, body } = answer(path, bundle)
      say(status, body)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      say(error.status, outcome(error))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    stored,
    bundles,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
