/** How generated files are written. */
export const HEADER =
  '/* Made by fhir-profiles/generate/generate.ts from the published FHIR definitions. Change that, not this. */'

export const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`

/** `care-plan` for `CarePlan` */
export const kebabCase = (type: string): string =>
  type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

/** An import of those of `names` that the text uses; nothing when it uses none. */
export const importOf = (text: string, names: readonly string[], from: string): string[] => {
  // A name behind one dot is a member of something else; behind three it is spread.
  const used = names.filter((name) =>
    new RegExp(`(?<![\\w'$]|(?<!\\.\\.)\\.)${name.replace('type ', '')}(?![\\w':])`).test(text),
  )
  return used.length ? [`import { ${used.join(', ')} } from '${from}'`] : []
}
