import { type Instant, referenceTo } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { zoneOf } from '../search/zone.ts'
import type { Version } from '../store/version.ts'
import { historyBundle } from './history-bundle.ts'
import { type HistoryParameters, historyParameters } from './history-parameters.ts'
import type { Interaction } from './interaction.ts'
import { neverExisted } from './read.ts'

/** Versions of one resource, newest first. https://hl7.org/fhir/R4/http.html#history */
export const historyInstance: Interaction = async (careloop, request) => {
  const { type, id } = request
  const asked = historyParameters(request, zoneOf(careloop.tenant.timeZone))
  const below = asked.cursor === undefined ? undefined : versionIn(asked.cursor)
  const { versions, more } = await careloop.store.history(type, id, asked.count, below)
  if (!versions.length && !(await careloop.store.read(type, id))) throw neverExisted(type)

  const newer = below === undefined ? undefined : await careloop.store.vread(type, id, below)
  const shown = versions.filter((version, index) => isAskedFor(version, (versions[index - 1] ?? newer)?.updated, asked))
  const oldest = versions.at(-1)
  const isPast = oldest !== undefined && isBefore(oldest, asked)
  const next = more && !isPast ? String(oldest!.v) : undefined
  const total = totalOf(shown, asked, next, careloop.view === undefined)
  return {
    status: 200,
    resource: historyBundle(request, `${referenceTo(type, id)}/_history`, asked, { versions: shown, next, total }),
    seen: shown,
  }
}

/** Whether a version that was superseded at that instant, if it was, belongs to what is asked for. */
export const isAskedFor = (
  { updated, deleted }: Version,
  superseded: Instant | undefined,
  { since, at }: Pick<HistoryParameters, 'since' | 'at'>,
): boolean => {
  if (since !== undefined && updated < since) return false
  if (!at) return true
  if (updated > at.high) return false
  // A deletion is something that happens; what is deleted is not in force afterwards.
  if (updated >= at.low) return true
  return !deleted && (superseded === undefined || superseded > at.low)
}

/** Whether everything older is too old. */
const isBefore = ({ updated }: Version, { since, at }: HistoryParameters): boolean =>
  (since !== undefined && updated < since) || (at !== undefined && updated < at.low)

/** How many versions there are, where that is known without counting: to whom all are shown they are numbered without gaps from 1. */
const totalOf = (
  shown: readonly Version[],
  { since, at, cursor }: HistoryParameters,
  next: string | undefined,
  isWhole: boolean,
): number | undefined => {
  if (cursor !== undefined) return undefined
  if (isWhole && since === undefined && at === undefined) return shown[0]?.v
  return next === undefined ? shown.length : undefined
}

const versionIn = (cursor: string): number => {
  if (!/^[1-9]\d{0,9}$/.test(cursor)) throw fail('invalid', '_cursor is not one that this service gave out.')
  return Number(cursor)
}
