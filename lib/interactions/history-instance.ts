import type { Bundle, BundleEntry } from 'fhir/r4'
import { type Instant, type Resource, referenceTo } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { responseOf } from './bundle-response.ts'
import type { Interaction, InteractionRequest } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'
import { neverExisted } from './read.ts'

const DEFAULT_COUNT = 20
const LARGEST_COUNT = 200
const PARAMETERS = ['_count', '_since', '_cursor']

/** Versions of one resource, newest first. https://hl7.org/fhir/R4/http.html#history */
export const historyInstance: Interaction = async ({ store }, request) => {
  const { type, id, baseUrl } = request
  const asked = parametersOf(request)
  const below = asked._cursor === undefined ? undefined : cursorOf(asked._cursor)
  const since = asked._since === undefined ? undefined : instantIn(asked._since)
  const { versions, more } = await store.history(type, id, countOf(asked._count), below)
  if (!versions.length && !(await store.read(type, id))) throw neverExisted(type)

  const shown = since === undefined ? versions : versions.filter(({ updated }) => updated >= since)
  const next = more && shown.length === versions.length ? String(versions.at(-1)!.v) : undefined
  const total = totalOf(shown, { since, below, next })
  const applied = PARAMETERS.flatMap((name) =>
    name !== '_cursor' && asked[name] !== undefined ? [[name, asked[name]] as const] : [],
  )
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'history',
    ...(total !== undefined && { total }),
    link: pageLinks(baseUrl, `${referenceTo(type, id)}/_history`, applied, { cursor: asked._cursor, next }),
    ...(shown.length && { entry: shown.map((version) => entryOf(version, baseUrl)) }),
  }
  return { status: 200, resource: bundle as unknown as Resource }
}

/** How many versions there are, where that is known without counting: they are numbered without gaps from 1. */
const totalOf = (
  shown: readonly Version[],
  { since, below, next }: { since?: Instant; below?: number; next?: string },
): number | undefined => {
  if (below !== undefined) return undefined
  if (since === undefined) return shown[0]?.v
  return next === undefined ? shown.length : undefined
}

const entryOf = (version: Version, baseUrl: string): BundleEntry => {
  const { type, id, v, method, deleted } = version
  const status = deleted ? 204 : v === 1 ? 201 : 200
  return {
    fullUrl: fullUrlOf(baseUrl, version),
    ...(!deleted && { resource: resourceOf(version) as unknown as NonNullable<BundleEntry['resource']> }),
    request: { method, url: method === 'POST' ? type : referenceTo(type, id) },
    response: responseOf({ status, version }),
  }
}

/** @throws FhirError unsupportedParameter (400) unless handling is lenient */
const parametersOf = ({ query, prefer }: InteractionRequest): Record<string, string | undefined> => {
  const unknown = query.find(([name]) => !PARAMETERS.includes(name))
  if (unknown && prefer.handling === 'strict')
    throw fail('unsupportedParameter', `A history takes the parameters ${PARAMETERS.join(', ')}, not ${unknown[0]}.`)
  return Object.fromEntries(query.filter(([name]) => PARAMETERS.includes(name)))
}

const countOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_COUNT
  if (!/^[1-9]\d*$/.test(text)) throw fail('invalid', '_count must be a whole number, 1 or more.')
  return Math.min(Number(text), LARGEST_COUNT)
}

const cursorOf = (text: string): number => {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw fail('invalid', '_cursor is not one that this service gave out.')
  return Number(text)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** A plus sign that was not encoded arrives as a space. */
const instantIn = (text: string): Instant => {
  const instant = text.replace(' ', '+')
  const milliseconds = INSTANT.test(instant) ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(milliseconds))
    throw fail('invalid', '_since must be an instant such as 2026-11-25T05:59:59Z, with a time zone.')
  return new Date(milliseconds).toISOString()
}
