import { describe, expect, test } from '@jest/globals'
import type { Period } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { type DateVector, dateVectors } from '../../lib/pathways/date-vectors.ts'
import { disposition, highRisk } from '../simulated-tenant.ts'
import { condition, encounter, patient, planOf, reason, tasksOf, tenantAt } from './scene.ts'

const instantOf = (dateTime: string): string => new Date(dateTime).toISOString()

/** The last second of a local day. */
const endOf = (date: string, timeZone: string): string =>
  instantOf(
    Temporal.PlainDate.from(date)
      .add({ days: 1 })
      .toZonedDateTime(timeZone)
      .subtract({ seconds: 1 })
      .toInstant()
      .toString(),
  )
const startOf = (date: string, timeZone: string): string =>
  instantOf(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).toInstant().toString())

const periods = async (vector: DateVector, resources: readonly object[]): Promise<Record<string, Period>> => {
  const tenant = await tenantAt(instantOf(vector.discharge), resources, { timeZone: vector.timeZone })
  return Object.fromEntries(
    Object.entries(await tasksOf(tenant)).map(([code, task]) => [code, task.restriction?.period ?? {}]),
  )
}

/** The local date of the discharge, so many days on. */
const dayAfter = ({ discharge, timeZone }: DateVector, days: number): string =>
  Temporal.Instant.from(discharge).toZonedDateTimeISO(timeZone).toPlainDate().add({ days }).toString()

describe.each(dateVectors)('discharged $discharge ($timeZone), $why', (vector) => {
  const { discharge, timeZone } = vector
  const admitted = '2026-06-01T08:00:00Z'
  const stay = (id: string, others: object = {}) => encounter(id, 'IMP', admitted, discharge, others)
  const atDischarge = instantOf(discharge)
  const nextDay = startOf(dayAfter(vector, 1), timeZone)
  const day = (date: string) => endOf(date, timeZone)

  const expectWindows = (
    actual: Record<string, Period>,
    expected: Record<string, readonly [start: string, due: string]>,
  ): void => {
    const windows = Object.keys(expected).map((code) => {
      const { start, end } = actual[code] ?? {}
      return [code, [start && instantOf(start), end && instantOf(end)]]
    })
    expect(Object.fromEntries(windows)).toEqual(expected)
  }

  test('TCM and TRC', async () => {
    const actual = await periods(vector, [patient(), stay('stay')])
    expectWindows(actual, {
      'tcm-interactive-contact': [atDischarge, vector.contactInstant],
      'tcm-visit-14d': [atDischarge, day(vector.days14)],
      'tcm-med-rec': [atDischarge, day(vector.days14)],
      'tcm-period': [atDischarge, day(vector.days29)],
      'trc-discharge-info': [atDischarge, day(dayAfter(vector, 2))],
      'trc-engagement': [nextDay, day(vector.days30)],
      'trc-med-rec': [atDischarge, day(vector.days30)],
      'readmission-watch': [atDischarge, day(vector.days30)],
    })
    expect(Object.keys(actual)).not.toContain('tcm-visit-7d')
  })

  test('TCM at high risk, and the early call', async () => {
    const risk = highRisk('risk', discharge)
    expectWindows(await periods(vector, [patient(), risk, stay('stay')]), {
      'tcm-interactive-contact': [atDischarge, vector.contactInstant],
      'tcm-second-call': [atDischarge, day(dayAfter(vector, 5))],
      'tcm-visit-7d': [atDischarge, day(vector.days7)],
      'tcm-med-rec': [atDischarge, day(vector.days7)],
      'tcm-period': [atDischarge, day(vector.days29)],
      'high-risk-call-48h': [atDischarge, instantOf(new Date(Date.parse(discharge) + 48 * 3_600_000).toISOString())],
    })
  })

  test('FUH', async () => {
    expectWindows(await periods(vector, [patient(), stay('stay', reason('F32.1'))]), {
      'fuh-7': [nextDay, day(vector.days7)],
      'fuh-30': [nextDay, day(vector.days30)],
    })
  })

  test('FUM, FUA and FMC', async () => {
    const visitOf = (code: string) => encounter('visit', 'EMER', discharge, discharge, reason(code))
    const chronic = [condition('copd', 'J44.9'), condition('failure', 'I50.9')]
    const mental = await periods(vector, [patient(), ...chronic, visitOf('F32.1')])
    const substances = await periods(vector, [patient(), visitOf('F10.10')])
    expectWindows(
      { ...mental, ...substances },
      {
        'fum-7': [atDischarge, day(vector.days7)],
        'fum-30': [atDischarge, day(vector.days30)],
        'fua-7': [atDischarge, day(vector.days7)],
        'fua-30': [atDischarge, day(vector.days30)],
        'fmc-7': [atDischarge, day(vector.days7)],
      },
    )
    expect(Object.keys({ ...mental, ...substances })).toHaveLength(5)
  })

  test('the notification of an admission', async () => {
    expectWindows(await periods(vector, [patient(), encounter('stay', 'IMP', discharge)]), {
      'trc-admit-notice': [atDischarge, day(dayAfter(vector, 2))],
    })
  })

  test('a facility, hospice care, a death', async () => {
    const went = (code: string) => periods(vector, [patient(), stay('stay', disposition(code))])
    expectWindows(await went('snf'), { 'track-facility-stay': [atDischarge, day(vector.days30)] })
    const { 'hospice-hand-over': handOver } = await went('hosp')
    const { 'bereavement-closure': closure } = await went('exp')
    expect(Date.parse(handOver!.end!)).toBeLessThan(Date.parse(vector.contactInstant))
    expect(Date.parse(closure!.end!)).toBeGreaterThan(Date.parse(vector.contactInstant))
  })

  test('the plans run as long as their programmes', async () => {
    const tenant = await tenantAt(atDischarge, [patient(), stay('stay', reason('F32.1'))], { timeZone })
    for (const [id, date] of [
      ['transition-of-care', vector.days29],
      ['trc', vector.days30],
      ['fuh', vector.days30],
      ['readmission-watch', vector.days30],
    ] as const)
      expect([id, instantOf((await planOf(tenant, id))!.period!.end!)]).toEqual([id, day(date)])
  })
})
