import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, type Problem } from '../outcome.ts'
import type { Version } from '../store/version.ts'
import { entryPath } from './bundle-entry.ts'
import { type Links, referencesIn, rewriteLinks } from './bundle-links.ts'
import { requireValid } from './resource-body.ts'
import { inEntry, type WriteEntry } from './transaction-entries.ts'

/** `http://old.example/fhir/Patient/1` as a fullUrl also means the relative reference `Patient/1` inside the Bundle. */
const REST_URL = /^https?:\/\/.*\/([A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64})$/

/** What every link that can occur in the Bundle is to become. `matches` are what conditional creates have found, by index of the entry. */
export const linksOf = (
  entries: readonly WriteEntry[],
  matches: ReadonlyMap<number, Version>,
  conditionalReferences: Links,
): Links => {
  const links = new Map(conditionalReferences)
  for (const { interaction, type, id, fullUrl, index } of entries) {
    if (interaction === 'delete' || fullUrl === undefined) continue
    const literal = referenceTo(type, matches.get(index)?.id ?? id)
    links.set(fullUrl, literal)
    const [, relative] = REST_URL.exec(fullUrl) ?? []
    if (relative !== undefined && relative !== literal) links.set(relative, literal)
  }
  return links
}

const PLACEHOLDER = /^urn:(?:uuid|oid):/

/** What will be stored, by index of the entry: links resolved and content checked. @throws FhirError that lists everything wrong with any entry */
export const contentsOf = (
  entries: readonly WriteEntry[],
  matches: ReadonlyMap<number, Version>,
  links: Links,
): Map<number, Resource> => {
  const contents = new Map<number, Resource>()
  const problems: Problem[] = []
  for (const { index, content } of entries) {
    if (!content || matches.has(index)) continue
    const resource = rewriteLinks(content, links)
    contents.set(index, resource)
    try {
      inEntry(index, () => requireValid(resource))
    } catch (error) {
      if (!(error instanceof FhirError)) throw error
      problems.push(...error.problems)
    }
    for (const { reference, path } of referencesIn(resource))
      if (PLACEHOLDER.test(reference))
        problems.push({
          text: 'No entry of this Bundle has this placeholder as its fullUrl.',
          expression: `${entryPath(index)}.resource.${path}`,
          code: 'not-found',
        })
  }
  if (problems.length) throw new FhirError('unprocessable', problems)
  return contents
}
