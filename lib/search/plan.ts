import type { Resource } from '../fhir.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import { logPartition, shards } from '../store/keys.ts'
import type { RowStream } from '../store/walk.ts'
import { type Bounds, boundsOf } from './bounds.ts'
import type { Clause } from './clause.ts'
import { cheapestDriver, type Driver } from './drivers.ts'
import {
  CLOSED,
  OPEN,
  type OpenFlag,
  orderInstant,
  orderKey,
  UNDATED,
  URGENT,
  urgentFlagOf,
  urgentFlags,
} from './order.ts'
import type { ParsedSearch, SortKey } from './parse.ts'
import { listingOf, type Partition } from './partitions.ts'
import type { Zone } from './zone.ts'

/** How a search gets its candidates. Each of them is still matched against every clause. */
export interface Plan {
  /** a parameter's code, `compartment`, `listing` or `log` */
  driver: string
  /** to be read directly, instead of streams */
  direct?: readonly { type: string; id: string }[]
  streams: readonly RowStream[]
  descending: boolean
  /** The walk gives what `_sort` asks for; otherwise all matches have to be gathered first. */
  sorted: boolean
  /** Where what may have two rows stands first: behind that, it has been given. */
  firstPosition?(resource: Readonly<Resource>, id: string): string
}

const LAST_UPDATED = '_lastUpdated'
const ID = '_id'

/** A part of every list: what stands before the order, and the bounds of the order. */
interface Part {
  prefix: string
  from?: string
  to?: string
}

/** Whether the walk may go in the direction a key asks for, with ties by id in the same direction. */
const isOnly = (sort: readonly SortKey[], code: string): boolean => {
  const [first, second, ...more] = sort
  if (first?.parameter.code !== code || more.length) return false
  return !second || (second.parameter.code === ID && second.descending === first.descending)
}

/** What the search says of open and closed: one of them, or undefined. */
const openFlag = (declaration: ResourceDeclaration, clauses: readonly Clause[]): OpenFlag | undefined => {
  const open = declaration.order?.open
  if (!open) return undefined
  for (const clause of clauses) {
    if (clause.kind !== 'token') continue
    const [path, ...others] = clause.parameter.paths
    const isElement = path && !others.length && path.steps.length === 1 && path.steps[0]!.element === open.element
    if (!isElement || path.datatype !== 'code') continue
    const codes = clause.anyOf.map(({ code }) => code)
    if (codes.includes(undefined)) continue
    if (clause.not) {
      // Codes compared with another system may match nothing and so exclude nothing.
      const excluded = clause.anyOf.flatMap(({ system, code }) => (system === undefined ? code! : []))
      if (open.codes.every((code) => excluded.includes(code))) return CLOSED
    } else {
      if (codes.every((code) => open.codes.includes(code!))) return OPEN
      if (codes.every((code) => !open.codes.includes(code!))) return CLOSED
    }
  }
  return undefined
}

/** The date that a bound falls into begins here, and so do its month and its year: a value that is one of these begins there too. */
const beginnings = (low: number, zone: Zone): { day: number; month: number; year: number } => {
  const date = zone.dateOf(low)
  return {
    day: zone.startOfDay(date),
    month: zone.startOfDay(`${date.slice(0, 7)}-01`),
    year: zone.startOfDay(`${date.slice(0, 4)}-01-01`),
  }
}

/** The ranges of the order that can hold what is within the bounds. */
const rangesOf = ({ low, high, reaching }: Bounds, zone: Zone): Omit<Part, 'prefix'>[] => {
  const to = high === undefined ? {} : { to: orderInstant(high) }
  if (low === undefined || low === -Infinity) return [to]
  if (low === Infinity) return []
  if (!reaching) return [{ from: orderInstant(low), ...to }]
  const { day, month, year } = beginnings(low, zone)
  const points = [...new Set([year, month])].filter((point) => point < day).map(orderInstant)
  return [...points.map((point) => ({ from: point, to: point })), { from: orderInstant(day), ...to }]
}

const isEmpty = ({ low, high }: Bounds): boolean => low === undefined && high === undefined

/** What the search says of the order: the ranges to walk, and whether they leave anything out. */
const spanOf = (
  { order }: ResourceDeclaration,
  clauses: readonly Clause[],
  zone: Zone,
): { ranges: Omit<Part, 'prefix'>[]; bounded: boolean } => {
  const all = boundsOf(clauses, order!.parameter)
  const bounds: Bounds = order!.point ? all : { high: all.high }
  const undated = onlyUndated(clauses, order!.parameter)
  return { ranges: undated ? [{ from: UNDATED }] : rangesOf(bounds, zone), bounded: undated || !isEmpty(bounds) }
}

const onlyUndated = (clauses: readonly Clause[], code: string): boolean =>
  clauses.some((clause) => clause.kind === 'missing' && clause.missing && clause.parameter.code === code)

interface OrderUse {
  /** of a list in the plain order */
  parts: readonly Part[]
  /** of a list in which open comes before closed */
  parted: readonly Part[]
  sorted: boolean
  descending: boolean
  /** the search says something of the order, so that a list in this order is worth walking */
  helps: boolean
}

/**
 * Which parts of its lists a search has to walk, given what it says of the order of the type. `apart`: open and closed as two parts
 * in any case, so that a resource has the same position in a list that parts them as in one that does not.
 */
const useOfOrder = (
  declaration: ResourceDeclaration,
  { clauses, sort }: ParsedSearch,
  zone: Zone,
  { apart = false }: { apart?: boolean } = {},
): OrderUse => {
  const { order } = declaration
  const [first] = sort
  const descending = first?.descending ?? false
  if (!order)
    return { parts: [{ prefix: '' }], parted: [], sorted: !first || isOnly(sort, ID), descending, helps: false }

  const { ranges, bounded } = spanOf(declaration, clauses, zone)
  // Lists are in order of the earliest value; what is sorted downwards has to be so by the latest.
  const byOrder = isOnly(sort, order.parameter) && (!descending || !order.repeats)
  const flag = openFlag(declaration, clauses)
  const partsWith = (prefix: string): Part[] => ranges.map((range) => ({ prefix, ...range }))
  const both = apart || byOrder || bounded ? [OPEN, CLOSED] : ['']
  return {
    parts: partsWith(''),
    parted: (flag ? [flag] : both).flatMap(partsWith),
    sorted: !first || byOrder,
    descending,
    helps: byOrder || bounded || flag !== undefined,
  }
}

const streamsOf = (type: string, partitions: readonly Partition[], { parts, parted }: OrderUse): RowStream[] =>
  partitions.flatMap((list) =>
    (list.parted ? parted : parts).map((part) => ({
      ...part,
      pk: list.pk,
      type,
      prefix: `${list.prefix}${part.prefix}`,
      // The further rows of what is urgent lead to nothing that the others do not.
      ...(list.urgentFirst && !part.prefix && { from: OPEN }),
    })),
  )

/** Whether the sort asks for the most urgent first, then for the type's own order. */
const isByUrgency = ({ order }: ResourceDeclaration, [first, ...others]: readonly SortKey[]): boolean =>
  first?.descending === true &&
  first.parameter.code === order?.open?.urgent?.parameter &&
  isOnly(others, order.parameter) &&
  !others[0]!.descending

/** The parts of a list in which urgent ones come first; undefined when that is not what the search asks for. */
const partsByUrgency = (
  declaration: ResourceDeclaration,
  { clauses, sort }: ParsedSearch,
  zone: Zone,
): Part[] | undefined => {
  if (!isByUrgency(declaration, sort) || openFlag(declaration, clauses) !== OPEN) return undefined
  const { ranges, bounded } = spanOf(declaration, clauses, zone)
  if (!bounded) return [{ prefix: '', from: URGENT, to: OPEN }]
  return [...urgentFlags(declaration), OPEN].flatMap((flag) =>
    ranges.map(({ from = '', to = '' }) => ({ prefix: '', from: `${flag}${from}`, to: `${flag}${to}` })),
  )
}

const drivenBy = (
  driver: Driver,
  declaration: ResourceDeclaration,
  search: ParsedSearch,
  { zone, alone }: { zone: Zone; alone: boolean },
): Plan => {
  const byUrgency = alone && driver.partitions.length ? partsByUrgency(declaration, search, zone) : undefined
  if (byUrgency && driver.partitions.every(({ urgentFirst }) => urgentFirst)) {
    const streams = driver.partitions.flatMap(({ pk }) => byUrgency.map((part) => ({ ...part, pk, type: search.type })))
    const firstPosition = (resource: Readonly<Resource>, id: string) =>
      `${urgentFlagOf(declaration, resource) || OPEN}${orderKey(declaration, resource, zone)}#${id}`
    return { driver: driver.name, streams, descending: false, sorted: true, firstPosition }
  }
  const apart = driver.partitions.some(({ parted }) => parted) && driver.partitions.some(({ parted }) => !parted)
  const use = useOfOrder(declaration, search, zone, { apart })
  const { sorted, descending } = use
  if (driver.ids) {
    const direct = driver.ids.map((id) => ({ type: search.type, id }))
    return { driver: driver.name, direct, streams: [], descending, sorted: false }
  }
  const streams = streamsOf(search.type, driver.partitions, use)
  return { driver: driver.name, streams, descending, sorted }
}

const fromListing = (declaration: ResourceDeclaration, search: ParsedSearch, use: OrderUse): Plan => {
  const { sorted, descending } = use
  const streams = streamsOf(search.type, [listingOf(declaration)], use)
  return { driver: 'listing', streams, descending, sorted }
}

/** The log holds a row for every version, at the instant it was written: newest first unless another direction is asked for. */
const fromLog = ({ type, clauses, sort }: ParsedSearch): Plan => {
  const { low, high } = boundsOf(clauses, LAST_UPDATED)
  const bounds = {
    ...(low !== undefined && { from: orderInstant(low) }),
    ...(high !== undefined && { to: orderInstant(high) }),
  }
  const byTime = isOnly(sort, LAST_UPDATED)
  return {
    driver: 'log',
    streams: shards().map((shard) => ({ pk: logPartition(type, shard), type, prefix: '', log: true, ...bounds })),
    descending: byTime ? sort[0]!.descending : true,
    sorted: !sort.length || byTime,
  }
}

/**
 * Chooses where a search gets its candidates: direct reads, then the list of an identifier, of a patient, of another reference, of a
 * canonical; then the type's own list when the search says something of its order; else the log of changes. Never a scan. Pure.
 */
export const planSearch = (
  search: ParsedSearch,
  declaration: ResourceDeclaration,
  zone: Zone,
  /** false: other types are to be walked along with it */
  alone = true,
): Plan => {
  const driver = cheapestDriver(declaration, search.clauses)
  if (driver) return drivenBy(driver, declaration, search, { zone, alone })
  const use = useOfOrder(declaration, search, zone)
  const isLog = isOnly(search.sort, LAST_UPDATED)
  return declaration.order?.listed && use.helps && !isLog ? fromListing(declaration, search, use) : fromLog(search)
}

/** What a position of a walk is made of: plans of the same kind can be walked together. */
const kindOf = ({ direct, streams }: Plan): 'direct' | 'log' | 'lists' =>
  direct ? 'direct' : streams.some(({ log }) => log) ? 'log' : 'lists'

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)]

/**
 * One walk for searches of several types. Where their plans differ in kind or direction, all of them walk the log: positions of
 * different kinds do not compare.
 */
export const planTogether = (
  searches: readonly ParsedSearch[],
  declarationOf: (type: string) => ResourceDeclaration,
  zone: Zone,
): Plan => {
  const [only, ...others] = searches
  if (only && !others.length) return planSearch(only, declarationOf(only.type), zone)
  const chosen = searches.map((search) => planSearch(search, declarationOf(search.type), zone, false))
  const isOneKind = distinct(chosen.map((plan) => `${kindOf(plan)} ${plan.descending}`)).length === 1
  const plans = isOneKind ? chosen : searches.map(fromLog)
  const [first] = plans
  const direct = plans.flatMap((plan) => plan.direct ?? [])
  return {
    driver: distinct(plans.map(({ driver }) => driver)).join(', '),
    ...(first?.direct && { direct }),
    streams: plans.flatMap(({ streams }) => streams),
    descending: first?.descending ?? false,
    sorted: plans.every(({ sorted }) => sorted),
  }
}

/** The type in front of the order in a compartment's rows, which no position holds. */
const TYPE = /^[A-Za-z]+\//

/** Equal for plans that walk in the same order, so that a position of the one is a position of the other. */
export const planSignature = (plan: Plan): string =>
  JSON.stringify([
    kindOf(plan),
    plan.descending,
    plan.sorted,
    distinct(plan.streams.map(({ prefix }) => prefix.replace(TYPE, ''))).sort(),
  ])
