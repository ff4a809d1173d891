import { isObject } from '../json.ts'
import type { ElementPath, Step } from './parameter.ts'

type Json = { readonly [element: string]: unknown }

const collect = (value: unknown, steps: readonly Step[], at: number, found: unknown[]): void => {
  if (value === undefined || value === null) return
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, steps, at, found)
    return
  }
  // The choice of a step looks at the elements it leads to, so it is made when they are met.
  const where = at > 0 ? steps[at - 1]?.where : undefined
  if (where && (value as Json)[where.element] !== where.equals) return
  const step = steps[at]
  if (!step) found.push(value)
  else if (isObject(value)) collect(value[step.element], steps, at + 1, found)
}

/** The elements that `steps` lead to from `base`, arrays walked through; none is null. No steps: `base` itself. */
export const elementsAt = (base: unknown, steps: readonly Step[]): unknown[] => {
  const found: unknown[] = []
  collect(base, steps, 0, found)
  return found
}

/** Text that is equal for paths to the same elements, whatever datatype or target they keep. */
export const locationOf = ({ steps }: ElementPath): string =>
  steps.map(({ element, where }) => (where ? `${element}[${where.element}=${where.equals}]` : element)).join('.')
