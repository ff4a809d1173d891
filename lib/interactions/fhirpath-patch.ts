import { numberOf } from '../json.ts'
import { FhirError, fail } from '../outcome.ts'
import type { Part } from './fhirpath-values.ts'
import type { Patch } from './read-patch.ts'

/** An operation as it is written, its parts by their names. */
export interface PatchOperation {
  type: string
  path: string
  name?: string
  value?: Part
  index?: number
  source?: number
  destination?: number
}

type Loose = Record<string, unknown>

const OPERATIONS: Readonly<Record<string, readonly (keyof PatchOperation)[]>> = {
  add: ['name', 'value'],
  insert: ['value', 'index'],
  delete: [],
  replace: ['value'],
  move: ['source', 'destination'],
}

/** Reads the Parameters of a FHIRPath Patch. https://hl7.org/fhir/R4/fhirpatch.html @throws FhirError invalid (400) */
export const fhirPathPatch = ({ parameter }: Loose): Patch => {
  const operations = listOf(parameter).map((entry, index) =>
    readOperation(entry as Loose, `Parameters.parameter[${index}]`),
  )
  if (!operations.length)
    throw fail('invalid', 'A FHIRPath Patch has a parameter named operation for each change.', 'Parameters.parameter')
  return async (resource) => {
    // FHIRPath is large and takes a while to load: only those who use it wait for it.
    const { applyOperation } = await import('./fhirpath-elements.ts')
    for (const [index, operation] of operations.entries()) applyAt(index, () => applyOperation(resource, operation))
    return resource
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const readOperation = (entry: Loose, place: string): PatchOperation => {
  if (entry?.name !== 'operation')
    throw fail('invalid', 'Each parameter of a patch is named operation.', `${place}.name`)
  const parts = new Map(listOf(entry.part).map((part) => [(part as Loose | null)?.name, part as Part]))
  const text = (name: string): string | undefined => {
    const part = parts.get(name)
    const value = part && (part.valueString ?? part.valueCode)
    return typeof value === 'string' && value ? value : undefined
  }
  const type = text('type')
  const wanted = type === undefined ? undefined : OPERATIONS[type]
  if (!type || !wanted)
    throw fail('invalid', `An operation needs a part type: ${Object.keys(OPERATIONS).join(', ')}.`, `${place}.part`)
  const path = text('path')
  if (!path) throw fail('invalid', `The operation ${type} needs a part path: a FHIRPath.`, `${place}.part`)
  const operation: PatchOperation = { type, path }
  for (const name of wanted) {
    const value = name === 'name' ? text(name) : name === 'value' ? parts.get(name) : wholeNumber(parts.get(name))
    if (value === undefined) throw fail('invalid', `The operation ${type} needs a part ${name}.`, `${place}.part`)
    Object.assign(operation, { [name]: value })
  }
  return operation
}

const wholeNumber = (part: Part | undefined): number | undefined => {
  const value = numberOf(part?.valueInteger)
  return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined
}

const applyAt = (index: number, apply: () => void): void => {
  try {
    apply()
  } catch (error) {
    if (!(error instanceof FhirError)) throw error
    throw new FhirError(
      error.category,
      error.problems.map((problem) => ({ ...problem, expression: `Parameters.parameter[${index}]` })),
    )
  }
}
