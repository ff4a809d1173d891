import type { Bundle, BundleEntry, OperationOutcomeIssue } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { declarations, parametersOf } from '../resources/index.ts'
import { isCareWithin } from '../search/care-period.ts'
import { createCursors } from '../search/cursor.ts'
import { createCursorKey } from '../search/cursor-key.ts'
import { type DateRange, dateRange } from '../search/date.ts'
import { compartmentOf } from '../search/partitions.ts'
import { type Zone, zoneOf } from '../search/zone.ts'
import { noticeFor } from '../security/consent/labels.ts'
import { compartmentPartition } from '../store/keys.ts'
import type { Version } from '../store/version.ts'
import { type RowStream, Walk } from '../store/walk.ts'
import { countIn, instantIn } from './history-parameters.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { fullUrlOf, pageLinks } from './links.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'
import { outcomeEntry } from './search-bundle.ts'

const PARAMETERS = ['start', 'end', '_since', '_type', '_count', '_cursor']
const DEFAULT_COUNT = 100
/** A page that has looked at this many rows is answered as it is, with a link to go on. */
const ROWS_A_PAGE = 1_000

/** A patient's record: the Patient and all that stands in the compartment. https://hl7.org/fhir/R4/patient-operation-everything.html */
export const everything: Interaction = async (careloop, request) => {
  const { store } = careloop
  const { type, id, baseUrl } = request
  const { texts } = operationParameters(request, PARAMETERS)
  const cursor = texts.find(([name]) => name === '_cursor')?.[1]
  const applied = texts.filter(([name]) => name !== '_cursor')
  const { count, types, isWanted } = wantedIn(applied, zoneOf(careloop.tenant.timeZone))
  const patient = await store.read(type, id)
  if (!patient) throw neverExisted(type)
  if (patient.deleted) throw deleted(patient)

  const path = `${type}/${id}/$everything`
  const cursors = createCursors({ key: createCursorKey(store.table), clock: careloop.clock })
  const identity = `${path}?${JSON.stringify(applied)}`
  const after = cursor === undefined ? undefined : (await cursors.open(cursor, identity)).position

  const isFirst = cursor === undefined
  const found = await recordOf(careloop, { id, types, isWanted, count, after })
  const others = found.versions.filter((version) => !(version.type === type && version.id === id))
  const isShown = isFirst && (!types || types.includes(type)) && isWanted(patient)
  const versions = isShown ? [patient, ...others] : others
  const next = found.position === undefined ? undefined : await cursors.seal({ position: found.position }, identity)
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(isFirst && next === undefined && { total: versions.length }),
    link: pageLinks(baseUrl, path, applied, { cursor, next }),
    ...(versions.length && {
      entry: [...versions.map((version) => entryOf(version, baseUrl)), ...notice(careloop, versions)],
    }),
  }
  return { status: 200, resource: bundle as unknown as Resource, seen: versions, patients: [`${type}/${id}`] }
}

/** What has to go with a record wherever it is carried. */
const notice = ({ view }: Careloop, versions: readonly Version[]): BundleEntry[] => {
  const text = view && noticeFor(versions.map(({ content }) => content))
  if (!text) return []
  const issue: OperationOutcomeIssue[] = [{ severity: 'information', code: 'informational', diagnostics: text }]
  return [outcomeEntry(issue)]
}

/** What a record is to hold. */
interface Wanted {
  count: number
  /** none: all of them */
  types?: readonly string[]
  isWanted(version: Version): boolean
}

/** @throws FhirError invalid (400) */
const wantedIn = (applied: readonly Parameter[], zone: Zone): Wanted => {
  const asked = new Map(applied)
  const types = applied.filter(([name]) => name === '_type').map(([, value]) => value)
  const since = asked.has('_since') ? instantIn(asked.get('_since')!) : undefined
  const span = {
    low: dateIn('start', asked, zone)?.low ?? -Infinity,
    high: dateIn('end', asked, zone)?.high ?? Infinity,
  }
  if (span.low > span.high) throw fail('invalid', 'end must not be before start.')
  const isBounded = asked.has('start') || asked.has('end')
  return {
    count: asked.has('_count') ? countIn(asked.get('_count')) : DEFAULT_COUNT,
    ...(types.length && { types: typesIn(types) }),
    isWanted: (version) =>
      (since === undefined || version.updated >= since) &&
      (!isBounded || isCareWithin(span, version.content, parametersOf(version.type), zone)),
  }
}

/** @throws FhirError invalid (400) */
const dateIn = (name: string, asked: ReadonlyMap<string, string>, zone: Zone): DateRange | undefined => {
  const text = asked.get(name)
  const range = text === undefined ? undefined : dateRange(text, zone)
  if (text !== undefined && !range) throw fail('invalid', `${name} must be a date such as 2026-11-25.`)
  return range
}

/** The next resources of the compartment, type after type, by its rows alone; `position`: where to go on, undefined at the end. */
const recordOf = async (
  { store, view }: Careloop,
  { id, types, isWanted, count, after }: Wanted & { id: string; after?: string },
): Promise<{ versions: Version[]; position?: string }> => {
  const whole: RowStream = { pk: compartmentPartition(id), prefix: '' }
  const ofType = (type: string): RowStream => {
    const { pk, prefix: at } = compartmentOf(declarations.get(type)!, id)
    return { pk, prefix: '', type, from: at, to: at }
  }
  const streams = types ? types.map((type) => ofType(type)) : [whole]
  const walk = new Walk(store.table, streams, { after })
  const versions: Version[] = []
  while (!walk.done && versions.length < count && walk.rows < ROWS_A_PAGE) {
    const hits = (await walk.next(count - versions.length)).map(({ version }) => version)
    const wanted = hits.filter((version) => declarations.has(version.type) && isWanted(version))
    versions.push(...(view ? await view.letOut(wanted) : wanted))
  }
  return { versions, ...(!walk.done && walk.position !== undefined && { position: walk.position }) }
}

/** @throws FhirError invalid (400) */
const typesIn = (values: readonly string[]): string[] => {
  const types = values.flatMap((value) => value.split(',')).map((type) => type.trim())
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
  resource: version.content as unknown as NonNullable<BundleEntry['resource']>,
  search: { mode: 'match' },
})
