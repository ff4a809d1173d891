import type { Bundle, BundleEntry, FhirResource, ImplementationGuide, OperationOutcome } from 'fhir/r4'
import { chunksOf } from '../../lib/store/backoff.ts'
import { CannotLoad } from '../load/cannot-load.ts'
import type { FhirServer } from '../load/fhir-server.ts'
import type { Definition, Guide } from './read-guide.ts'

/** What a package has brought bears this tag: its code is `name#version`. */
export const PACKAGE_TAG = 'https://careloop.dev/fhir/package'

const TYPES = ['StructureDefinition', 'ValueSet', 'CodeSystem', 'ImplementationGuide'] as const
const PAGE = 200
/** With what a Bundle adds this stays below the 6 MB of one request. */
const TRANSACTION_BYTES = 4_000_000

type Server = Pick<FhirServer, 'post' | 'base'>

/** A package that a service has. */
export interface StoredGuide {
  key: string
  title: string
  /** how many definitions it lists */
  definitions: number
}

export interface Added {
  added: number
  /** there already */
  present: number
  refused: { name: string; reason: string }[]
}

const tagOf = (key: string): string => `_tag=${encodeURIComponent(`${PACKAGE_TAG}|${key}`)}`

const problemsOf = (body: unknown): OperationOutcome['issue'] => (body as OperationOutcome | undefined)?.issue ?? []

const refusal = (status: number, body: unknown): CannotLoad =>
  new CannotLoad(`The service refuses (${status}): ${problemsOf(body)[0]?.diagnostics ?? 'it does not say why'}`)

/** Searches, and follows their pages. */
const search = async (server: Server, queries: readonly string[]): Promise<FhirResource[]> => {
  const found: FhirResource[] = []
  for (let urls = [...queries]; urls.length; ) {
    const entry = urls.map((url): BundleEntry => ({ request: { method: 'GET', url } }))
    const { status, body } = await server.post({ resourceType: 'Bundle', type: 'batch', entry })
    if (status !== 200) throw refusal(status, body)
    urls = []
    for (const { resource, response } of (body as Bundle).entry ?? []) {
      const page = resource as Bundle | undefined
      if (page?.resourceType !== 'Bundle') throw refusal(Number.parseInt(response?.status ?? '', 10), response?.outcome)
      for (const { resource: match } of page.entry ?? []) if (match) found.push(match as FhirResource)
      const next = page.link?.find(({ relation }) => relation === 'next')?.url
      if (next !== undefined) urls.push(next.slice(next.search(/[A-Z]\w*\?[^/]*$/)))
    }
  }
  return found
}

/** The packages that a service has, in order of their names. */
export const listGuides = async (server: Server): Promise<StoredGuide[]> => {
  const found = await search(server, [`ImplementationGuide?_count=${PAGE}`])
  return (found as ImplementationGuide[])
    .flatMap(({ meta, title, name, definition }) => {
      const tag = meta?.tag?.find(({ system }) => system === PACKAGE_TAG)
      return tag?.code ? [{ key: tag.code, title: title ?? name, definitions: definition?.resource.length ?? 0 }] : []
    })
    .toSorted((one, other) => one.key.localeCompare(other.key, 'en', { numeric: true }))
}

const tagged = <T extends FhirResource>(resource: T, key: string): T => ({
  ...resource,
  meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), { system: PACKAGE_TAG, code: key }] },
})

/** Adding twice adds once, whatever became of the first time. */
const creation = (resource: Definition | ImplementationGuide, key: string): BundleEntry => ({
  resource: tagged(resource, key),
  request: {
    method: 'POST',
    url: resource.resourceType,
    ifNoneExist: `url=${encodeURIComponent(resource.url!)}&${tagOf(key)}`,
  },
})

const chunks = (entries: readonly BundleEntry[]): BundleEntry[][] => {
  const all: BundleEntry[][] = [[]]
  let bytes = 0
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry))
    if (bytes + size > TRANSACTION_BYTES && all.at(-1)!.length) {
      all.push([])
      bytes = 0
    }
    all.at(-1)!.push(entry)
    bytes += size
  }
  return all
}

interface Sent {
  references: { reference: string; entry: BundleEntry; isNew: boolean }[]
  refused: Added['refused']
}

/** One transaction; what the service refuses is left out, and the rest sent again. */
const send = async (server: Server, entries: readonly BundleEntry[]): Promise<Sent> => {
  const { status, body } = await server.post({ resourceType: 'Bundle', type: 'transaction', entry: [...entries] })
  if (status === 200) {
    const answers = (body as Bundle).entry ?? []
    const references = entries.map((entry, position) => {
      const { location = '', status: code = '' } = answers[position]?.response ?? {}
      const [, reference = ''] = /([A-Z]\w+\/[^/]+)(?:\/_history\/|$)/.exec(location) ?? []
      return { reference, entry, isNew: code.startsWith('201') }
    })
    return { references, refused: [] }
  }
  const reasons = new Map<number, string>()
  for (const { severity, diagnostics = '', expression = [] } of problemsOf(body)) {
    const [, position] = /^Bundle\.entry\[(\d+)\]/.exec(expression[0] ?? '') ?? []
    if (severity === 'error' && position !== undefined && !reasons.has(Number(position)))
      reasons.set(Number(position), diagnostics)
  }
  if (!reasons.size) throw refusal(status, body)
  const refused = [...reasons].map(([position, reason]) => ({ name: nameOf(entries[position]!), reason }))
  const others = entries.filter((_, position) => !reasons.has(position))
  if (!others.length) return { references: [], refused }
  const sent = await send(server, others)
  return { ...sent, refused: [...refused, ...sent.refused] }
}

const nameOf = ({ resource }: BundleEntry): string => {
  const { resourceType, name, url } = resource as Definition
  return `${resourceType} ${name ?? url}`
}

/**
 * Stores what validation needs of a package as ordinary resources, and last an ImplementationGuide that lists them.
 * @throws CannotLoad when the service refuses
 */
export const addGuide = async (server: Server, guide: Guide): Promise<Added> => {
  const { key, packageId, version, url, title, definitions } = guide
  const refused = [...guide.refused]
  const stored: Sent['references'] = []
  for (const entries of chunks(definitions.map((definition) => creation(definition, key)))) {
    const sent = await send(server, entries)
    stored.push(...sent.references)
    refused.push(...sent.refused)
  }
  const list: ImplementationGuide = {
    resourceType: 'ImplementationGuide',
    url,
    version,
    name: packageId.replace(/[^A-Za-z0-9]+/g, '_'),
    title,
    status: 'active',
    packageId,
    fhirVersion: ['4.0.1'],
    definition: {
      resource: stored.map(({ reference, entry }) => ({ reference: { reference }, name: nameOf(entry) })),
    },
  }
  const guides = await send(server, [creation(list, key)])
  const added = stored.filter(({ isNew }) => isNew).length
  return { added, present: stored.length - added, refused: [...refused, ...guides.refused] }
}

/** For each the service looks who refers to it, and it has 30 s for a request. */
const DELETED_AT_ONCE = 20

/**
 * Deletes what a package has brought: first the ImplementationGuide, which refers to the rest. What an interruption leaves is deleted by
 * doing it again.
 * @param key `name#version`
 * @returns how many resources
 * @throws CannotLoad when there is none, or when the service refuses
 */
export const removeGuide = async (server: Server, key: string): Promise<number> => {
  const queries = TYPES.map((type) => `${type}?${tagOf(key)}&_count=${PAGE}&_elements=url`)
  const found = await search(server, queries)
  if (!found.length) throw new CannotLoad(`The service has no package ${key}; npm run ig -- list tells what it has.`)
  const isGuide = ({ resourceType }: FhirResource): boolean => resourceType === 'ImplementationGuide'
  const definitions = found.filter((one) => !isGuide(one))
  for (const some of [found.filter(isGuide), ...chunksOf(definitions, DELETED_AT_ONCE)].filter(
    ({ length }) => length,
  )) {
    const entry = some.map(
      ({ resourceType, id }): BundleEntry => ({ request: { method: 'DELETE', url: `${resourceType}/${id}` } }),
    )
    const { status, body } = await server.post({ resourceType: 'Bundle', type: 'transaction', entry })
    if (status !== 200) throw refusal(status, body)
  }
  return found.length
}
