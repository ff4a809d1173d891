import type { RouteBlueprint } from './blueprint.ts'

export interface RouteMatch {
  route: RouteBlueprint
  parameters: Record<string, string>
}

/** Finds the route of a request, as API Gateway does: the most specific path; undefined when there is none. */
export type FindRoute = (method: string, path: string) => RouteMatch | undefined

interface Node {
  literals: Map<string, Node>
  /** `{id}`: one segment */
  parameter?: { name: string; node: Node }
  /** `{proxy+}`: all the rest, at least one segment */
  greedy?: { name: string; node: Node }
  routes: Map<string, RouteBlueprint>
}

const emptyNode = (): Node => ({ literals: new Map(), routes: new Map() })

const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean)

const grow = (node: Node, segment: string): Node => {
  const [, name, plus] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? []
  if (name && plus) {
    node.greedy ??= { name, node: emptyNode() }
    return node.greedy.node
  }
  if (name) {
    node.parameter ??= { name, node: emptyNode() }
    return node.parameter.node
  }
  const child = node.literals.get(segment) ?? emptyNode()
  node.literals.set(segment, child)
  return child
}

const find = (node: Node, segments: readonly string[], method: string): RouteMatch | undefined => {
  const [segment, ...rest] = segments
  if (segment === undefined) {
    const route = node.routes.get(method) ?? node.routes.get('ANY')
    return route && { route, parameters: {} }
  }
  const literal = node.literals.get(segment)
  const byLiteral = literal && find(literal, rest, method)
  if (byLiteral) return byLiteral
  if (node.parameter) {
    const match = find(node.parameter.node, rest, method)
    if (match)
      return { ...match, parameters: { [node.parameter.name]: decodeURIComponent(segment), ...match.parameters } }
  }
  if (!node.greedy) return undefined
  const match = find(node.greedy.node, [], method)
  return match && { ...match, parameters: { [node.greedy.name]: segments.map(decodeURIComponent).join('/') } }
}

/** The returned function throws a URIError on a path that is not well encoded. */
export const createRouteFinder = (routes: readonly RouteBlueprint[]): FindRoute => {
  const root = emptyNode()
  for (const route of routes) segmentsOf(route.path).reduce(grow, root).routes.set(route.method, route)
  return (method, path) => find(root, segmentsOf(path), method)
}
