const known = new Map<string, ReadonlySet<string>>()

/** A name after `%`, bare or delimited, outside of string literals. https://hl7.org/fhirpath/#environment-variables */
const TOKEN = /'(?:\\.|[^'\\])*'|%(?:`([^`]+)`|'([^']+)'|([A-Za-z_][A-Za-z0-9_]*))/g

/** The variables that a FHIRPath expression names, without `%`. Expressions are those of definitions: few, and the same again and again. */
export const namesIn = (expression: string): ReadonlySet<string> => {
  const found = known.get(expression)
  if (found) return found
  const names = new Set<string>()
  for (const [, ticked, quoted, bare] of expression.matchAll(TOKEN)) {
    const name = ticked ?? quoted ?? bare
    if (name !== undefined) names.add(name)
  }
  known.set(expression, names)
  return names
}
