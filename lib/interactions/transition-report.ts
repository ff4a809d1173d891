import type { Resource } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { programmesByUrl } from '../pathways/programmes.ts'
import { csvOf } from '../pathways/report/line-list-csv.ts'
import { measureReportOf } from '../pathways/report/measure-report.ts'
import { plannedEncounters, type Span } from '../pathways/report/planned-encounters.ts'
import { facilityOf, linesOf } from '../pathways/report/transition-lines.ts'
import { createCursors } from '../search/cursor.ts'
import { createCursorKey } from '../search/cursor-key.ts'
import { type DateRange, dateRange } from '../search/date.ts'
import { type Zone, zoneOf } from '../search/zone.ts'
import { countIn } from './history-parameters.ts'
import type { Interaction, Parameter } from './interaction.ts'
import { searchUrl } from './links.ts'
import { operationParameters } from './operation-parameters.ts'

const PATH = '$transition-report'
const PARAMETERS = ['period', 'start', 'end', 'facility', 'owner', 'programme', '_count', '_cursor']
const DEFAULT_COUNT = 100

/** What became of the follow-up of the transitions of a period: a MeasureReport with its line list, or the line list as CSV. */
export const transitionReport: Interaction = async (careloop, request) => {
  const { store, clock, tenant } = careloop
  const { baseUrl, mediaType } = request
  const { texts } = operationParameters(request, PARAMETERS)
  const asked = askedIn(texts, zoneOf(tenant.timeZone))
  const { span, count, cursor, facility, owner, applied } = asked
  const programmes = chosen(await programmesByUrl(careloop), asked.programmes)

  const cursors = createCursors({ key: createCursorKey(store.table), clock })
  const identity = `${PATH}?${JSON.stringify(applied)}`
  const after = cursor === undefined ? undefined : (await cursors.open(cursor, identity)).position
  const page = await plannedEncounters(careloop, [...programmes.keys()], span, {
    count,
    ...(after !== undefined && { after }),
    isWanted: ({ resource }) => facility === undefined || (resource && facilityOf(resource)) === facility,
  })
  const lines = (await linesOf(careloop, page.encounters, programmes)).filter(
    (line) => owner === undefined || line.owner === owner,
  )

  const next =
    page.position === undefined
      ? undefined
      : searchUrl(baseUrl, PATH, [
          ...applied,
          ...(mediaType === CSV ? [['_format', CSV] as const] : []),
          ['_cursor', await cursors.seal({ position: page.position }, identity)],
        ])
  const patients = [...new Set(lines.flatMap(({ patient }) => patient ?? []))]
  const answer = { status: 200, patients, ...(next && { headers: { Link: `<${next}>; rel="next"` } }) }
  if (mediaType === CSV) return { ...answer, text: csvOf(lines), mediaType: `${CSV}; charset=utf-8; header=present` }
  const { start, end } = asked
  const report = measureReportOf({ start, end, made: clock.now(), lines, ...(next && { next }) })
  return { ...answer, resource: report as unknown as Resource }
}

const CSV = 'text/csv'

interface Asked {
  span: Span
  /** dates */
  start: string
  end: string
  count: number
  cursor?: string
  facility?: string
  owner?: string
  /** codes; none: all */
  programmes: readonly string[]
  applied: readonly Parameter[]
}

/** @throws FhirError invalid (400) */
const askedIn = (texts: readonly Parameter[], zone: Zone): Asked => {
  const asked = new Map(texts)
  const span = spanIn(asked, zone)
  const text = (name: 'facility' | 'owner') => (asked.has(name) ? { [name]: asked.get(name)! } : {})
  const cursor = asked.get('_cursor')
  return {
    span,
    start: zone.dateOf(span.low),
    end: zone.dateOf(span.high),
    count: asked.has('_count') ? countIn(asked.get('_count')) : DEFAULT_COUNT,
    ...(cursor !== undefined && { cursor }),
    ...text('facility'),
    ...text('owner'),
    programmes: (asked.get('programme') ?? '').split(',').filter(Boolean),
    applied: texts.filter(([name]) => name !== '_cursor'),
  }
}

/** @throws FhirError invalid (400) */
const spanIn = (asked: ReadonlyMap<string, string>, zone: Zone): Span => {
  const given = ['period', 'start', 'end'].filter((name) => asked.has(name))
  if (given.join() !== 'period' && given.join() !== 'start,end')
    throw fail('invalid', 'Give a period such as 2026-11, or a start and an end such as 2026-11-01 and 2026-11-30.')
  const [first, last] = given.map((name) => rangeIn(name, asked.get(name)!, zone))
  const span = { low: first!.low, high: (last ?? first)!.high }
  if (span.low > span.high) throw fail('invalid', 'end must not be before start.')
  return span
}

const DATE = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/

const rangeIn = (name: string, text: string, zone: Zone): DateRange => {
  const range = DATE.test(text) ? dateRange(text, zone) : undefined
  if (!range) throw fail('invalid', `${name} must be a date, a month or a year, such as 2026-11-25, 2026-11 or 2026.`)
  return range
}

/** @throws FhirError invalid (400) for a programme that no definition is of */
const chosen = (all: ReadonlyMap<string, string>, codes: readonly string[]): ReadonlyMap<string, string> => {
  if (!codes.length) return all
  const known = [...new Set(all.values())].sort()
  if (codes.some((code) => !known.includes(code)))
    throw fail('invalid', `programme must be one or more of ${known.join(', ')}, parted by commas.`)
  return new Map([...all].filter(([, programme]) => codes.includes(programme)))
}
