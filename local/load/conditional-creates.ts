import type { Bundle, BundleEntry } from 'fhir/r4'
import type { Entry } from './entries.ts'
import type { FhirServer } from './fhir-server.ts'
import { urnTarget } from './plan-bundle.ts'
import type { Outcome } from './send-chunk.ts'

/** Conditional creates, looked up. */
export interface LookedUp {
  /** what is left to send: creates that found nothing have become updates of the id in their fullUrl */
  entries: Entry[]
  /** of the creates that found what they want */
  outcomes: Outcome[]
  /** where links to the looked up entries lead */
  ends: Map<string, string>
}

const isSearchable = ({ target, request, fullUrl, type }: Entry): boolean =>
  !target && request.method === 'POST' && typeof request.ifNoneExist === 'string' && !!urnTarget(type, fullUrl)

const criteriaOf = ({ type, request }: Entry): string => `${type}?${String(request.ifNoneExist)}`

/** What each search finds: nothing, one resource, or undefined where that is not certain. */
const find = async (
  server: Pick<FhirServer, 'post'>,
  searches: readonly string[],
): Promise<(string | null | undefined)[]> => {
  const entry = searches.map((search): BundleEntry => ({ request: { method: 'GET', url: `${search}&_count=2` } }))
  const { body } = await server.post({ resourceType: 'Bundle', type: 'batch', entry })
  const answers = (body as Bundle | undefined)?.entry ?? []
  return searches.map((_, position) => {
    const found = answers[position]?.resource as Bundle | undefined
    if (found?.resourceType !== 'Bundle') return undefined
    const matches = (found.entry ?? []).filter(({ search }) => search?.mode !== 'outcome' && search?.mode !== 'include')
    if (matches.length > 1 || found.link?.some(({ relation }) => relation === 'next')) return undefined
    const [match] = matches
    return match ? `${match.resource?.resourceType}/${match.resource?.id}` : null
  })
}

/**
 * Looks up what conditional creates are looking for, so that what is not there yet gets the uuid of its fullUrl as its id. A server
 * would make up an id; another file that brings the same hospital under the same uuid would then add it a second time, and
 * conditional references to it would find two.
 *
 * Only for files that are loaded alone: between the look and the write another lane could create the same thing.
 */
export const lookUpConditionalCreates = async (
  server: Pick<FhirServer, 'post'>,
  entries: readonly Entry[],
): Promise<LookedUp> => {
  const searchable = entries.filter(isSearchable)
  const result: LookedUp = { entries: [], outcomes: [], ends: new Map() }
  if (searchable.length === 0) return { ...result, entries: [...entries] }
  const found = await find(server, searchable.map(criteriaOf))
  const answers = new Map(searchable.map((entry, position) => [entry, found[position]]))
  const made = new Map<string, string>()
  for (const entry of entries) {
    const answer = answers.get(entry)
    if (answer === undefined) {
      result.entries.push(entry)
      continue
    }
    const reference = answer ?? made.get(criteriaOf(entry))
    const target = reference ?? urnTarget(entry.type, entry.fullUrl)!
    result.ends.set(entry.fullUrl!, target)
    if (reference) {
      result.outcomes.push({ entry, fate: 'present', reference })
      continue
    }
    made.set(criteriaOf(entry), target)
    const resource = { ...entry.resource!, id: target.slice(target.indexOf('/') + 1) }
    result.entries.push({ ...entry, target, request: { method: 'PUT', url: target }, resource })
  }
  return result
}
