import { describe, expect, test } from '@jest/globals'
import { systemClock } from '../../lib/clock.ts'
import { clockEndpoint } from '../../local/clock-endpoint.ts'
import { createSimulatedClock } from '../../local/simulated-clock.ts'

const endpointAt = (start: string) => {
  const simulated = createSimulatedClock(start, () => ({
    nextDue: async () => undefined,
    tick: () => undefined,
    drain: async () => undefined,
  }))
  return clockEndpoint({ clock: simulated, simulated, timeZone: 'America/New_York' })
}
const PATH = '/_local/clock'

describe('the clock endpoint', () => {
  test('tells and moves the time', async () => {
    const endpoint = endpointAt('2026-11-25T14:00:00Z')
    expect(await endpoint('GET', PATH, '')).toEqual({ status: 200, body: { now: '2026-11-25T14:00:00.000Z' } })
    const moved = { status: 200, body: { now: '2026-11-25T15:30:00.000Z' } }
    expect(await endpoint('POST', PATH, '{"advance":"PT1H30M"}')).toEqual(moved)
    expect(await endpoint('GET', PATH, '')).toEqual(moved)
    expect((await endpoint('POST', PATH, '{"to":"2026-11-26T09:00:00-05:00"}')).body).toEqual({
      now: '2026-11-26T14:00:00.000Z',
    })
  })

  test("a day is a day of the tenant's time zone, a month one of the calendar", async () => {
    const beforeSummerTime = endpointAt('2027-03-13T17:00:00Z')
    expect((await beforeSummerTime('POST', PATH, '{"advance":"P1D"}')).body).toEqual({
      now: '2027-03-14T16:00:00.000Z',
    })
    const endOfMonth = endpointAt('2026-01-31T17:00:00Z')
    expect((await endOfMonth('POST', PATH, '{"advance":"P1M"}')).body).toEqual({ now: '2026-02-28T17:00:00.000Z' })
  })

  test.each([
    '',
    'tomorrow',
    '{}',
    'null',
    '{"advance":3600}',
    '{"advance":"1 hour"}',
    '{"advance":"-PT1H"}',
    '{"to":"2026-11-24T00:00:00Z"}',
    '{"to":"2026-11-30"}',
    '{"to":"2026-11-30T00:00:00"}',
    '{"advance":"PT1H","to":"2026-11-30T00:00:00Z"}',
    '{"advance":"P999999Y"}',
  ])('refuses %s and stays where it is', async (body) => {
    const endpoint = endpointAt('2026-11-25T14:00:00Z')
    expect((await endpoint('POST', PATH, body)).status).toBe(400)
    expect((await endpoint('GET', PATH, '')).body).toEqual({ now: '2026-11-25T14:00:00.000Z' })
  })

  test("the machine's clock is told, not moved", async () => {
    const endpoint = clockEndpoint({ clock: systemClock, simulated: undefined, timeZone: 'UTC' })
    expect((await endpoint('GET', PATH, '')).status).toBe(200)
    const refused = await endpoint('POST', PATH, '{"advance":"PT1H"}')
    expect(refused.status).toBe(409)
    expect(JSON.stringify(refused.body)).toContain('--clock')
  })

  test('other methods and paths are refused', async () => {
    const endpoint = endpointAt('2026-11-25T14:00:00Z')
    expect((await endpoint('DELETE', PATH, '')).status).toBe(405)
    expect((await endpoint('GET', '/_local/nothing', '')).status).toBe(404)
  })
})
