import type { Resource } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { relativeReferences } from './bundle-links.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

/** @throws FhirError unprocessable (422) that lists everything wrong with the content */
export const requireValid = (resource: Resource): void => {
  const problems = declarations.get(resource.resourceType)?.check(resource) ?? []
  if (problems.some(({ severity }) => severity === undefined || severity === 'error' || severity === 'fatal'))
    throw new FhirError('unprocessable', problems)
}
