import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, type Problem } from '../outcome.ts'
import { entryPath } from './bundle-entry.ts'
import { type Links, referencesIn, relativeReferences, rewriteLinks } from './bundle-links.ts'
import { requireValid } from './resource-body.ts'
import type { AimedEntry } from './transaction-aim.ts'

/** `http://old.example/fhir/Patient/1` as a fullUrl also means the relative reference `Patient/1` inside the Bundle. */
const REST_URL = /^https?:\/\/.*\/([A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64})$/

/** What every link that can occur in the Bundle is to become. */
export const linksOf = (entries: readonly AimedEntry[], conditionalReferences: Links): Links => {
  const links = new Map(conditionalReferences)
  for (const { interaction, type, id, fullUrl } of entries) {
    if (interaction === 'delete' || fullUrl === undefined) continue
    const literal = referenceTo(type, id)
    links.set(fullUrl, literal)
    const [, relative] = REST_URL.exec(fullUrl) ?? []
    if (relative !== undefined && relative !== literal) links.set(relative, literal)
  }
  return links
}

const PLACEHOLDER = /^urn:(?:uuid|oid):/

/** What will be stored, by index of the entry: links resolved and content checked. @throws FhirError that lists everything wrong with any entry */
export const contentsOf = async (
  careloop: Careloop,
  entries: readonly AimedEntry[],
  links: Links,
  baseUrl: string,
): Promise<Map<number, Resource>> => {
  const contents = new Map<number, Resource>()
  const problems: Problem[] = []
  for (const { index, content, found } of entries) {
    if (!content || found) continue
    const resource = relativeReferences(rewriteLinks(content, links), baseUrl)
    contents.set(index, resource)
    try {
      await requireValid(careloop, resource)
    } catch (error) {
      if (!(error instanceof FhirError)) throw error
      problems.push(...error.at(entryPath(index)).problems)
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
