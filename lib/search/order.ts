import { instantOf } from '../clock.ts'
import type { Instant, Resource } from '../fhir.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import { dateRangeOf } from './date.ts'
import { elementsAt } from './elements.ts'
import type { SearchParameter } from './parameter.ts'
import { rankOf } from './rank.ts'
import { searchParameters } from './search-parameters.ts'
import type { Zone } from './zone.ts'

/** Of an order key: whether the resource is open. Open comes first. */
export type OpenFlag = '0' | '1'
export const OPEN: OpenFlag = '0'
export const CLOSED: OpenFlag = '1'

/** Begins the order of what is open and urgent, before both flags; how urgent follows, the most urgent first. */
export const URGENT = '!'

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

const parameterOf = (declaration: ResourceDeclaration, code: string): SearchParameter => {
  const parameter = searchParameters(declaration).get(code)
  if (!parameter) throw new Error(`${declaration.type} is ordered by ${code}, which is not declared`)
  return parameter
}

/** The start of the earliest value of the order parameter; undefined: it has none. */
const earliest = (declaration: ResourceDeclaration, resource: Resource, zone: Zone): number | undefined => {
  const parameter = parameterOf(declaration, declaration.order!.parameter)
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

/** What stands before the order in the further row of what is open and urgent; empty for a resource that has none. */
export const urgentFlagOf = (declaration: ResourceDeclaration, resource: Resource): string => {
  const urgent = declaration.order?.open?.urgent
  if (!urgent || openFlagOf(declaration, resource) !== OPEN) return ''
  const parameter = parameterOf(declaration, urgent.parameter)
  const rank = rankOf(parameter, resource)
  return rank ? urgentFlags(declaration)[parameter.ranks!.length - 1 - rank]! : ''
}

/** All there are, the most urgent first; a digit each. */
export const urgentFlags = (declaration: ResourceDeclaration): string[] => {
  const { ranks = [] } = parameterOf(declaration, declaration.order!.open!.urgent!.parameter)
  return ranks.slice(1).map((_code, place) => `${URGENT}${place}`)
}
