import type { Bundle, SearchParameter } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { describeParameters } from '../search/describe.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { pageLinks } from './links.ts'

const TYPE = 'SearchParameter'
const DEFAULT_COUNT = 20
const LARGEST_COUNT = 200

const CRITERIA: Readonly<Record<string, (one: SearchParameter) => readonly (string | undefined)[]>> = {
  _id: ({ id }) => [id],
  base: ({ base }) => base,
  code: ({ code }) => [code],
  type: ({ type }) => [type],
  url: ({ url }) => [url],
}

/** The parameters that these resources can be searched by: they are made from the program, not stored. */
export const searchedBy: readonly string[] = Object.keys(CRITERIA)

/** https://hl7.org/fhir/R4/http.html#read */
export const readSearchParameter: Interaction = async (_careloop, { id, baseUrl }) => {
  const found = describeParameters(declarations, baseUrl).find((one) => one.id === id)
  if (!found)
    throw fail(
      'notFound',
      'There is no SearchParameter with this id; GET SearchParameter?base=Task lists those of Task.',
    )
  return { status: 200, resource: found as unknown as Resource }
}

/** In order of id; the cursor counts those shown. https://hl7.org/fhir/R4/http.html#search */
export const searchSearchParameter: Interaction = async (_careloop, { query, prefer, baseUrl }) => {
  const isKnown = ([name]: Parameter) => Object.hasOwn(CRITERIA, name) || name === '_count' || name === '_cursor'
  const unknown = query.find((one) => !isKnown(one))
  if (unknown && prefer.handling === 'strict')
    throw fail(
      'unsupportedParameter',
      `${TYPE} is searched by ${searchedBy.join(', ')} and _count, not by ${unknown[0]}.`,
    )
  const applied = query.filter(isKnown)
  const found = describeParameters(declarations, baseUrl).filter((one) =>
    applied.every(([name, value]) => {
      const wanted = value.split(',')
      return CRITERIA[name]?.(one).some((has) => has !== undefined && wanted.includes(has)) ?? true
    }),
  )
  const count = Math.min(numberOf(applied, '_count') ?? DEFAULT_COUNT, LARGEST_COUNT)
  const from = numberOf(applied, '_cursor') ?? 0
  const shown = found.slice(from, from + count)
  const next = from + shown.length < found.length && shown.length ? String(from + shown.length) : undefined
  const cursor = from ? String(from) : undefined
  const bundle: Bundle<SearchParameter> = {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: pageLinks(
      baseUrl,
      TYPE,
      applied.filter(([name]) => name !== '_cursor'),
      { cursor, next },
    ),
    ...(shown.length && {
      entry: shown.map((resource) => ({
        fullUrl: `${baseUrl}/${TYPE}/${resource.id}`,
        resource,
        search: { mode: 'match' },
      })),
    }),
  }
  return { status: 200, resource: bundle as unknown as Resource }
}

const numberOf = (query: readonly Parameter[], wanted: string): number | undefined => {
  const text = query.find(([name]) => name === wanted)?.[1]
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text)) throw fail('invalid', `${wanted} must be a whole number.`)
  return Number(text)
}
