const MARKS = /\p{M}+/gu
const APOSTROPHES = /['’ʼ`´]/g
const PUNCTUATION_AND_SPACE = /[\p{P}\s]+/gu
const PLAIN = /^[a-z0-9 ]*$/

/**
 * Text as string search compares it: without case, accents, punctuation and surplus space.
 * https://hl7.org/fhir/R4/search.html#string
 */
export const folded = (text: string): string => {
  const lower = text.toLowerCase()
  if (PLAIN.test(lower) && !lower.includes('  ')) return lower.trim()
  return (
    text
      .normalize('NFKD')
      .replace(MARKS, '')
      // Upper case first: it turns ß into SS.
      .toUpperCase()
      .toLowerCase()
      .replace(APOSTROPHES, '')
      .replace(PUNCTUATION_AND_SPACE, ' ')
      .trim()
  )
}

const PARTS: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

const SPACE = /[\s-]+/

/** Either part of a family name such as `Carreno Quinones` finds it. */
const familyNames = (family: string): string[] => {
  const parts = family.split(SPACE)
  return parts.length > 1 ? [family, ...parts.slice(1)] : [family]
}

/** The texts that an element of a string parameter is searched by. */
export const stringsOf = (element: unknown, datatype: string, name: string | undefined): string[] => {
  if (typeof element === 'string') return name === 'family' ? familyNames(element) : [element]
  const parts = PARTS[datatype]
  if (!parts || typeof element !== 'object' || element === null) return []
  return parts.flatMap((part) => {
    const value = (element as Record<string, unknown>)[part]
    return (Array.isArray(value) ? value : [value]).flatMap((entry) => stringsOf(entry, 'string', part))
  })
}

export type StringForm = 'starts' | 'exact' | 'contains'

/** `wanted` is folded already, unless it has to match exactly. */
export const matchesString = (form: StringForm, wanted: string, value: string): boolean => {
  if (form === 'exact') return value === wanted
  return form === 'contains' ? folded(value).includes(wanted) : folded(value).startsWith(wanted)
}
