/**
 * The part of FHIRPath that the published search parameters are written in: unions of paths with casts and filters.
 * https://hl7.org/fhir/R4/fhirpath.html
 */
export type PathOperation =
  | { kind: 'element'; name: string }
  | { kind: 'as'; datatype: string }
  | { kind: 'where'; element: string; equals: string }
  | { kind: 'only'; type: string }

/** One path of a union: the type it begins at and what is done from there. */
export interface Term {
  root: string
  operations: PathOperation[]
}

/** Splits at a separator that stands outside of parentheses and quotes. */
const splitOutside = (text: string, separator: string): string[] => {
  const parts: string[] = ['']
  let depth = 0
  let quoted = false
  for (const character of text) {
    if (character === "'") quoted = !quoted
    if (!quoted && character === '(') depth += 1
    if (!quoted && character === ')') depth -= 1
    if (character === separator && !depth && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim())
}

const CAST = /^\(\s*(.+?)\s+as\s+(\w+)\s*\)(.*)$/
const FORMS: readonly [RegExp, (match: RegExpExecArray) => PathOperation][] = [
  [/^(\w+)$/, ([, name]) => ({ kind: 'element', name: name! })],
  [/^(?:as|ofType)\((\w+)\)$/, ([, datatype]) => ({ kind: 'as', datatype: datatype! })],
  [/^where\(resolve\(\) is (\w+)\)$/, ([, type]) => ({ kind: 'only', type: type! })],
  [
    /^where\((\w+)\s*=\s*'([^']*)'\)$/,
    ([, element, equals]) => ({ kind: 'where', element: element!, equals: equals! }),
  ],
]

const parseOperation = (text: string): PathOperation => {
  for (const [form, make] of FORMS) {
    const match = form.exec(text)
    if (match) return make(match)
  }
  throw new Error(`FHIRPath not understood: ${text}`)
}

const rootOf = (text: string): string => /^\(*(\w+)/.exec(text)?.[1] ?? ''

/** Reads the terms of an expression; a term is read when its operations are asked for, as terms of other types may hold anything. */
export const parseExpression = (expression: string): Term[] =>
  splitOutside(expression, '|')
    .filter(Boolean)
    .map((text) => ({
      root: rootOf(text),
      get operations() {
        const [, path, datatype, rest] = CAST.exec(text) ?? []
        const plain = path === undefined ? text : `${path}.as(${datatype})${rest}`
        return splitOutside(plain, '.').slice(1).map(parseOperation)
      },
    }))
