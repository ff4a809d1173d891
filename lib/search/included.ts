import { referenceTo } from '../fhir.ts'
import { FhirError } from '../outcome.ts'
import { boundedly, chunksOf } from '../store/backoff.ts'
import type { Store } from '../store/store.ts'
import type { Version } from '../store/version.ts'
import { gatherFew } from './candidates.ts'
import { elementsAt } from './elements.ts'
import type { Include } from './include.ts'
import type { SearchParameter } from './parameter.ts'
import { isLiteral, type ReferenceValue, referenceOf, type WantedReference } from './reference.ts'
import type { Searching } from './resolve.ts'

const MOST_INCLUDED = 1_000
/** Each time goes one reference further. */
const MOST_ITERATIONS = 20
/** What a search for referrers asks for at once. */
const REFERRED_AT_ONCE = 50

const SEARCHES_AT_ONCE = 8
/** What refers to one Patient stands in some 180 lists: enough for a page of 20. */
const MOST_LISTS = 4_000

const tooMuch = (text: string): FhirError => new FhirError('unsupportedParameter', [{ code: 'too-costly', text }])

const referencesIn = (parameters: ReadonlyMap<string, SearchParameter>, code: string | undefined): SearchParameter[] =>
  [...parameters.values()].filter((one) => one.type === 'reference' && (code === undefined || one.code === code))

const nameOf = ({ type, id }: Version): string => referenceTo(type, id)

/**
 * What comes with the matches of a page. Each resource is given once, and none that is a match already. A reference to a version
 * gives the current one; what has been deleted or is not ours is left out. https://hl7.org/fhir/R4/search.html#include
 * @throws FhirError too-costly when more than 1,000 would come with them
 */
export const includedWith = async (
  matches: readonly Version[],
  includes: readonly Include[],
  { store, searching }: { store: Store; searching: Searching },
): Promise<{ versions: Version[]; rows: number }> => {
  const { runOf, served, types, baseUrl, shown } = searching
  const seen = new Set(matches.map(nameOf))
  const included: Version[] = []
  let rows = 0

  const run = async (type: string, clause: Parameters<Searching['runOf']>[1][number]): Promise<Version[]> => {
    const found = await gatherFew(runOf(type, [clause]), MOST_INCLUDED)
    rows += found.rows
    return found.versions
  }

  /** What `version` refers to by an include. */
  const valuesOf = (version: Version, { source, code }: Include): [SearchParameter, string, ReferenceValue][] => {
    const parameters = source === undefined || source === version.type ? served(version.type) : undefined
    const resource = version.content
    return referencesIn(parameters ?? new Map(), code).flatMap((parameter) =>
      parameter.paths.flatMap(({ steps, datatype, only }) =>
        elementsAt(resource, steps).flatMap((element) => {
          const value = referenceOf(element, datatype, baseUrl)
          const isMeant = value && (!isLiteral(datatype) || !only || value.type === only)
          return isMeant ? [[parameter, datatype, value] as [SearchParameter, string, ReferenceValue]] : []
        }),
      ),
    )
  }

  const byUrl = async (type: string, { url, version }: ReferenceValue): Promise<Version[]> => {
    const parameter = served(type)?.get('url')
    if (parameter?.type !== 'uri' || url === undefined) return []
    const found = await run(type, { parameter, kind: 'uri', form: 'exact', anyOf: [url] })
    return found.filter((one) => version === undefined || one.content.version === version)
  }

  const referredTo = async (from: readonly Version[], include: Include): Promise<readonly Version[]> => {
    const literals = new Map<string, { type: string; id: string }>()
    const canonicals = new Map<string, () => Promise<Version[]>>()
    for (const [parameter, datatype, value] of from.flatMap((version) => valuesOf(version, include))) {
      const { type, id, url } = value
      if (!isLiteral(datatype)) {
        const types = include.target === undefined ? parameter.targets : [include.target]
        for (const target of types) canonicals.set(`${target} ${url}|${value.version}`, () => byUrl(target, value))
      } else if (type !== undefined && id !== undefined && url === undefined && served(type)) {
        if (include.target === undefined || include.target === type) literals.set(`${type}/${id}`, { type, id })
      }
    }
    const wanted = [...literals.entries()].filter(([name]) => !seen.has(name)).map(([, reference]) => reference)
    if (wanted.length + included.length > MOST_INCLUDED) throw tooManyIncluded()
    const found = wanted.length ? await store.readMany(wanted) : []
    for (const search of canonicals.values()) found.push(...(await search()))
    return shown(found.filter(({ deleted }) => !deleted))
  }

  const referrersOf = async (to: readonly Version[], { source, code, target }: Include): Promise<Version[]> => {
    const wanted: WantedReference[] = to
      .filter(({ type }) => target === undefined || target === type)
      .map(({ type, id }) => ({ text: referenceTo(type, id), type, id }))
    const searches = (source === undefined ? types : [source]).flatMap((from) =>
      referencesIn(served(from)!, code).flatMap((parameter) =>
        chunksOf(
          wanted.filter(({ type }) => !parameter.targets.length || parameter.targets.includes(type!)),
          REFERRED_AT_ONCE,
        ).map((anyOf) => ({ from, clause: { parameter, kind: 'reference', below: false, anyOf } as const })),
      ),
    )
    const lists = searches.reduce((sum, { clause }) => sum + clause.anyOf.length, 0)
    if (source === undefined && lists > MOST_LISTS)
      throw tooMuch(
        `What refers to so many resources would have to be looked for in more than ${MOST_LISTS} lists. Ask for fewer matches at a time with ` +
          '_count, or name the reference, as in _revinclude=Provenance:target.',
      )
    const found = await boundedly(searches, SEARCHES_AT_ONCE, ({ from, clause }) => run(from, clause))
    return found.flat()
  }

  let frontier = matches
  for (let iteration = 0; frontier.length; iteration += 1) {
    const active = iteration === 0 ? includes : includes.filter(({ iterate }) => iterate)
    if (!active.length) break
    if (iteration === MOST_ITERATIONS)
      throw tooMuch(`An :iterate would go along more than ${MOST_ITERATIONS} references; include fewer.`)
    const next: Version[] = []
    for (const include of active)
      for (const version of await (include.reverse ? referrersOf : referredTo)(frontier, include))
        if (!seen.has(nameOf(version))) {
          seen.add(nameOf(version))
          next.push(version)
        }
    included.push(...next)
    if (included.length > MOST_INCLUDED) throw tooManyIncluded()
    frontier = next
  }
  return { versions: included, rows }
}

const tooManyIncluded = (): FhirError =>
  tooMuch(
    `More than ${MOST_INCLUDED} resources would be included. Ask for fewer matches at a time with _count, or name the type to include.`,
  )
