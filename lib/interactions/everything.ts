import type { Bundle, BundleEntry } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Instant, Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { declarations } from '../resources/index.ts'
import { createCursors } from '../search/cursor.ts'
import { createCursorKey } from '../search/cursor-key.ts'
import { compartmentOf } from '../search/partitions.ts'
import { resourceOf, type Version } from '../store/version.ts'
import { type RowStream, Walk } from '../store/walk.ts'
import { countIn, instantIn } from './history-parameters.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'

const PARAMETERS = ['_since', '_type', '_count', '_cursor']
const DEFAULT_COUNT = 100
/** A page that has looked at this many rows is answered as it is, with a link to go on. */
const ROWS_A_PAGE = 1_000

/** A patient's record: the Patient and all that stands in the compartment. https://hl7.org/fhir/R4/patient-operation-everything.html */
export const everything: Interaction = async (careloop, request) => {
  const { store } = careloop
  const { type, id, baseUrl } = request
  const { texts } = operationParameters(request, PARAMETERS)
  const asked = new Map(texts)
  const types = typesIn(asked.get('_type'))
  const since = asked.has('_since') ? instantIn(asked.get('_since')!) : undefined
  const count = asked.has('_count') ? countIn(asked.get('_count')) : DEFAULT_COUNT
  const cursor = asked.get('_cursor')
  const patient = await store.read(type, id)
  if (!patient) throw neverExisted(type)
  if (patient.deleted) throw deleted(patient)

  const path = `${type}/${id}/$everything`
  const applied = texts.filter(([name]) => name !== '_cursor').map(([name, value]): Parameter => [name, value])
  const cursors = createCursors({ key: createCursorKey(store.table), clock: careloop.clock })
  const identity = `${path}?${JSON.stringify(applied)}`
  const after = cursor === undefined ? undefined : (await cursors.open(cursor, identity)).position

  const isShown = (version: Version) =>
    types.includes(version.type) && (since === undefined || version.updated >= since)
  const isFirst = cursor === undefined
  const found = await recordOf(careloop, { id, types, since, count, after })
  const others = found.versions.filter((version) => !(version.type === type && version.id === id))
  const versions = isFirst && isShown(patient) ? [patient, ...others] : others
  const next = found.position === undefined ? undefined : await cursors.seal({ position: found.position }, identity)
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(isFirst && next === undefined && { total: versions.length }),
    link: pageLinks(baseUrl, path, applied, { cursor, next }),
    ...(versions.length && { entry: versions.map((version) => entryOf(version, baseUrl)) }),
  }
  return { status: 200, resource: bundle as unknown as Resource }
}

interface Wanted {
  id: string
  types: readonly string[]
  since?: Instant
  count: number
  after?: string
}

/** The next resources of the compartment, by its rows alone; `position`: where to go on, undefined at the end. */
const recordOf = async (
  { store }: Careloop,
  { id, types, since, count, after }: Wanted,
): Promise<{ versions: Version[]; position?: string }> => {
  const streams = types.map((type): RowStream => ({ ...compartmentOf(declarations.get(type)!, id), type }))
  const walk = new Walk(store.table, streams, { after })
  const versions: Version[] = []
  while (!walk.done && versions.length < count && walk.rows < ROWS_A_PAGE)
    for (const { version } of await walk.next(count - versions.length))
      if (since === undefined || version.updated >= since) versions.push(version)
  return { versions, ...(!walk.done && walk.position !== undefined && { position: walk.position }) }
}

/** @throws FhirError invalid (400) */
const typesIn = (text: string | undefined): string[] => {
  if (text === undefined) return [...declarations.keys()]
  const types = text.split(',').map((type) => type.trim())
  const unknown = types.some((type) => !declarations.has(type))
  if (unknown)
    throw fail(
      'invalid',
      `_type must be types served here, parted by commas: ${[...declarations.keys()].sort().join(', ')}.`,
    )
  return [...new Set(types)]
}

const entryOf = (version: Version, baseUrl: string): BundleEntry => ({
  fullUrl: fullUrlOf(baseUrl, version),
  resource: resourceOf(version) as unknown as NonNullable<BundleEntry['resource']>,
  search: { mode: 'match' },
})
