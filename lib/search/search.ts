import type { Clock } from '../clock.ts'
import { fail } from '../outcome.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import type { Store } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { countMatches, gather, type Run, walkAll, walkPage } from './candidates.ts'
import { createCursors } from './cursor.ts'
import { type ParsedSearch, parseSearch } from './parse.ts'
import { planSearch, planSignature } from './plan.ts'
import type { ResultParameters } from './result-parameters.ts'
import { searchParameters } from './search-parameters.ts'
import { comparePlaces } from './sort.ts'
import { zoneOf } from './zone.ts'

export interface SearchRequest {
  type: string
  /** decoded, in the order given */
  parameters: readonly (readonly [name: string, value: string])[]
  /** @default strict */
  handling?: 'strict' | 'lenient'
  /** our own base URL, without a slash at its end: references below it are references to our resources */
  baseUrl?: string
}

export interface SearchPage {
  versions: Version[]
  /** what was understood, in the order given and without `_cursor`: the query of the self link */
  applied: [name: string, value: string][]
  /** the value of `_cursor` for the next page, which may turn out to be empty; undefined on the last page */
  next?: string
  /** only when it is known for certain */
  total?: number
  /** names of the parameters a lenient search left out */
  ignored: string[]
  /** how the answer is to be shown */
  result: ResultParameters
  /** how the search was done; with `_explain=true` */
  explanation?: Explanation
}

/** Says nothing of the values searched for. */
export interface Explanation {
  /** the parameter the candidates came by, `listing` or `log` */
  driver: string
  /** lists walked */
  streams: number
  /** true when all matches had to be gathered to sort them */
  gathered: boolean
  /** candidates looked at */
  rows: number
}

/** https://hl7.org/fhir/R4/search.html */
export interface Search {
  /** @throws FhirError for what is not understood (strict), for a cursor that cannot be used, and for a search too costly to do */
  page(request: SearchRequest): Promise<SearchPage>
  /**
   * All matches of a query such as `patient=Patient/1&status=active` (percent-encoded where it must be), for our own use.
   * @throws RangeError when there are more than `limit`
   */
  all(type: string, query: string, limit?: number): Promise<Version[]>
}

export interface SearchParts {
  store: Store
  clock: Clock
  declarations: ReadonlyMap<string, ResourceDeclaration>
  /** the tenant's, for dates and times without an offset */
  timeZone: string
  cursorKey: () => Promise<Uint8Array>
}

const DEFAULT_LIMIT = 1_000

/** `a=b&c=d` as parameters. Unlike a form, a `+` is a plus. */
const parametersIn = (query: string): [string, string][] =>
  query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      const name = at < 0 ? pair : pair.slice(0, at)
      return [decodeURIComponent(name), at < 0 ? '' : decodeURIComponent(pair.slice(at + 1))]
    })

export const createSearch = ({ store, clock, declarations, timeZone, cursorKey }: SearchParts): Search => {
  const zone = zoneOf(timeZone)
  const cursors = createCursors({ key: cursorKey, clock })

  const prepare = ({
    type,
    parameters,
    handling = 'strict',
    baseUrl,
  }: SearchRequest): { run: Run; identity: string } => {
    const declaration = declarations.get(type)
    if (!declaration)
      throw fail(
        'notFound',
        `${type} is not a type served here; see the CapabilityStatement at /metadata for those that are.`,
      )
    const startedAt = clock.now()
    const understanding = { parameters: searchParameters(declaration), zone, now: Date.parse(startedAt), baseUrl }
    const search = parseSearch(parameters, { ...understanding, type, handling })
    const plan = planSearch(search, declaration, zone)
    const run = { store, plan, search, reading: { zone, baseUrl }, startedAt }
    return { run, identity: `${type}?${search.canonical}\n${planSignature(plan)}` }
  }

  const explain = ({ plan }: Run, rows: number): Explanation => ({
    driver: plan.driver,
    streams: plan.streams.length,
    gathered: !plan.sorted,
    rows,
  })

  const answer = (run: Run, rows: number, rest: Pick<SearchPage, 'versions' | 'next' | 'total'>): SearchPage => {
    const { applied, ignored, result } = run.search
    return { ...rest, applied, ignored, result, ...(result.explain && { explanation: explain(run, rows) }) }
  }

  const countPage = async (run: Run): Promise<SearchPage> => {
    const { total, rows } = await countMatches(run)
    return answer(run, rows, { versions: [], total })
  }

  const sortedPage = async (run: Run, identity: string): Promise<SearchPage> => {
    const { sort, result } = run.search
    const after = result.cursor === undefined ? undefined : (await cursors.open(result.cursor, identity)).place
    const { matches, rows } = await gather(run)
    const behind = after ? matches.filter(({ place }) => comparePlaces(sort, place, after) > 0) : matches
    const shown = behind.slice(0, result.count)
    const next = behind.length > shown.length ? await cursors.seal({ place: shown.at(-1)!.place }, identity) : undefined
    return answer(run, rows, { versions: shown.map(({ version }) => version), next, total: matches.length })
  }

  const walkedPage = async (run: Run, identity: string): Promise<SearchPage> => {
    const { result } = run.search
    const from = result.cursor === undefined ? undefined : await cursors.open(result.cursor, identity)
    const isCounted = !from && result.total !== 'none'
    const { matches, rows, next: position, more } = await walkPage(run, result.count, from?.position, isCounted)
    const counted = from || more === undefined ? undefined : matches.length + more
    const total = from ? from.total : counted
    const next = position === undefined ? undefined : await cursors.seal({ position, total }, identity)
    return answer(run, rows, { versions: matches.map(({ version }) => version), next, total })
  }

  const isCountOnly = ({ result }: ParsedSearch): boolean => result.count === 0 || result.summary === 'count'

  return {
    async page(request) {
      const { run, identity } = prepare(request)
      if (isCountOnly(run.search)) return countPage(run)
      return run.plan.sorted ? walkedPage(run, identity) : sortedPage(run, identity)
    },

    async all(type, query, limit = DEFAULT_LIMIT) {
      const { run } = prepare({ type, parameters: parametersIn(query) })
      const found = run.plan.sorted
        ? await walkAll(run, limit)
        : (await gather(run)).matches.map(({ version }) => version)
      if (found.length > limit) throw new RangeError(`more than ${limit} ${type} resources match; search more narrowly`)
      return found
    },
  }
}
