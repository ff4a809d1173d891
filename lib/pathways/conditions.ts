import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'
import { namesIn } from './expression-names.ts'

/** What an expression can name, as `%name`; text is a date or dateTime. */
export type Variables = Readonly<Record<string, Resource | readonly Resource[] | string | undefined>>

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

const toDateTime = fhirpath.compile('dateTime.toDateTime()', undefined, { resolveInternalTypes: false }) as Evaluate

/** The value of a FHIR date or dateTime as FHIRPath has it, so that it can be compared and counted on. */
const typed = (dateTime: string): unknown => (toDateTime({ dateTime }, {}) as unknown[])[0] ?? []

/** The library writes type information into what it reads, and knows no decimals kept as text: it gets a copy of its own. */
const copyOf = (value: Variables[string]): unknown => {
  if (value === undefined) return []
  return typeof value === 'string' ? typed(value) : JSON.parse(stringifyJson(value))
}

/** Expressions over the same variables, which are copied for the library once, and only those that are named. */
export interface Scope {
  /** What an expression gives. @throws ConditionFailed */
  valuesOf(expression: string): readonly unknown[]
  /** Whether an expression gives `true`; empty is false. @throws ConditionFailed */
  holds(expression: string): boolean
  /** The same scope with further variables. */
  with(variables: Variables): Scope
}

/**
 * What has been evaluated while somebody looks at what is stored: programmes ask the same of the same resources, and ask it again
 * when they look a second time. Resources are told apart by identity, so it is to be used only while nobody changes them.
 */
export interface Evaluations {
  copies: Map<unknown, unknown>
  results: Map<string, { named: readonly unknown[]; values: readonly unknown[] | undefined }[]>
}

export const createEvaluations = (): Evaluations => ({ copies: new Map(), results: new Map() })

/** Lists are found anew by each search; the resources in them are the same while their versions are. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other ||
  (Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((each, n) => each === other[n]))

const copied = (evaluations: Evaluations, value: Variables[string]): unknown => {
  if (Array.isArray(value)) return value.map((each: Resource) => copied(evaluations, each))
  const { copies } = evaluations
  if (!copies.has(value)) copies.set(value, copyOf(value))
  return copies.get(value)
}

/** Undefined when it cannot be evaluated. */
const evaluate = (
  expression: string,
  variables: Variables,
  evaluations: Evaluations,
): readonly unknown[] | undefined => {
  const names = [...namesIn(expression)].filter((name) => name in variables)
  const named = names.map((name) => variables[name])
  const known = evaluations.results.get(expression) ?? []
  const before = known.find((each) => each.named.every((value, n) => isSame(value, named[n])))
  if (before) return before.values
  let values: readonly unknown[] | undefined
  try {
    const copies = Object.fromEntries(names.map((name, n) => [name, copied(evaluations, named[n])]))
    const result = compile(expression)({}, copies)
    values = Array.isArray(result) ? result : []
  } catch {
    // The library's messages quote values of the resource.
    values = undefined
  }
  evaluations.results.set(expression, [...known, { named, values }])
  return values
}

export const scopeOf = (variables: Variables, evaluations: Evaluations = createEvaluations()): Scope => {
  const valuesOf = (expression: string): readonly unknown[] => {
    const values = evaluate(expression, variables, evaluations)
    if (!values) throw new ConditionFailed()
    return values
  }
  return {
    valuesOf,
    holds(expression) {
      const values = valuesOf(expression)
      return values.length === 1 && values[0] === true
    },
    with: (more) => scopeOf({ ...variables, ...more }, evaluations),
  }
}

/** Whether a FHIRPath expression gives `true`; empty is false. @throws ConditionFailed */
export const holds = (expression: string, variables: Variables): boolean => scopeOf(variables).holds(expression)
