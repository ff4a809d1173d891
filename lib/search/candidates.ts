import { ID, referenceTo } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { compareKeys } from '../store/order.ts'
import type { Store } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { Walk } from '../store/walk.ts'
import { matches, type Reading } from './match.ts'
import type { ParsedSearch, SortKey } from './parse.ts'
import type { Plan } from './plan.ts'
import { meets, type Sift } from './restriction.ts'
import { comparePlaces, type Place, placeOf } from './sort.ts'

/** What every way of going through the candidates needs. */
export interface Run {
  store: Store
  plan: Plan
  /** by type */
  searches: ReadonlyMap<string, ParsedSearch>
  reading: Reading
  /** what decides beside the content of a match; none: nothing */
  sift?: Sift | undefined
}

export interface Match {
  version: Version
  /** of a walk */
  position: string
}

/** Candidates fetched at once at most: what one BatchGetItem takes. */
const LARGEST_CHUNK = 100
/** A page that has looked at this many rows is answered as it is, with a link to go on. */
const ROWS_A_PAGE = 1_000
/** A sorted search has to see all matches before it can show the first. */
const ROWS_TO_SORT = 5_000
const ROWS_TO_COUNT = 10_000
/** A search within a search. */
const ROWS_TO_FOLLOW = 5_000

/** Rows are hints; this is the decision. */
const isMatch = ({ type, content }: Version, { searches, reading }: Run): boolean => {
  const { clauses, restriction } = searches.get(type)!
  return clauses.every((clause) => matches(clause, content, reading)) && meets(restriction, content, reading)
}

type Purpose = 'sorted' | 'counted' | 'followed'

const tooCostly = ({ searches, plan }: Run, purpose: Purpose, rows: number): FhirError =>
  new FhirError('unsupportedParameter', [
    {
      code: 'too-costly',
      text:
        `This search would have to look at more than ${rows} ${[...searches.keys()].join(', ')} resources to be ${purpose} (by ${plan.driver}). ` +
        `Narrow it by an identifier, by patient, by another reference, or, for the list as a whole, by ${
          purpose === 'sorted' ? 'a shorter span of _lastUpdated, or leave out _sort' : 'a shorter span of _lastUpdated'
        }.`,
    },
  ])

const walkOf = ({ store, plan }: Run, after?: string): Walk =>
  new Walk(store.table, plan.streams, { descending: plan.descending, after })

/** The matches among the next candidates of a walk; `after`: where it began. */
const nextMatches = async (walk: Walk, count: number, run: Run, after?: string): Promise<Match[]> => {
  const hits = (await walk.next(count)).filter((hit) => isMatch(hit.version, run) && !isRepeated(hit, run, after))
  const sifted = await run.sift?.(hits.map(({ version }) => version))
  return sifted ? hits.filter(({ version }) => sifted.has(version)) : hits
}

/** Whether a page before has given it, by another of its rows. Within one walk nothing is given twice. */
const isRepeated = ({ position, version }: Match, { plan }: Run, after: string | undefined): boolean => {
  if (after === undefined || !plan.firstPosition) return false
  const first = plan.firstPosition(version.content, version.id)
  return first !== position && compareKeys(`${first}@`, `${after}@`) <= 0
}

/** All matches of a walk. @throws FhirError too-costly past `rows` rows */
const restOf = async (walk: Walk, run: Run, purpose: Purpose, rows: number): Promise<Match[]> => {
  const found: Match[] = []
  while (!walk.done) {
    if (walk.rows >= rows) throw tooCostly(run, purpose, rows)
    found.push(...(await nextMatches(walk, LARGEST_CHUNK, run)))
  }
  return found
}

/** The matches among resources that are known by id. What no id can be is not looked for: it may be longer than a key. */
const directMatches = async (run: Run): Promise<Version[]> => {
  const versions = await run.store.readMany(run.plan.direct!.filter(({ id }) => ID.test(id)))
  const matching = versions.filter((version) => !version.deleted && isMatch(version, run))
  return run.sift ? [...(await run.sift(matching))] : matching
}

/** A page of the walk's own order. */
export interface WalkedPage {
  matches: Match[]
  /** rows looked at */
  rows: number
  /** where to go on; undefined at the end */
  next?: string
  /** how many more there are, when that was asked for and is not too many to count */
  more?: number
}

/**
 * The next `count` matches in the order of the walk, reading no more candidates than it takes. When few candidates match, it stops
 * after a bounded number of them: a page may be short, even empty, and still have a next.
 */
export const walkPage = async (
  run: Run,
  count: number,
  after: string | undefined,
  countRest: boolean,
): Promise<WalkedPage> => {
  const walk = walkOf(run, after)
  const found: Match[] = []
  let chunk = count
  while (found.length < count && !walk.done && walk.rows < ROWS_A_PAGE) {
    found.push(...(await nextMatches(walk, Math.min(chunk, LARGEST_CHUNK), run, after)))
    // As many as the rest of the page takes if they match as those before them did.
    chunk = found.length ? Math.floor(((count - found.length) * walk.rows) / found.length) : chunk * 2
  }
  const matches = found.slice(0, count)
  const isLast = walk.done && found.length <= count
  const next = isLast ? undefined : found.length > count ? matches.at(-1)!.position : walk.position
  const page: WalkedPage = { matches, rows: walk.rows, next }
  if (isLast) return { ...page, more: 0 }
  if (!countRest) return page
  const more = await countMore(walk, run)
  return { ...page, rows: walk.rows, more: more === undefined ? undefined : found.length - matches.length + more }
}

const countMore = async (walk: Walk, run: Run): Promise<number | undefined> => {
  let more = 0
  while (!walk.done) {
    if (walk.rows >= ROWS_TO_COUNT) return undefined
    more += (await nextMatches(walk, LARGEST_CHUNK, run)).length
  }
  return more
}

/** A match and its place in the order asked for. */
export interface Placed {
  version: Version
  place: Place
}

const inOrder = (versions: readonly Version[], { searches, reading }: Run): Placed[] => {
  const isOfTypes = searches.size > 1
  const placed = versions.map((version) => {
    const id = isOfTypes ? referenceTo(version.type, version.id) : version.id
    const { sort } = searches.get(version.type)!
    return { version, place: sort.length ? placeOf(sort, version.content, id, reading) : { values: [], id } }
  })
  const sort = sortOf(searches)
  return placed.sort((one, other) => comparePlaces(sort, one.place, other.place))
}

/** Sorted the same way, whichever type it is asked of. */
export const sortOf = (searches: Run['searches']): readonly SortKey[] => [...searches.values()][0]?.sort ?? []

/** Everything that matches, in the order asked for. @throws FhirError too-costly when there are more candidates than can be sorted */
export const gather = async (run: Run): Promise<{ matches: Placed[]; rows: number }> => {
  const { direct } = run.plan
  if (direct) return { matches: inOrder(await directMatches(run), run), rows: direct.length }
  const walk = walkOf(run)
  const found = await restOf(walk, run, 'sorted', ROWS_TO_SORT)
  const versions = found.map(({ version }) => version)
  return { matches: inOrder(versions, run), rows: walk.rows }
}

/**
 * Matches for a search within a search, in no order.
 * @throws FhirError too-costly when there are more than `most`, or too many candidates to go through
 */
export const gatherFew = async (run: Run, most: number): Promise<{ versions: Version[]; rows: number }> => {
  const { direct } = run.plan
  if (direct) return { versions: await directMatches(run), rows: direct.length }
  const walk = walkOf(run)
  const found: Version[] = []
  while (!walk.done && found.length <= most) {
    if (walk.rows >= ROWS_TO_FOLLOW) throw tooCostly(run, 'followed', ROWS_TO_FOLLOW)
    found.push(...(await nextMatches(walk, LARGEST_CHUNK, run)).map(({ version }) => version))
  }
  if (found.length > most) throw tooMany(run, most)
  return { versions: found, rows: walk.rows }
}

const tooMany = ({ searches }: Run, most: number): FhirError =>
  new FhirError('unsupportedParameter', [
    {
      code: 'too-costly',
      text:
        `This search would have to follow more than ${most} ${[...searches.keys()].join(', ')} resources. ` +
        'Make its chained or included part more specific, or ask for fewer at a time with _count.',
    },
  ])

/** Matches in the order of the walk to its end, or until there are more than `most`. */
export const walkAll = async (run: Run, most: number): Promise<Version[]> => {
  const walk = walkOf(run)
  const found: Match[] = []
  while (!walk.done && found.length <= most) found.push(...(await nextMatches(walk, LARGEST_CHUNK, run)))
  return found.map(({ version }) => version)
}

/** How many match. @throws FhirError too-costly when there are more candidates than can be counted */
export const countMatches = async (run: Run): Promise<{ total: number; rows: number }> => {
  if (run.plan.direct) return { total: (await directMatches(run)).length, rows: run.plan.direct.length }
  const walk = walkOf(run)
  return { total: (await restOf(walk, run, 'counted', ROWS_TO_COUNT)).length, rows: walk.rows }
}
