/**
 * The characters `,` `$` `|` part a value of a search parameter, unless a `\` stands before them.
 * https://hl7.org/fhir/R4/search.html#escaping
 */
export type Separator = ',' | '$' | '|'

/** The parts of `text` between unescaped separators; escapes stay, so that a part can be split further. */
export const splitUnescaped = (text: string, separator: Separator): string[] => {
  if (!text.includes('\\')) return text.split(separator)
  const parts = ['']
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!
    if (character === separator) parts.push('')
    else if (character === '\\') {
      parts[parts.length - 1] += text.slice(at, at + 2)
      at += 1
    } else parts[parts.length - 1] += character
  }
  return parts
}

const ESCAPE = /\\([,$|\\])?/g

/** The text meant, or undefined when a `\` escapes nothing, which the specification calls illegal. */
export const unescaped = (text: string): string | undefined => {
  if (!text.includes('\\')) return text
  let legal = true
  const meant = text.replace(ESCAPE, (_all, character: string | undefined) => {
    legal &&= character !== undefined
    return character ?? ''
  })
  return legal ? meant : undefined
}

/** The text as a part of a value of a search parameter. */
export const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&')
