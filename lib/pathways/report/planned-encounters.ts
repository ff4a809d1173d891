import type { CarePlan, Encounter } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import type { Resource } from '../../fhir.ts'
import { declarations, parametersOf } from '../../resources/index.ts'
import { orderInstant, orderKey } from '../../search/order.ts'
import { uriList } from '../../search/partitions.ts'
import { type Zone, zoneOf } from '../../search/zone.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { type Hit, type RowStream, Walk } from '../../store/walk.ts'
import { encounterIdOf } from '../look-again.ts'
import { type PlannedEncounter, planIdsOf } from './transition-lines.ts'

/** Instants in epoch milliseconds, both inclusive. */
export interface Span {
  low: number
  high: number
}

export interface Page {
  encounters: PlannedEncounter[]
  /** where to go on; none at the end */
  position?: string
}

/** A page that has looked at this many plans is answered as it is. */
const ROWS_A_PAGE = 1_000
const PLAN = 'CarePlan'

const carePlan = declarations.get(PLAN)!
const canonical = parametersOf(PLAN).get('instantiates-canonical')!

/** The plans of each definition, by the moment they began. */
const streamsOf = (urls: Iterable<string>, { low, high }: Span): RowStream[] =>
  [...urls].map((url) => {
    const { pk, prefix } = uriList(carePlan, canonical, url)
    return { pk, prefix, type: PLAN, from: orderInstant(low), to: orderInstant(high) }
  })

const asPlan = (version: Version): CarePlan => resourceOf(version) as unknown as CarePlan

const placeOf = (plan: CarePlan, zone: Zone): string => orderKey(carePlan, plan as unknown as Resource, zone)

/** Of the plans of an encounter that began within the span, the first in order: the one that the encounter is told of with. */
const firstOf = (plans: readonly CarePlan[], zone: Zone): CarePlan | undefined =>
  [...plans].sort((a, b) => {
    const [one, other] = [placeOf(a, zone), placeOf(b, zone)]
    return one === other ? (a.id! < b.id! ? -1 : 1) : one < other ? -1 : 1
  })[0]

/** The encounters that these plans are the first of, with all their plans that began within the span. */
const encountersOf = async (
  { store }: Careloop,
  hits: readonly Hit[],
  urls: readonly string[],
  { low, high }: Span,
  zone: Zone,
): Promise<PlannedEncounter[]> => {
  const met = hits.flatMap(({ version }) => {
    const id = encounterIdOf(asPlan(version))
    return id === undefined ? [] : [{ id, planId: version.id, planIds: planIdsOf(id, urls) }]
  })
  const found = await store.readMany(met.flatMap(({ planIds }) => planIds).map((id) => ({ type: PLAN, id })))
  const plans = new Map(
    found.filter(({ deleted }) => !deleted).map((version) => [version.id, asPlan(version)] as const),
  )
  const [from, to] = [orderInstant(low), orderInstant(high)]
  const isWithin = (plan: CarePlan): boolean => {
    const place = placeOf(plan, zone)
    return place >= from && place <= to
  }
  const told = met.flatMap(({ id, planId, planIds }) => {
    const own = planIds.flatMap((each) => plans.get(each) ?? []).filter(isWithin)
    return firstOf(own, zone)?.id === planId ? [{ id, plans: own }] : []
  })
  const versions = await store.readMany(told.map(({ id }) => ({ type: 'Encounter', id })))
  const encounters = new Map(
    versions
      .filter(({ deleted }) => !deleted)
      .map((version) => [version.id, resourceOf(version) as unknown as Encounter] as const),
  )
  return told.map(({ id, plans: own }) => {
    const resource = encounters.get(id)
    return { id, plans: own, ...(resource && { resource }) }
  })
}

/**
 * Encounters for which plans of these definitions began within a span, in that order, each once. Reads the plans that began within the
 * span and no others, a bounded number a page. `isWanted` sifts them.
 */
export const plannedEncounters = async (
  careloop: Careloop,
  urls: readonly string[],
  span: Span,
  { count, after, isWanted }: { count: number; after?: string; isWanted(encounter: PlannedEncounter): boolean },
): Promise<Page> => {
  const zone = zoneOf(careloop.tenant.timeZone)
  const walk = new Walk(careloop.store.table, streamsOf(urls, span), after === undefined ? {} : { after })
  const encounters: PlannedEncounter[] = []
  while (!walk.done && encounters.length < count && walk.rows < ROWS_A_PAGE) {
    const hits = await walk.next(count - encounters.length)
    encounters.push(...(await encountersOf(careloop, hits, urls, span, zone)).filter(isWanted))
  }
  return { encounters, ...(!walk.done && walk.position !== undefined && { position: walk.position }) }
}
