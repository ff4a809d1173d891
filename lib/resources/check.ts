import * as z from 'zod/mini'
import type { Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import { schemas } from './generated/schemas/index.ts'
import type { Fault, Schema } from './primitive.ts'
import { elementName } from './schema.ts'
import { checkSearched } from './searched-elements.ts'

/** One outcome names no more problems than a person would read. */
export const MOST_PROBLEMS = 50

/** What a client called a member may be anything, a patient's name too; only what looks like an element's name is repeated. */
const NAME = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/

/** A FHIRPath such as `CarePlan.activity[0].detail.status`. */
const expressionOf = (type: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${elementName(String(step))}`),
    type,
  )

const unknownMember = (place: string, name: string): Problem =>
  NAME.test(name)
    ? { code: 'structure', text: `${place}.${name} is not an element of ${place}`, expression: `${place}.${name}` }
    : { code: 'structure', text: `${place} has a member that is not an element`, expression: place }

const JSON_KINDS: Readonly<Record<string, string>> = { object: 'object', array: 'array', string: 'string' }

const faultOf = (issue: z.core.$ZodIssue): Fault => {
  switch (issue.code) {
    case 'custom':
      return issue.params as unknown as Fault
    case 'invalid_type':
      return { code: 'structure', text: `must be a JSON ${JSON_KINDS[issue.expected] ?? issue.expected}` }
    case 'too_small':
      return { code: 'structure', text: 'must not be empty' }
    default:
      return { code: 'invalid', text: 'is not valid' }
  }
}

/** The issues of a schema as problems of a resource of this type; `at` is where in the resource the schema was applied. */
const problemsOf = (type: string, issues: readonly z.core.$ZodIssue[], at: readonly PropertyKey[] = []): Problem[] =>
  issues.flatMap((issue) => {
    const expression = expressionOf(type, [...at, ...issue.path])
    if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownMember(expression, name))
    const { code, text } = faultOf(issue)
    return [{ code, text: `${expression} ${text}`, expression }]
  })

/** More issues than fit the stack, which zod gathers them on, are one: it takes a hundred thousand, and nobody would read them. */
const issuesOf = (schema: Schema, resource: Resource): readonly z.core.$ZodIssue[] => {
  try {
    return z.safeParse(schema, resource).error?.issues ?? []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const fault: Fault = { code: 'structure', text: 'has too many faults to name them' }
    return [{ code: 'custom', path: [], message: fault.text, params: fault, input: undefined }]
  }
}

/** What is wrong with a resource by a schema of its type; the texts hold no values of the resource. */
export const checkAgainst = (schema: Schema, resource: Resource): Problem[] =>
  problemsOf(resource.resourceType, issuesOf(schema, resource)).slice(0, MOST_PROBLEMS)

/**
 * The check of what a resource of a type holds: against the type's schema where there is one, else of the elements that search
 * reads. It gives the problems, none when all is well, in texts that hold no values of the resource.
 */
export const checkWith = (type: string): ((resource: Resource) => Problem[]) => {
  const schema = schemas[type]
  return (resource) => {
    if (resource.resourceType !== type)
      return [{ code: 'invalid', text: `resourceType must be ${type}`, expression: `${type}.resourceType` }]
    if (schema) return checkAgainst(schema, resource)
    return checkSearched(resource)
      .flatMap(({ path, issues }) => problemsOf(type, issues, path))
      .slice(0, MOST_PROBLEMS)
  }
}
