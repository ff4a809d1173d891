import * as z from 'zod/mini'
import type { Resource } from '../fhir.ts'
import { parseParameter } from '../search/parameter.ts'
import * as datatypes from './generated/schemas/datatypes.ts'
import * as primitives from './primitive.ts'
import { publishedParameters } from './published.ts'
import { anyResource, type Json } from './schema.ts'

/** An element on the way to, or at the end of, what search reads. */
interface Searched {
  schema?: primitives.Schema
  below: Map<string, Searched>
}

/** What is wrong with one element, and where it is. */
interface Finding {
  path: PropertyKey[]
  issues: readonly z.core.$ZodIssue[]
}

const anyObject: primitives.Schema = z.looseObject({})

const schemaOf = (datatype: string): primitives.Schema | undefined =>
  ({ ...primitives, ...datatypes })[datatype as 'Coding']

const elementBelow = (parent: Searched, name: string): Searched => {
  const element = parent.below.get(name) ?? { below: new Map() }
  parent.below.set(name, element)
  return element
}

/** What every resource has and the service reads or shows. */
const sharedElements = (): Searched => ({
  below: new Map([
    ['id', { schema: primitives.resourceId, below: new Map() }],
    ['meta', { schema: datatypes.Meta, below: new Map() }],
    ['text', { schema: datatypes.Narrative, below: new Map() }],
    ['contained', { schema: anyResource, below: new Map() }],
  ]),
})

const searchedOf = (type: string): Searched => {
  const root = sharedElements()
  for (const [code, declaration] of Object.entries(publishedParameters[type] ?? {}))
    for (const { steps, datatype } of parseParameter(code, declaration).paths) {
      const element = steps.reduce((parent, step) => elementBelow(parent, step.element), root)
      const schema = schemaOf(datatype)
      if (steps.length && schema) element.schema = schema
    }
  return root
}

const known = new Map<string, Searched>()
const searched = (type: string): Searched => {
  const found = known.get(type) ?? searchedOf(type)
  known.set(type, found)
  return found
}

const look = (element: Searched, value: unknown, path: PropertyKey[]): Finding[] => {
  // In a list of primitives null keeps the place of a value that has extensions only.
  if (Array.isArray(value))
    return value.flatMap((one, index) => (one === null ? [] : look(element, one, [...path, index])))
  const { error } = z.safeParse(element.schema ?? anyObject, value)
  if (error) return [{ path, issues: error.issues }]
  return [...element.below].flatMap(([name, child]) => {
    const below = (value as Json)[name]
    return below === undefined ? [] : look(child, below, [...path, name])
  })
}

/**
 * Checks the elements that search parameters read, so that whatever is stored can be found: an object where one belongs, dates
 * that are dates. How often an element may be there is not looked at.
 */
export const checkSearched = (resource: Resource): Finding[] => look(searched(resource.resourceType), resource, [])
