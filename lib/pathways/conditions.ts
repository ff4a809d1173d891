import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'

/** What an expression can name, as `%name`. */
export type Variables = Readonly<Record<string, Resource | readonly Resource[] | undefined>>

type Evaluate = (resource: object, variables: object) => unknown

const compiled = new Map<string, Evaluate>()

const compile = (expression: string): Evaluate => {
  const known = compiled.get(expression)
  if (known) return known
  const evaluate = fhirpath.compile(expression, r4, { async: false }) as Evaluate
  compiled.set(expression, evaluate)
  return evaluate
}

/** A FHIRPath expression could not be evaluated on the data at hand. Says nothing of the data. */
export class ConditionFailed extends Error {
  constructor() {
    super('a condition of a pathway could not be evaluated')
    this.name = 'ConditionFailed'
  }
}

/** The library writes type information into what it reads, and knows no decimals kept as text: it gets a copy of its own. */
const copyOf = (value: Variables[string]): unknown => (value === undefined ? [] : JSON.parse(stringifyJson(value)))

/** Whether a FHIRPath expression gives `true`; empty is false. @throws ConditionFailed */
export const holds = (expression: string, variables: Variables): boolean => {
  const copies = Object.entries(variables).map(([name, value]) => [name, copyOf(value)] as const)
  let result: unknown
  try {
    result = compile(expression)({}, Object.fromEntries(copies))
  } catch {
    // The library's messages quote values of the resource.
    throw new ConditionFailed()
  }
  return Array.isArray(result) && result.length === 1 && result[0] === true
}
