import { numberOf } from '../json.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** One occurrence of an element in a resource. */
export interface Occurrence {
  /** its JSON; undefined of a primitive that has extensions only */
  value: unknown
  /** where its children are: itself, or of a primitive the sibling with `_` */
  inner: Json
  /** FHIRPath such as `Observation.component[1].value` */
  expression: string
  /** the datatype of a choice, as it stands in the name: `Quantity` of `valueQuantity` */
  choice?: string
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)

const NOTHING: Json = {}

const occurrencesIn = (json: Json, member: string, expression: string, choice?: string): Occurrence[] => {
  const value = json[member]
  const sibling = json[`_${member}`]
  if (value === undefined && sibling === undefined) return []
  const repeats = Array.isArray(value) || Array.isArray(sibling)
  const values = Array.isArray(value) ? value : [value]
  const siblings = Array.isArray(sibling) ? sibling : [sibling]
  return Array.from({ length: Math.max(values.length, siblings.length) }, (_, index) => {
    const one: unknown = values[index] ?? undefined
    const beside: unknown = siblings[index]
    return {
      value: one,
      inner: isObject(one) ? one : isObject(beside) ? beside : NOTHING,
      expression: repeats ? `${expression}[${index}]` : expression,
      ...(choice !== undefined && { choice }),
    }
  })
}

/** The occurrences of an element; of a choice (`value[x]`) those of any datatype. `others` are names that are elements of their own. */
export const occurrencesOf = (
  { inner, expression: at }: Occurrence,
  name: string,
  isChoice: boolean,
  others: ReadonlySet<string>,
): Occurrence[] => {
  const expression = `${at}.${name}`
  if (!isChoice) return occurrencesIn(inner, name, expression)
  const members = new Set(Object.keys(inner).map((member) => (member.startsWith('_') ? member.slice(1) : member)))
  return [...members].flatMap((member) => {
    const choice = member.slice(name.length)
    const isOne = member.startsWith(name) && /^[A-Z]/.test(choice) && !others.has(member)
    return isOne ? occurrencesIn(inner, member, expression, choice) : []
  })
}

/** fixed[x]: the same value, nothing more. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_ */
export const isSame = (wanted: unknown, value: unknown): boolean =>
  fits(wanted, value) &&
  fits(value, wanted) &&
  !(Array.isArray(wanted) && wanted.length !== (value as unknown[]).length)

/** pattern[x]: whatever it holds is there. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_ */
export const fits = (pattern: unknown, value: unknown): boolean => {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((each) => value.some((one) => fits(each, one)))
  if (isObject(pattern))
    return isObject(value) && Object.entries(pattern).every(([name, each]) => fits(each, value[name]))
  const number = numberOf(pattern)
  return number === undefined ? pattern === value : number === numberOf(value)
}

/** What `fixed[x]` or `pattern[x]` of a definition asks for. */
export const askedOf = (definition: object): { wanted: unknown; exactly: boolean } | undefined => {
  for (const [name, wanted] of Object.entries(definition))
    if (/^(?:fixed|pattern)[A-Z]/.test(name)) return { wanted, exactly: name.startsWith('fixed') }
  return undefined
}
