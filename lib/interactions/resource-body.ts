import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { isObject } from '../json.ts'
import { FhirError, fail, type Problem } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { relativeReferences } from './bundle-links.ts'

/** The resource that a request carries. @throws FhirError invalid (400) when it is none, or not one of `type` */
export const resourceOfType = (type: string, body: unknown): Resource => {
  if (!isObject(body)) throw fail('invalid', `The body must be a ${type}: a JSON object with a resourceType.`)
  if (body.resourceType !== type)
    throw fail('invalid', `The URL is about ${type}, so resourceType must be ${type}.`, 'resourceType')
  return body as Resource
}

/** The resource that a write carries, its references to resources of this service made relative. @throws FhirError invalid (400) */
export const submittedResource = (type: string, body: unknown, baseUrl: string): Resource =>
  relativeReferences(resourceOfType(type, body), baseUrl)

/** Loaded with the first write, as the checks of the declarations are. */
const structuralProblemsOf = async (resource: Resource): Promise<Problem[]> =>
  (await import('../profiles/structure.ts')).structuralProblems(resource)

/** By the definition of its type, in full unless the tenant has settled for less. */
const problemsOf = async ({ tenant }: Pick<Careloop, 'tenant'>, resource: Resource): Promise<Problem[]> => {
  const { structure = 'whole' } = tenant
  const whole = structure === 'whole' ? await structuralProblemsOf(resource) : []
  const told = new Set(whole.map(({ text }) => text))
  const own = (await declarations.get(resource.resourceType)?.check(resource)) ?? []
  return [...whole, ...own.filter(({ text }) => !told.has(text))]
}

/** @throws FhirError unprocessable (422) that lists everything wrong with the content */
export const requireValid = async (careloop: Pick<Careloop, 'tenant'>, resource: Resource): Promise<void> => {
  const problems = await problemsOf(careloop, resource)
  if (problems.some(({ severity }) => severity === undefined || severity === 'error' || severity === 'fatal'))
    throw new FhirError('unprocessable', problems)
}
