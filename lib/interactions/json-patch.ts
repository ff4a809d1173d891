import { isDeepStrictEqual } from 'node:util'
import { applyPatch, type Operation, Pointer } from 'rfc6902'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'
import { type FhirError, fail } from '../outcome.ts'
import type { Patch } from './read-patch.ts'

export const JSON_PATCH = 'application/json-patch+json'

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  add: ['path', 'value'],
  remove: ['path'],
  replace: ['path', 'value'],
  move: ['path', 'from'],
  copy: ['path', 'from'],
  test: ['path', 'value'],
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/
/** Names that mean something to JavaScript and nothing to FHIR. */
const NO_ELEMENTS = /^(?:__proto__|constructor|prototype)$/

/** Reads a JSON Patch. https://www.rfc-editor.org/rfc/rfc6902 @throws FhirError invalid (400) */
export const jsonPatch = (operations: readonly unknown[]): Patch => {
  for (const [index, operation] of operations.entries()) requireOperation(operation, index)
  return async (resource) => {
    const target = holdDecimals(resource)
    for (const [index, operation] of (operations as Operation[]).entries()) apply(target, operation, index)
    return restoreDecimals(target) as Resource
  }
}

const nameOf = (op: unknown, index: number): string =>
  typeof op === 'string' && Object.hasOwn(OPERATIONS, op) ? `Operation ${index} (${op})` : `Operation ${index}`

const requireOperation = (operation: unknown, index: number): void => {
  const { op, ...members } = (operation ?? {}) as Record<string, unknown>
  const wanted = typeof op === 'string' && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined
  const malformed = (text: string): FhirError => fail('invalid', `${nameOf(op, index)} ${text}.`)
  if (!wanted) throw malformed(`must have an op: ${Object.keys(OPERATIONS).join(', ')}`)
  for (const member of wanted) {
    if (!Object.hasOwn(members, member)) throw malformed(`needs ${member}`)
    if (member !== 'value' && !isPointer(members[member]))
      throw malformed(`needs a JSON Pointer as its ${member}, such as /note/0/text`)
  }
}

const isPointer = (value: unknown): boolean =>
  typeof value === 'string' && POINTER.test(value) && !value.split('/').some((token) => NO_ELEMENTS.test(token))

const apply = (target: unknown, operation: Operation, index: number): void => {
  const name = nameOf(operation.op, index)
  if (operation.op === 'test') {
    const actual = Pointer.fromJSON(operation.path).get(target)
    if (actual !== undefined && isDeepStrictEqual(asNumbers(restoreDecimals(actual)), asNumbers(operation.value)))
      return
    throw fail('unprocessable', `${name} failed: the resource does not hold this value there. Nothing was changed.`)
  }
  const held = 'value' in operation ? { ...operation, value: holdDecimals(operation.value) } : operation
  let error: Error | null | undefined
  try {
    ;[error] = applyPatch(target, [held])
  } catch {
    error = new Error()
  }
  if (error)
    throw fail('unprocessable', `${name} does not fit the resource: there is no such place in it. Nothing was changed.`)
}

/** RFC 6902 compares numbers by their value. */
const asNumbers = (value: unknown): unknown => JSON.parse(stringifyJson(value))

const HELD = '\u0000decimal:'

/** The library copies objects member by member, which decimals that keep their text do not survive: they travel as strings. */
const holdDecimals = (value: unknown): unknown =>
  mapped(value, (leaf) => (JSON.isRawJSON(leaf) ? HELD + leaf.rawJSON : leaf))

const restoreDecimals = (value: unknown): unknown =>
  mapped(value, (leaf) =>
    typeof leaf === 'string' && /^-?\d/.test(leaf.slice(HELD.length)) && leaf.startsWith(HELD) ? decimal(leaf) : leaf,
  )

const decimal = (held: string): unknown => {
  try {
    return JSON.rawJSON(held.slice(HELD.length))
  } catch {
    return held
  }
}

const mapped = (value: unknown, leaf: (value: unknown) => unknown): unknown => {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return leaf(value)
  if (Array.isArray(value)) return value.map((item) => mapped(item, leaf))
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, mapped(child, leaf)]))
}
