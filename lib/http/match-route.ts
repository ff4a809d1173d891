import { ID } from '../fhir.ts'
import type { Target } from '../interactions/interaction.ts'
import { fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { isFor } from './is-for.ts'
import { type Route, routes } from './routes.ts'

export interface RouteMatch extends Target {
  route: Route
}

const TYPE = /^[A-Z][A-Za-z]*$/
const OURS = /^[_$]/

/** The parts of a URL that a pattern names, or undefined when it is not of that pattern. */
const bind = (pattern: string, segments: readonly string[]): Target | undefined => {
  const parts = pattern === '' ? [] : pattern.split('/')
  if (parts.length !== segments.length) return undefined
  const target: Target = { type: '', id: '', versionId: '' }
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]!
    if (part === '[type]' && TYPE.test(segment)) target.type = segment
    else if (part === '[id]' && !OURS.test(segment)) target.id = segment
    else if (part === '[vid]' && !OURS.test(segment)) target.versionId = segment
    else if (part !== segment) return undefined
  }
  return target
}

/** The methods that a URL takes, for `Allow`. */
const allowed = (matches: readonly RouteMatch[]): string =>
  [...new Set(matches.flatMap(({ route: { method } }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ')

/**
 * Where a method and the segments of a path below the base lead.
 * @throws FhirError notFound (404), methodNotAllowed (405, with `Allow`), invalid (400) for an id that no resource can have
 */
export const matchRoute = (method: string, segments: readonly string[]): RouteMatch => {
  const matches = routes.flatMap((route) => {
    const target = bind(route.path, segments)
    const isServed = target && (!target.type || declarations.has(target.type))
    return isServed && isFor(route, target.type) ? [{ route, ...target }] : []
  })
  const [first] = matches
  if (!first) throw nothingHere(segments[0])
  const match = matches.find(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method))
  if (!match) {
    const methods = allowed(matches)
    throw fail('methodNotAllowed', `This URL takes ${methods}.`, undefined, { Allow: methods })
  }
  if (match.id && !ID.test(match.id))
    throw fail('invalid', 'An id has 1 to 64 characters: letters, digits, hyphens and dots.')
  return match
}

export const servedTypes = (): string => [...declarations.keys()].sort().join(', ')

const nothingHere = (first: string | undefined) =>
  first !== undefined && declarations.has(first)
    ? fail('notFound', `There is nothing at this URL. What can be done with ${first}: see metadata.`)
    : fail('notFound', `There is nothing at this URL. Served are metadata and the types ${servedTypes()}.`)
