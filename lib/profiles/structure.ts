import type { Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import { checkAgainst, MOST_PROBLEMS } from '../resources/check.ts'
import { containedProblems } from '../resources/contained.ts'
import { schemas as coreSchemas } from '../resources/generated/schemas/index.ts'
import type { Schema } from '../resources/primitive.ts'

/** They are many, and what starts reads none of them: they are loaded with the first resource that one of them is about. */
const schemaOf = async (type: string): Promise<Schema | undefined> =>
  ownOf(coreSchemas, type) ?? ownOf((await import('../resources/generated/further-schemas/index.ts')).schemas, type)

/** What a client calls a type may be the name of what every object has. */
const ownOf = (schemas: Readonly<Record<string, Schema>>, type: string): Schema | undefined =>
  Object.hasOwn(schemas, type) ? schemas[type] : undefined

const problemsWithin = async (resource: Resource, index: number, type: string): Promise<Problem[]> => {
  const schema = await schemaOf(resource.resourceType)
  const problems = schema ? checkAgainst(schema, resource) : []
  return problems.map((problem) => ({
    ...problem,
    expression: `${type}.contained[${index}]${(problem.expression ?? '').slice(resource.resourceType.length)}`,
  }))
}

/** What each contained resource is that names its type; of what does not the check of the whole tells. */
const containedIn = ({ contained }: Resource): [index: number, resource: Resource][] =>
  Array.isArray(contained)
    ? contained.flatMap((one, index) => (typeof one?.resourceType === 'string' ? [[index, one]] : []))
    : []

/**
 * What is wrong with a resource of a supporting type by the whole definition of the type, and with what a resource of any type
 * contains. The core types themselves are checked in full by their declarations, and have nothing here.
 */
export const structuralProblems = async (resource: Resource): Promise<Problem[]> => {
  const { resourceType: type } = resource
  const schema = Object.hasOwn(coreSchemas, type) ? undefined : await schemaOf(type)
  const problems = schema ? checkAgainst(schema, resource) : []
  for (const [index, one] of containedIn(resource)) problems.push(...(await problemsWithin(one, index, type)))
  problems.push(...containedProblems(resource))
  return problems.slice(0, MOST_PROBLEMS)
}
