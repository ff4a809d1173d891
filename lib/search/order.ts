import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import { dateRangeOf } from './date.ts'
import { elementsAt } from './elements.ts'
import { searchParameters } from './search-parameters.ts'
import type { Zone } from './zone.ts'

/** Of an order key: whether the resource is open. Open comes first. */
export type OpenFlag = '0' | '1'
export const OPEN: OpenFlag = '0'
export const CLOSED: OpenFlag = '1'

/** The order key of a resource without a date: behind all dates. */
export const UNDATED = '~'
/** Of a period without a start: before all dates. */
const ALWAYS = '-'

/** Beyond the years that a FHIR date can hold, where text order would no longer be time order. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

/** The part of an order key that stands for an instant in epoch milliseconds. */
export const orderInstant = (instant: number): Instant =>
  instant === -Infinity ? ALWAYS : instantOf(Math.min(Math.max(instant, EARLIEST), LATEST))

/** The start of the earliest value of the order parameter; undefined: it has none. */
const earliest = (declaration: ResourceDeclaration, resource: Resource, zone: Zone): number | undefined => {
  const parameter = searchParameters(declaration).get(declaration.order!.parameter)
  if (!parameter)
    throw new Error(`${declaration.type} is ordered by ${declaration.order!.parameter}, which is not declared`)
  let low: number | undefined
  for (const path of parameter.paths)
    for (const element of elementsAt(resource, path.steps)) {
      const range = dateRangeOf(element, path.datatype, zone)
      if (range && (low === undefined || range.low < low)) low = range.low
    }
  return low
}

/**
 * Where a resource stands in the lists of its type: by the earliest value of the order parameter; empty for a type without an order,
 * whose lists are in order of id.
 */
export const orderKey = (declaration: ResourceDeclaration, resource: Resource, zone: Zone): string => {
  if (!declaration.order) return ''
  const low = earliest(declaration, resource, zone)
  return low === undefined ? UNDATED : orderInstant(low)
}

/** What stands before the order in the lists that part open from closed; empty for a type that does not. */
export const openFlagOf = ({ order }: ResourceDeclaration, resource: Resource): OpenFlag | '' => {
  if (!order?.open) return ''
  return order.open.codes.includes(resource[order.open.element] as string) ? OPEN : CLOSED
}
