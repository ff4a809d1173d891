import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Resource } from '../../lib/fhir.ts'
import { declarations } from '../../lib/resources/index.ts'

export const data = process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data')
export const hasData = existsSync(join(data, 'synthea')) && existsSync(join(data, 'r4/search-parameters.json'))

interface Entry {
  fullUrl?: string
  resource?: Resource
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/
const UUID = /^urn:uuid:(.*)$/

const filesIn = (folder: string): string[] =>
  existsSync(join(data, folder))
    ? readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(data, folder, name))
        .filter((name) => name.endsWith('.json') && statSync(name).isFile())
        .sort()
    : []

/** Some of the hand-made samples are no JSON, and so nothing that a server would have taken. */
const parsed = (text: string): (Resource & { entry?: Entry[] }) | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const entriesIn = (file: string): Entry[] => {
  const content = parsed(readFileSync(file, 'utf8'))
  if (!content) return []
  return content.resourceType === 'Bundle' ? (content.entry ?? []) : [{ resource: content }]
}

/** The resources of one file, with references between them as a server would make them. */
const resourcesIn = (file: string): Resource[] => {
  const entries = entriesIn(file).filter((entry) => entry.resource && declarations.has(entry.resource.resourceType))
  const named = entries.map(({ fullUrl = '', resource }) => {
    const id = UUID.exec(fullUrl)?.[1] ?? resource!.id
    return { fullUrl, resource: { ...resource!, id } as Resource }
  })
  const references = new Map(
    named.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`] as const),
  )
  return named
    .filter(({ resource }) => ID.test(resource.id ?? ''))
    .map(({ resource }) => {
      const text = JSON.stringify(resource, (name, value) =>
        name === 'reference' && typeof value === 'string' ? (references.get(value) ?? value) : value,
      )
      return JSON.parse(text) as Resource
    })
}

const COPIES = 5
const OWN = 'fhir-profiles/examples'

/**
 * At most `perType` resources of each served type, spread evenly over the Synthea patients, the hand-made care coordination samples
 * and our own examples; some of them changed, to hold what real data seldom holds.
 */
export const sampleResources = (perType: number): Resource[] => {
  const own = readdirSync(OWN, { recursive: true, encoding: 'utf8' })
    .map((name) => join(OWN, name))
    .filter((name) => name.endsWith('.json'))
  const files = [...filesIn('care-samples'), ...filesIn('synthea'), ...own]
  const byType = new Map<string, Map<string, Resource>>()
  for (const file of files)
    for (const resource of resourcesIn(file)) {
      const { text: _text, contained: _contained, ...rest } = resource
      const known = byType.get(resource.resourceType) ?? new Map()
      known.set(resource.id!, rest)
      byType.set(resource.resourceType, known)
    }
  const chosen = [...byType.values()].flatMap((known) => {
    const all = [...known.values()]
    const step = Math.max(1, all.length / perType)
    // Of what is rare in the data several, which come to differ below.
    return Array.from({ length: Math.min(perType, all.length * COPIES) }, (_, n) => ({
      n,
      resource: all[Math.floor(n * step) % all.length]!,
    }))
  })
  // Numbered within its type, so that many an id belongs to resources of several types.
  const renamed = new Map(
    chosen.map(({ n, resource: { resourceType, id } }) => [`${resourceType}/${id}`, `${resourceType}/${n}`] as const),
  )
  return chosen.map(({ n, resource }) => ({ ...varied(resource, n, renamed), id: String(n) }))
}

const DATE = /^\d{4}-\d\d-\d\d(T|$)/
/** Of the Tasks of the samples hardly any is due. */
const DUE = [
  '2026-11-25',
  '2026-11',
  '2026',
  '2026-11-25T17:00:00-06:00',
  '2026-11-30',
  '2027-01-01',
  '2026-12-24T00:00:00Z',
  undefined,
]
const SUBJECTS = ['subject', 'for', 'patient']

/** What the samples lack: dates of a month or a year, times without an offset, subjects that are no patients or have no literal reference. */
const varied = (resource: Resource, n: number, renamed: ReadonlyMap<string, string>): Resource => {
  const date = (text: string): string =>
    n % 6 === 0 ? text.slice(0, 7) : n % 6 === 1 ? text.slice(0, 4) : n % 6 === 2 ? text.slice(0, 19) : text
  const due = resource.resourceType === 'Task' ? { restriction: { period: { end: DUE[n % DUE.length] } } } : {}
  return JSON.parse(
    JSON.stringify({ ...resource, ...due }, (name, value) => {
      if (name === 'reference' && typeof value === 'string') return renamed.get(value) ?? value
      if (typeof value === 'string' && DATE.test(value)) return date(value)
      if (!SUBJECTS.includes(name) || typeof value?.reference !== 'string') return value
      if (n % 8 === 3 && name !== 'patient') return { reference: 'Group/1' }
      if (n % 8 === 5) return { reference: 'https://other.example.org/fhir/Patient/1' }
      return n % 8 === 7 ? { identifier: { system: 'urn:mrn', value: '7' }, display: 'x' } : value
    }),
  ) as Resource
}
