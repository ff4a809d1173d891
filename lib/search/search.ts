import type { Clock } from '../clock.ts'
import type { ResourceDeclaration } from '../resources/declaration.ts'
import type { Store } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { countMatches, gather, type Run, walkAll, walkPage } from './candidates.ts'
import { createCursors } from './cursor.ts'
import { type ParsedSearch, parseSearch, searchFor } from './parse.ts'
import { planSearch, planSignature, planTogether } from './plan.ts'
import { createResolver, type Searching } from './resolve.ts'
import { commonClauses, meets, type Narrowing, type Restriction } from './restriction.ts'
import type { ResultParameters } from './result-parameters.ts'
import { inCompartment, namedTypes, notServed, parseTogether, scopeOf } from './scope.ts'
import { searchParameters } from './search-parameters.ts'
import { comparePlaces } from './sort.ts'
import { zoneOf } from './zone.ts'

const NOTHING_INCLUDED = { versions: [], rows: 0 }

export interface SearchRequest {
  /** undefined: all types, or those that `_type` names */
  type?: string
  /** only what is in the compartment of the Patient with this id */
  patient?: string
  /** decoded, in the order given */
  parameters: readonly (readonly [name: string, value: string])[]
  /** @default strict */
  handling?: 'strict' | 'lenient'
  /** our own base URL, without a slash at its end: references below it are references to our resources */
  baseUrl?: string
}

export interface SearchPage {
  versions: Version[]
  /** what `_include` and `_revinclude` brought along; they never count */
  included: Version[]
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
  /** the parameter the candidates came by, `compartment`, `listing` or `log` */
  driver: string
  /** lists walked */
  streams: number
  /** true when all matches had to be gathered to sort them */
  gathered: boolean
  /** candidates looked at */
  rows: number
  /** looked at for chained criteria and for what is included */
  otherRows: number
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
  /** The same, that finds and looks at no more than this. */
  within(narrowing: Narrowing): Search
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

/** The search with what it is held to beside: what all alternatives ask for may lead to the candidates. */
const heldTo = (search: ParsedSearch, restriction: Restriction): ParsedSearch =>
  restriction ? { ...search, clauses: [...search.clauses, ...commonClauses(restriction)], restriction } : search

export const createSearch = (parts: SearchParts): Search => searchWithin(parts, undefined)

const searchWithin = (parts: SearchParts, narrowing: Narrowing | undefined): Search => {
  const { store, clock, declarations, timeZone, cursorKey } = parts
  const zone = zoneOf(timeZone)
  const cursors = createCursors({ key: cursorKey, clock })

  const served = (type: string) => {
    const declaration = declarations.get(type)
    return declaration && searchParameters(declaration)
  }

  const prepare = async ({ parameters, handling = 'strict', baseUrl, ...scope }: SearchRequest): Promise<Prepared> => {
    const now = Date.parse(clock.now())
    const reading = { zone, baseUrl }
    const { types: asked, query } = scopeOf(scope, parameters, declarations)
    // What nothing can be found of need not be looked for, unless that is all there is to do.
    const findable = narrowing ? asked.filter((type) => narrowing.finds(type)) : asked
    const types = findable.length ? findable : asked.slice(0, 1)
    const parsed = parseTogether(types, query, (type, handled) => {
      const own = served(type)
      if (!own) throw notServed(type)
      const { queries } = declarations.get(type)!
      return parseSearch(handled, { type, parameters: own, served, zone, now, baseUrl, handling, queries })
    })

    const searching: Searching = {
      served,
      types: [...declarations.keys()],
      baseUrl,
      async shown(versions) {
        if (!narrowing) return versions
        const met = versions.filter(({ type, content }) => meets(narrowing.other(type), content, reading))
        return narrowing.sift ? [...(await narrowing.sift(met))] : met
      },
      runOf(type, clauses, freely = false) {
        const search = heldTo(searchFor(type, clauses), freely ? undefined : narrowing?.other(type))
        const plan = planSearch(search, declarations.get(type)!, zone)
        return { store, plan, searches: new Map([[type, search]]), reading, sift: freely ? undefined : narrowing?.sift }
      },
    }
    const resolver = createResolver(searching)
    const searches: ParsedSearch[] = []
    for (const search of parsed) {
      const clauses = [...search.clauses, ...(await resolver.clauses(search.dependents))]
      if (scope.patient !== undefined) clauses.push(inCompartment(declarations.get(search.type)!, scope.patient))
      searches.push(heldTo({ ...search, clauses }, narrowing?.found(search.type)))
    }
    const plan = planTogether(searches, (type) => declarations.get(type)!, zone)
    const byType = new Map(searches.map((search) => [search.type, search]))
    const run = { store, plan, searches: byType, reading, sift: narrowing?.sift }
    const [main] = searches as [ParsedSearch]
    const within = scope.patient === undefined ? '' : `Patient/${scope.patient}/`
    const applied: SearchPage['applied'] = [...namedTypes(scope, parameters), ...main.applied]
    const identity = `${narrowing?.key ?? ''}${within}${types.join()}?${main.canonical}\n${planSignature(plan)}`
    return { run, main: { ...main, applied }, searching, identity, rowsBefore: resolver.rows }
  }

  const answer = async (
    { run: { plan }, main, searching, rowsBefore }: Prepared,
    rows: number,
    { versions, next, total }: Pick<SearchPage, 'versions' | 'next' | 'total'>,
  ): Promise<SearchPage> => {
    const { applied, ignored, result, includes } = main
    const extra = includes.length
      ? await (await import('./included.ts')).includedWith(versions, includes, { store, searching })
      : NOTHING_INCLUDED
    const explanation: Explanation = {
      driver: plan.driver,
      streams: plan.streams.length,
      gathered: !plan.sorted,
      rows,
      otherRows: rowsBefore + extra.rows,
    }
    const page = { versions, included: extra.versions, next, total, applied, ignored, result }
    return result.explain ? { ...page, explanation } : page
  }

  const countPage = async (prepared: Prepared): Promise<SearchPage> => {
    const { total, rows } = await countMatches(prepared.run)
    return answer(prepared, rows, { versions: [], total })
  }

  const sortedPage = async (prepared: Prepared): Promise<SearchPage> => {
    const { run, main, identity } = prepared
    const { result, sort } = main
    const after = result.cursor === undefined ? undefined : (await cursors.open(result.cursor, identity)).place
    const { matches, rows } = await gather(run)
    const behind = after ? matches.filter(({ place }) => comparePlaces(sort, place, after) > 0) : matches
    const shown = behind.slice(0, result.count)
    const next = behind.length > shown.length ? await cursors.seal({ place: shown.at(-1)!.place }, identity) : undefined
    return answer(prepared, rows, { versions: shown.map(({ version }) => version), next, total: matches.length })
  }

  const walkedPage = async (prepared: Prepared): Promise<SearchPage> => {
    const { run, main, identity } = prepared
    const { result } = main
    const from = result.cursor === undefined ? undefined : await cursors.open(result.cursor, identity)
    const isCounted = !from && result.total !== 'none'
    const { matches, rows, next: position, more } = await walkPage(run, result.count, from?.position, isCounted)
    const counted = from || more === undefined ? undefined : matches.length + more
    const total = from ? from.total : counted
    const next = position === undefined ? undefined : await cursors.seal({ position, total }, identity)
    return answer(prepared, rows, { versions: matches.map(({ version }) => version), next, total })
  }

  return {
    async page(request) {
      const prepared = await prepare(request)
      const { result } = prepared.main
      if (result.count === 0 || result.summary === 'count') return countPage(prepared)
      return prepared.run.plan.sorted ? walkedPage(prepared) : sortedPage(prepared)
    },

    async all(type, query, limit = DEFAULT_LIMIT) {
      const { run } = await prepare({ type, parameters: parametersIn(query) })
      const found = run.plan.sorted
        ? await walkAll(run, limit)
        : (await gather(run)).matches.map(({ version }) => version)
      if (found.length > limit) throw new RangeError(`more than ${limit} ${type} resources match; search more narrowly`)
      return found
    },

    within: (further) => searchWithin(parts, further),
  }
}

/** A search, ready to be run. */
interface Prepared {
  run: Run
  /** what is the same for all types, read off the first */
  main: ParsedSearch
  searching: Searching
  /** what a cursor is bound to */
  identity: string
  /** looked at to get here */
  rowsBefore: number
}
