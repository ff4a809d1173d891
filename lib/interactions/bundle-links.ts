import type { Resource } from '../fhir.ts'

/** What links are to become: a fullUrl, a reference or a conditional reference -> the literal reference `Type/id`. */
export type Links = ReadonlyMap<string, string>

/** Strings that may look like a link of the Bundle without being one: an Identifier's value above all. */
const NO_LINKS = new Set(['value', 'valueString', 'id', 'display', 'text'])

/** A link in the text of a resource: `<a href="…">` or `<img src="…">`. */
const NARRATIVE_LINK = /(\b(?:href|src)\s*=\s*)(["'])([^"']*)\2/g

/** A `#fragment` stays what it is. */
const parted = (link: string): [target: string, fragment: string] => {
  const hash = link.indexOf('#')
  return hash < 0 ? [link, ''] : [link.slice(0, hash), link.slice(hash)]
}

const rewriteText = (element: string, text: string, links: Links): string => {
  if (element === 'div')
    return text.replace(NARRATIVE_LINK, (whole, attribute: string, quote: string, url: string) => {
      const target = links.get(url.replaceAll('&amp;', '&'))
      return target === undefined ? whole : `${attribute}${quote}${target}${quote}`
    })
  if (element === 'reference') {
    const [target, fragment] = parted(text)
    const literal = links.get(target)
    return literal === undefined ? text : literal + fragment
  }
  // A canonical or uri that happens to be the web address of an entry is a name and stays; a urn:uuid of this Bundle means the entry.
  return text.startsWith('urn:') && !NO_LINKS.has(element) ? (links.get(text) ?? text) : text
}

/** A string as it is to be, given the element it is the value of. */
type RewriteText = (element: string, text: string) => string

const rewrite = (element: string, value: unknown, text: RewriteText): unknown => {
  if (typeof value === 'string') return text(element, value)
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => rewrite(element, item, text))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  let changed = false
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => {
    const rewritten = rewrite(name, child, text)
    changed ||= rewritten !== child
    return [name, rewritten]
  })
  return changed ? Object.fromEntries(entries) : value
}

/**
 * The resource with its links to entries of the Bundle replaced wherever one occurs: references, uris, narrative. Pure; parts
 * without links are shared. https://hl7.org/fhir/R4/http.html#trules
 */
export const rewriteLinks = (resource: Resource, links: Links): Resource =>
  links.size ? (rewrite('', resource, (element, text) => rewriteText(element, text, links)) as Resource) : resource

/** What can follow the base URL of this service in a reference: `Patient/1`, `Patient?identifier=…`. */
const BELOW_BASE = /^[A-Z][A-Za-z]*[/?]/

/**
 * The resource with references below this service's own base made relative (`https://host/fhir/Patient/1` becomes `Patient/1`): they
 * mean the same, and lists and compartments know the relative ones. Pure; shares what it leaves as it is.
 */
export const relativeReferences = (resource: Resource, baseUrl: string): Resource => {
  const base = `${baseUrl}/`
  return rewrite('', resource, (element, text) => {
    if (element !== 'reference' || !text.startsWith(base)) return text
    const rest = text.slice(base.length)
    return BELOW_BASE.test(rest) ? rest : text
  }) as Resource
}

export interface FoundReference {
  reference: string
  /** where it stands below the resource, e.g. `performer[0].reference` */
  path: string
}

/** Every `Reference.reference` in a value. */
export const referencesIn = function* (value: unknown, path = ''): Generator<FoundReference> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* referencesIn(item, `${path}[${index}]`)
  else if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value)) {
      const childPath = path ? `${path}.${name}` : name
      if (name === 'reference' && typeof child === 'string') yield { reference: child, path: childPath }
      else yield* referencesIn(child, childPath)
    }
}
