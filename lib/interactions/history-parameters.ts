import { instantOf } from '../clock.ts'
import type { Instant } from '../fhir.ts'
import { fail } from '../outcome.ts'
import { dateRange } from '../search/date.ts'
import type { Zone } from '../search/zone.ts'
import type { InteractionRequest, Parameter } from './interaction.ts'

const DEFAULT_COUNT = 20
const LARGEST_COUNT = 200
const PARAMETERS = ['_count', '_since', '_at', '_cursor']

/** What a history is asked for. https://hl7.org/fhir/R4/http.html#history */
export interface HistoryParameters {
  count: number
  /** versions written then or later */
  since?: Instant
  /** versions in force at any moment of this span, both ends inclusive */
  at?: { low: Instant; high: Instant }
  cursor?: string
  /** for the self link */
  applied: Parameter[]
}

/** @throws FhirError invalid (400); unsupportedParameter (400) unless handling is lenient */
export const historyParameters = ({ query, prefer }: InteractionRequest, zone: Zone): HistoryParameters => {
  const unknown = query.find(([name]) => !PARAMETERS.includes(name))
  if (unknown && prefer.handling === 'strict')
    throw fail('unsupportedParameter', `A history takes the parameters ${PARAMETERS.join(', ')}, not ${unknown[0]}.`)
  const asked = Object.fromEntries(query) as Record<string, string | undefined>
  const { _count, _since, _at, _cursor } = asked
  return {
    count: countIn(_count),
    ...(_since !== undefined && { since: instantIn(_since) }),
    ...(_at !== undefined && { at: spanIn(_at, zone) }),
    ...(_cursor !== undefined && { cursor: _cursor }),
    applied: PARAMETERS.flatMap((name) =>
      name !== '_cursor' && asked[name] !== undefined ? [[name, asked[name]] as const] : [],
    ),
  }
}

/** How many a page is to hold. @throws FhirError invalid (400) */
export const countIn = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_COUNT
  if (!/^[1-9]\d*$/.test(text)) throw fail('invalid', '_count must be a whole number, 1 or more.')
  return Math.min(Number(text), LARGEST_COUNT)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** An instant of a parameter, in UTC. A plus sign that was not encoded arrives as a space. @throws FhirError invalid (400) */
export const instantIn = (text: string): Instant => {
  const instant = text.replace(' ', '+')
  const milliseconds = INSTANT.test(instant) ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(milliseconds))
    throw fail('invalid', '_since must be an instant such as 2026-11-25T05:59:59Z, with a time zone.')
  return instantOf(milliseconds)
}

const spanIn = (text: string, zone: Zone): { low: Instant; high: Instant } => {
  const range = dateRange(text.replace(' ', '+'), zone)
  if (!range) throw fail('invalid', '_at must be a date or time such as 2026-11-25 or 2026-11-25T05:59:59Z.')
  return { low: instantOf(range.low), high: instantOf(range.high) }
}
