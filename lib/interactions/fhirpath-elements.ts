import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import type { Resource } from '../fhir.ts'
import { stringifyJson } from '../json.ts'
import { fail } from '../outcome.ts'
import type { PatchOperation } from './fhirpath-patch.ts'
import { type Container, givenBy, memberFor, type Part, put, unfit } from './fhirpath-values.ts'

/** A node as the library gives it when asked not to unwrap it. */
interface Node {
  propName: string | null
  index: number | null
  /** a datatype, or the path of a backbone element such as `Task.input` */
  path: string
  parentResNode?: Node
}

/** What an expression leads to: an element of an object, or an item of its list. */
interface Place {
  container: Container
  element: string
  /** in a list */
  index?: number
}

/** The nodes that an expression leads to, in a copy: the library writes into what it reads and knows no decimals kept as text. */
const evaluate = (resource: Resource, path: string): Node[] => {
  try {
    return fhirpath.evaluate(JSON.parse(stringifyJson(resource)), path, undefined, r4, {
      async: false,
      resolveInternalTypes: false,
      // trace() would write what it is given to the log.
      traceFn: () => undefined,
    }) as Node[]
  } catch {
    // The library's messages quote the expression, which may hold anything.
    throw fail('invalid', 'The path is no FHIRPath that can be evaluated here.')
  }
}

const steps = (node: Node): (string | number)[] => {
  if (!node.parentResNode || node.propName === null) return []
  return [...steps(node.parentResNode), node.propName, ...(node.index === null ? [] : [node.index])]
}

/** The member that holds an element; an element with a choice of datatypes is named with the one it has: `valueString`. */
const heldAs = (container: Container, element: string): string =>
  element in container
    ? element
    : (Object.keys(container).find((name) => name.startsWith(element) && /^[A-Z]/.test(name.slice(element.length))) ??
      element)

const at = (resource: Resource, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, step) => {
    const container = value as Container | undefined
    return container?.[typeof step === 'string' ? heldAs(container, step) : step]
  }, resource)

const placeOf = (resource: Resource, node: Node): Place => {
  if (typeof node?.propName !== 'string' || !node.parentResNode)
    throw unfit('The path must lead to an element of the resource.')
  const container = at(resource, steps(node.parentResNode)) as Container | undefined
  if (typeof container !== 'object' || container === null)
    throw unfit('The path must lead to an element of the resource.')
  return { container, element: heldAs(container, node.propName), ...(node.index !== null && { index: node.index }) }
}

const single = (nodes: readonly Node[]): Node => {
  const [node] = nodes
  if (!node) throw unfit('The path leads to nothing in this resource.')
  if (nodes.length > 1) throw unfit('The path leads to more than one element; an operation changes one.')
  return node
}

/** The list that all of the nodes are items of, as FHIRPath has no name for a list. */
const listOf = (resource: Resource, nodes: readonly Node[]): { list: unknown[]; path: string } => {
  const [first] = nodes
  if (!first) throw unfit('The path leads to no list in this resource; use add for the first item.')
  const { container, element } = placeOf(resource, first)
  const list = container[element]
  const together = nodes.every((node) => {
    const place = placeOf(resource, node)
    return place.container === container && place.element === element
  })
  if (!Array.isArray(list) || !together || nodes.length !== list.length)
    throw unfit('The path must lead to all items of one list.')
  return { list, path: first.path }
}

/** `_status` holds what goes with `status`: its id and extensions. */
const companion = (element: string): string => `_${element}`

const remove = ({ container, element, index }: Place): void => {
  const list = container[element]
  if (index === undefined || !Array.isArray(list) || list.length === 1) {
    delete container[element]
    delete container[companion(element)]
    return
  }
  list.splice(index, 1)
  const companions = container[companion(element)]
  if (Array.isArray(companions)) companions.splice(index, 1)
}

const replace = (resource: Resource, node: Node, part: Part): void => {
  const { container, element, index } = placeOf(resource, node)
  const value = givenBy(part, node.path)
  if (index !== undefined) {
    ;(container[element] as unknown[])[index] = value
    return
  }
  const member = memberFor(node.parentResNode?.path ?? '', element, part)
  if (member !== element) delete container[element]
  container[member] = value
}

const within = (index: number, length: number, what: string): void => {
  if (index >= length) throw unfit(`The part ${what} lies outside of the list.`)
}

/** `name` is added with `value` to the element that the nodes stand for. */
const add = (resource: Resource, nodes: readonly Node[], name: string, value: Part): void => {
  const node = single(nodes)
  const container = at(resource, steps(node))
  if (typeof container !== 'object' || container === null || Array.isArray(container))
    throw unfit('The path of add must lead to an element that has elements.')
  put(container as Container, node.path, name, value)
}

const insert = (resource: Resource, nodes: readonly Node[], index: number, value: Part): void => {
  const { list, path } = listOf(resource, nodes)
  within(index, list.length + 1, 'index')
  list.splice(index, 0, givenBy(value, path))
}

const move = (resource: Resource, nodes: readonly Node[], source: number, destination: number): void => {
  const { list } = listOf(resource, nodes)
  within(source, list.length, 'source')
  within(destination, list.length, 'destination')
  list.splice(destination, 0, ...list.splice(source, 1))
}

/** Carries out one operation, on the resource itself. @throws FhirError unprocessable (422), invalid (400) for an expression that is none */
export const applyOperation = (resource: Resource, operation: PatchOperation): void => {
  const { type, path, name, value, index, source, destination } = operation
  const nodes = evaluate(resource, path)
  if (type === 'add') add(resource, nodes, name!, value!)
  else if (type === 'insert') insert(resource, nodes, index!, value!)
  else if (type === 'move') move(resource, nodes, source!, destination!)
  else if (type === 'replace') replace(resource, single(nodes), value!)
  else if (nodes.length) remove(placeOf(resource, single(nodes)))
}
