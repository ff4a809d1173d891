import type { Coding } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import shownElements from '../resources/generated/shown-elements.json' with { type: 'json' }
import { defaultResult, resultParameters } from '../search/result-parameters.ts'
import type { Parameter } from './interaction.ts'

/** How much of each resource is to be shown. https://hl7.org/fhir/R4/search.html#summary and #elements */
export interface Subset {
  summary?: 'true' | 'false' | 'text' | 'data' | 'count'
  elements?: readonly string[]
}

const SUBSET_PARAMETERS = ['_summary', '_elements']

/** How much a read is asked to show. https://hl7.org/fhir/R4/http.html#parameters @throws FhirError invalid (400) */
export const subsetIn = (query: readonly Parameter[]): Subset => {
  const subset = defaultResult()
  for (const [name, value] of query) {
    const parameter = SUBSET_PARAMETERS.includes(name) ? resultParameters.get(name) : undefined
    if (parameter && parameter.apply(value, subset) === undefined)
      throw fail('invalid', `${name} takes ${parameter.takes}.`)
  }
  return subset
}

/** What a resource always shows of itself: what it is, and what the rest cannot be understood without. */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension']

/** Says of a resource that it is a part of itself: https://hl7.org/fhir/R4/valueset-common-tags.html */
const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }

/** Whether a resource says of itself that elements were left out. */
export const isSubsetted = ({ meta }: Resource): boolean =>
  ((meta?.tag ?? []) as readonly Coding[]).some(({ system, code }) => {
    return system === SUBSETTED.system && code === SUBSETTED.code
  })

/** Whether an element is one that `name` means: `value[x]` means `valueQuantity`. */
const isNamed = (element: string, name: string): boolean =>
  name.endsWith('[x]') ? new RegExp(`^${name.slice(0, -3)}[A-Z]`).test(element) : element === name

/**
 * What `_summary=true` shows of a type: its elements that are marked as part of a summary. With `!`: mandatory, or changing the
 * meaning of others, so that it belongs to any part of a resource. https://hl7.org/fhir/R4/search.html#summary
 */
const shownOf = (type: string): string[] => (shownElements as Record<string, string>)[type]?.split(' ') ?? []

const mandatoryOf = (type: string): string[] =>
  shownOf(type).flatMap((name) => (name.endsWith('!') ? [name.slice(0, -1)] : []))

const summaryOf = (type: string): string[] => shownOf(type).map((name) => name.replace('!', ''))

/** The names of the elements that are wanted; undefined: all. */
const namesOf = (type: string, { summary, elements }: Subset): string[] | undefined => {
  if (elements) return [...elements.map((name) => name.split('.')[0]!), ...mandatoryOf(type)]
  if (summary === 'text') return ['text', ...mandatoryOf(type)]
  return summary === 'true' ? summaryOf(type) : undefined
}

/** The resource as far as it is wanted, tagged as a part of itself. Mandatory elements are always there. */
export const subsetOf = (resource: Resource, subset: Subset): Resource => {
  const names = namesOf(resource.resourceType, subset)
  if (names) return tagged(resource, (element) => names.some((name) => isNamed(element, name)))
  if (subset.summary === 'data') return tagged(resource, (element) => element !== 'text')
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
