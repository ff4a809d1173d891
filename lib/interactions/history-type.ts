import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'
import { declarations } from '../resources/index.ts'
import { createCursors } from '../search/cursor.ts'
import { createCursorKey } from '../search/cursor-key.ts'
import { typesOfCare } from '../search/scope.ts'
import { zoneOf } from '../search/zone.ts'
import type { View } from '../security/access/view.ts'
import { type ChangePage, readChangeLog } from '../store/change-log.ts'
import type { Version } from '../store/version.ts'
import { historyBundle } from './history-bundle.ts'
import { isAskedFor } from './history-instance.ts'
import { type HistoryParameters, historyParameters } from './history-parameters.ts'
import type { Answer, Interaction, InteractionRequest } from './interaction.ts'
import { versionedReference } from './links.ts'

/** A page that has looked at this many rows of the log is answered as it is, with a link to go on. */
const ROWS_A_PAGE = 1_000

/** Versions of all resources of a type, newest first. https://hl7.org/fhir/R4/http.html#history */
export const historyType: Interaction = (careloop, request) =>
  historyOf(careloop, request, [request.type], `${request.type}/_history`)

/** Versions of everything but the records of what happened, newest first. */
export const historySystem: Interaction = (careloop, request) =>
  historyOf(
    careloop,
    request,
    typesOfCare(declarations).filter((type) => careloop.view?.access.permits('s', type) ?? true),
    '_history',
  )

const historyOf = async (
  careloop: Careloop,
  request: InteractionRequest,
  types: readonly string[],
  path: string,
): Promise<Answer> => {
  const asked = historyParameters(request, zoneOf(careloop.tenant.timeZone))
  // A position tells ids and times: it is sealed, for this history alone.
  const cursors = createCursors({ key: createCursorKey(careloop.store.table), clock: careloop.clock })
  const identity = `${path}?${JSON.stringify(asked.applied)}`
  const after = asked.cursor === undefined ? undefined : (await cursors.open(asked.cursor, identity)).position
  const { versions, position } = await page(careloop, types, asked, after)
  const next = position === undefined ? undefined : await cursors.seal({ position }, identity)
  const total = asked.cursor === undefined && next === undefined ? versions.length : undefined
  return { status: 200, resource: historyBundle(request, path, asked, { versions, next, total }), seen: versions }
}

/** What of it goes out, by the names of the versions. */
const shownOf = async (view: View, changes: ChangePage['changes']): Promise<Map<string, Version>> => {
  const versions = await view.letOutOfHistory(changes.map(({ change }) => change.version))
  return new Map(versions.map((version) => [versionedReference(version), version]))
}

/** Up to `count` versions that are asked for; `position`: where to go on, undefined at the end. */
const page = async (
  { store, view }: Careloop,
  types: readonly string[],
  asked: HistoryParameters,
  after: string | undefined,
): Promise<{ versions: Version[]; position?: string }> => {
  const { count, since, at } = asked
  // What was in force at a time may have been written long before: only the upper end bounds the log.
  const bounds: { from?: Instant; to?: Instant } = { ...(since && { from: since }), ...(at && { to: at.high }) }
  const versions: Version[] = []
  let position = after
  for (let rows = 0; rows < ROWS_A_PAGE; rows += count) {
    const {
      changes,
      position: last,
      more,
    } = await readChangeLog(store, { types, ...bounds, after: position, limit: count })
    const shown = view && (await shownOf(view, changes))
    for (const [index, { change, position: at }] of changes.entries()) {
      if (!isAskedFor(change.version, change.superseded, asked)) continue
      const version = shown ? shown.get(versionedReference(change.version)) : change.version
      if (!version) continue
      versions.push(version)
      const isEnd = index === changes.length - 1 && !more
      if (versions.length === count) return isEnd ? { versions } : { versions, position: at }
    }
    if (!more) return { versions }
    position = last
  }
  return { versions, position }
}
