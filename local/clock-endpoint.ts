import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import { type Clock, instantOf } from '../lib/clock.ts'
import type { Instant } from '../lib/fhir.ts'
import type { OwnEndpoint } from './api-gateway.ts'
import type { SimulatedClock } from './simulated-clock.ts'

export interface ClockEndpointOptions {
  clock: Clock
  /** undefined when the machine's clock is used */
  simulated: SimulatedClock | undefined
  /** in which a day may be 23 or 25 hours long */
  timeZone: string
}

const HOW = 'Send {"advance":"PT1H"} (an ISO 8601 duration) or {"to":"2026-11-25T14:00:00Z"} (an instant).'

const moveSchema = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ to: z.string() })])

/** An instant as FHIR's own, from any ISO 8601 date-time with an offset. @throws RangeError */
export const instantFrom = (text: string): Instant => instantOf(Temporal.Instant.from(text).epochMilliseconds)

/** @throws RangeError, SyntaxError, ZodError */
const targetOf = (body: string, now: Instant, timeZone: string): Instant => {
  const move = moveSchema.parse(JSON.parse(body))
  if ('to' in move) return instantFrom(move.to)
  const there = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).add(Temporal.Duration.from(move.advance))
  return instantOf(there.epochMilliseconds)
}

/** `GET /_local/clock` tells the time; `POST` moves a simulated clock, and answers when all that happens meanwhile has happened. */
export const clockEndpoint = ({ clock, simulated, timeZone }: ClockEndpointOptions): OwnEndpoint => {
  const problem = (status: number, text: string) => ({ status, body: { error: text } })
  const time = () => ({ status: 200, body: { now: clock.now() } })

  return async (method, path, body) => {
    if (path !== '/_local/clock') return problem(404, 'The runtime itself answers at /_local/clock only.')
    if (method === 'GET') return time()
    if (method !== 'POST') return problem(405, 'Use GET or POST.')
    if (!simulated)
      return problem(
        409,
        "The machine's own clock runs and cannot be moved. Start with --clock <instant> to have one that can.",
      )
    let target: Instant
    try {
      target = targetOf(body, clock.now(), timeZone)
    } catch {
      return problem(400, HOW)
    }
    if (target < clock.now()) return problem(400, `The clock only moves forward; it is ${clock.now()}.`)
    await simulated.moveTo(target)
    return time()
  }
}
