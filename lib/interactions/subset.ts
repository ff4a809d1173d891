import type { Resource } from '../fhir.ts'

/** How much of each resource a search is to show. https://hl7.org/fhir/R4/search.html#summary and #elements */
export interface Subset {
  summary?: 'true' | 'false' | 'text' | 'data' | 'count'
  elements?: readonly string[]
}

/** What a resource always shows of itself. */
const ALWAYS = ['resourceType', 'id', 'meta']

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }

/**
 * The resource as far as it is wanted, tagged as a part of itself. `_summary=true` leaves out the narrative only: servers may show
 * more than a summary.
 */
export const subsetOf = (resource: Resource, { summary, elements }: Subset): Resource => {
  const names = elements ?? (summary === 'text' ? ['text'] : undefined)
  if (names) return tagged(resource, (element) => names.some((name) => name.split('.')[0] === element))
  if (summary === 'true' || summary === 'data') return tagged(resource, (element) => element !== 'text')
  return resource
}

/** `_status` is what goes with `status`: its id and extensions. */
const tagged = (resource: Resource, isWanted: (element: string) => boolean): Resource => {
  const kept = Object.entries(resource).filter(
    ([name]) => ALWAYS.includes(name) || isWanted(name.startsWith('_') ? name.slice(1) : name),
  )
  const { meta } = resource
  return { ...(Object.fromEntries(kept) as Resource), meta: { ...meta, tag: [...(meta?.tag ?? []), SUBSETTED] } }
}
