/** Strings that may look like a link to an entry without being one: the value of an identifier above all. */
const NO_LINKS = new Set(['system', 'value', 'valueString', 'id', 'display', 'text', 'div'])

/** Web addresses elsewhere than in a reference are names; a urn:uuid that is an entry's fullUrl means the entry wherever it stands. */
const isLink = (element: string, text: string): boolean =>
  element === 'reference' || (text.startsWith('urn:') && !NO_LINKS.has(element))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !JSON.isRawJSON(value)

/** Every link in a value, in its order, repetitions included. */
export function* linksOf(value: unknown, element = ''): Generator<string> {
  if (typeof value === 'string') {
    if (isLink(element, value)) yield value
  } else if (Array.isArray(value)) {
    for (const item of value) yield* linksOf(item, element)
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) yield* linksOf(child, name)
  }
}

const rewrite = (element: string, value: unknown, replacements: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return isLink(element, value) ? (replacements.get(value) ?? value) : value
  if (Array.isArray(value)) {
    const items = value.map((item) => rewrite(element, item, replacements))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value)) return value
  let changed = false
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => {
    const next = rewrite(name, child, replacements)
    changed ||= next !== child
    return [name, next]
  })
  return changed ? Object.fromEntries(entries) : value
}

/**
 * The same value with each link that `replacements` knows replaced. What did not change is shared with the original.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export const withLinks = <T>(value: T, replacements: ReadonlyMap<string, string>): T =>
  replacements.size > 0 ? (rewrite('', value, replacements) as T) : value
