import type { MeasureReport } from 'fhir/r4'
import { instantOf } from '../clock.ts'
import type { Resource } from '../fhir.ts'
import { REFERRAL_MEASURE } from '../follow-up/codes.ts'
import { loopClosure } from '../follow-up/referrals/loop-closure.ts'
import { fail } from '../outcome.ts'
import { type DateRange, dateRange } from '../search/date.ts'
import { type Zone, zoneOf } from '../search/zone.ts'
import type { Interaction } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'

const MEASURE = 'https://careloop.dev/fhir/Measure/referral-loop'

const periodIn = (text: string | undefined, zone: Zone): DateRange => {
  const range = /^\d{4}(-\d\d){0,2}$/.test(text ?? '') ? dateRange(text!, zone) : undefined
  if (!range) throw fail('invalid', 'Say of which time: period=2026-11, or a day or a year.', 'Parameters.parameter')
  return range
}

/** How far the referrals sent within a year, month or day have come: counts, and median days, as a summary MeasureReport. */
export const referralReport: Interaction = async (careloop, request) => {
  const { texts } = operationParameters(request, ['period'])
  const period = texts.find(([name]) => name === 'period')?.[1]
  const { low, high } = periodIn(period, zoneOf(careloop.tenant.timeZone))
  const figures = await loopClosure(careloop, { start: instantOf(low), end: instantOf(high + 1) })
  const report: MeasureReport = {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'summary',
    measure: MEASURE,
    date: careloop.clock.now(),
    period: { start: period!, end: period! },
    group: figures.map(({ stage, count, medianDays }) => ({
      code: { coding: [{ system: REFERRAL_MEASURE, code: stage }] },
      population: [{ code: { coding: [{ system: REFERRAL_MEASURE, code: stage }] }, count }],
      ...(medianDays !== undefined && {
        measureScore: {
          value: Math.round(medianDays * 100) / 100,
          unit: 'd',
          system: 'http://unitsofmeasure.org',
          code: 'd',
        },
      }),
    })),
  }
  return { status: 200, resource: report as unknown as Resource }
}
