import type { CodeSystem, ValueSet } from 'fhir/r4'
import * as z from 'zod/mini'
import { type FhirError, fail } from '../outcome.ts'

const text = z.optional(z.string())

const include = z.looseObject({
  system: text,
  version: text,
  concept: z.optional(z.array(z.looseObject({ code: z.string(), display: text }))),
  filter: z.optional(z.array(z.looseObject({ property: z.string(), op: z.string(), value: z.string() }))),
  valueSet: z.optional(z.array(z.string())),
})

const contains = z.looseObject({
  system: text,
  code: text,
  display: text,
  get contains() {
    return z.optional(z.array(contains))
  },
})

const concept = z.looseObject({
  code: z.string(),
  display: text,
  definition: text,
  designation: z.optional(z.array(z.looseObject({ value: z.string() }))),
  property: z.optional(z.array(z.looseObject({ code: z.string() }))),
  get concept() {
    return z.optional(z.array(concept))
  },
})

/** Of what is stored as a definition only what searches read has been checked: this is what the operations read. */
const SCHEMAS = {
  ValueSet: z.looseObject({
    resourceType: z.literal('ValueSet'),
    compose: z.optional(z.looseObject({ include: z.array(include), exclude: z.optional(z.array(include)) })),
    expansion: z.optional(z.looseObject({ contains: z.optional(z.array(contains)) })),
  }),
  CodeSystem: z.looseObject({ resourceType: z.literal('CodeSystem'), concept: z.optional(z.array(concept)) }),
} as const

export interface Definitions {
  ValueSet: ValueSet
  CodeSystem: CodeSystem
}

const unreadable = (type: string, path: readonly PropertyKey[]): FhirError => {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return fail('unprocessable', `The ${type} does not have the form that FHIR gives it.`, `${type}${place}`)
}

/** The content as a definition. @throws FhirError unprocessable (422) when it does not have the form of one */
export const readDefinition = <T extends keyof Definitions>(type: T, content: unknown): Definitions[T] => {
  const read = z.safeParse(SCHEMAS[type] as z.ZodMiniType, content)
  if (!read.success) throw unreadable(type, read.error.issues[0]?.path ?? [])
  return content as Definitions[T]
}
