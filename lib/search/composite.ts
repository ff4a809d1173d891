import { locationOf } from './elements.ts'
import type { ElementPath, SearchParameter } from './parameter.ts'
import type { SearchParameters } from './search-parameters.ts'

/** A place where a composite looks, with its components as parameters whose paths begin there. */
export interface Base {
  path: ElementPath
  components: SearchParameter[]
}

const begins = (path: ElementPath, base: ElementPath): boolean =>
  base.steps.length <= path.steps.length &&
  locationOf(base) === locationOf({ ...path, steps: path.steps.slice(0, base.steps.length) })

/** A component's path belongs to the longest base it begins with, so that `component.code` is not read as a code of the whole. */
const owner = (path: ElementPath, bases: readonly ElementPath[]): ElementPath | undefined =>
  bases.filter((base) => begins(path, base)).sort((a, b) => b.steps.length - a.steps.length)[0]

/**
 * The bases of a composite parameter at which each of its components has a path.
 * @throws Error when a component is not declared: a mistake in the program
 */
export const basesOf = (composite: SearchParameter, parameters: SearchParameters): Base[] => {
  const components = composite.components.map((code) => {
    const component = parameters.get(code)
    if (!component) throw new Error(`${composite.code} is composed of ${code}, which is not declared`)
    return component
  })
  return composite.paths
    .map((path) => ({
      path,
      components: components.map((component) => ({
        ...component,
        paths: component.paths
          .filter((candidate) => owner(candidate, composite.paths) === path)
          .map((candidate) => ({ ...candidate, steps: candidate.steps.slice(path.steps.length) })),
      })),
    }))
    .filter(({ components: found }) => found.every(({ paths }) => paths.length > 0))
}
