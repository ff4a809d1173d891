import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { fhirPathPatch } from './fhirpath-patch.ts'
import { JSON_PATCH, jsonPatch } from './json-patch.ts'
import { submittedJson } from './submitted-json.ts'

/** A patch that has been read: what it makes of a resource, which it may change in place. @throws FhirError unprocessable (422) */
export type Patch = (resource: Resource) => Promise<Resource>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * Reads the body of a patch: an array of JSON Patch, Parameters of FHIRPath Patch or, as in a Bundle, a Binary that holds JSON Patch.
 * @throws FhirError invalid (400) that names the operation
 */
export const readPatch = (body: unknown): Patch => {
  if (Array.isArray(body)) return jsonPatch(body)
  if (isObject(body) && body.resourceType === 'Parameters') return fhirPathPatch(body)
  if (isObject(body) && body.resourceType === 'Binary') return jsonPatch(contentOfBinary(body))
  throw fail(
    'invalid',
    `A patch is an array of operations (${JSON_PATCH}), or Parameters with parameters named operation; in a Bundle also a Binary with the former.`,
  )
}

const contentOfBinary = ({ contentType, data }: Record<string, unknown>): unknown[] => {
  if (typeof contentType !== 'string' || !contentType.startsWith(JSON_PATCH))
    throw fail('invalid', `A Binary that holds a patch has the contentType ${JSON_PATCH}.`, 'Binary.contentType')
  const text = typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : ''
  const content = submittedJson(text, 'The data of the Binary', 'Binary.data')
  if (!Array.isArray(content))
    throw fail('invalid', 'The data of the Binary must be an array of JSON Patch operations, in base64.', 'Binary.data')
  return content
}
