import { describe, expect, test } from '@jest/globals'
import { ASSUMPTIONS } from '../../../infra/cost/assumptions.ts'
import { auditUsage, requestUsage } from '../../../infra/cost/interaction-usage.ts'
import type { MeasuredUse } from '../../../infra/cost/measured.ts'

const use: MeasuredUse = {
  read: 2,
  write: 11,
  calls: 3,
  processorMilliseconds: 10,
  publisherRuns: 1,
  consumerRuns: 2,
  events: 4,
  eventBytes: 1_000,
  bytes: 2_000,
}
const assumptions = {
  ...ASSUMPTIONS,
  millisecondsACall: 5,
  megabytesAProcessor: 2048,
  authorizerRunsARequest: 0.5,
  authorizerMilliseconds: 20,
  logBytesARequest: 400,
  logBytesARun: 100,
  eventBytesAround: 250,
  kmsRequestsAnEvent: 2,
}

describe('a request', () => {
  test('pays for the way in, the table, every run that follows, events and logs', () => {
    expect(requestUsage(use, { memory: 1024 }, assumptions)).toEqual({
      'api-gateway-request': 1,
      'waf-request': 1,
      'dynamodb-read-unit': 2,
      'dynamodb-write-unit': 11,
      // itself, a publisher, two consumers, half an authorizer
      'lambda-request': 4.5,
      // 10 ms of a processor of which there is a half, 3 calls of 5 ms, half of 20 ms
      'lambda-gb-second': expect.closeTo(0.02 + 0.015 + 0.01, 10),
      'eventbridge-event': 4,
      'eventbridge-archive': expect.closeTo(2_000 / 1e9, 15),
      'kms-request': 8,
      'log-ingestion': expect.closeTo((4 * 100 + 400 + 50) / 1e9, 15),
    })
  })

  test('is no faster on more than a processor: the code is one thread', () => {
    const seconds = (memory: number) => requestUsage(use, { memory }, assumptions)['lambda-gb-second']!
    expect(seconds(4096)).toBeCloseTo(2 * seconds(2048), 10)
  })
})

describe('its record', () => {
  test('is what there is more of with it, and nothing for the way in', () => {
    const audited = { ...use, write: 16, calls: 5, processorMilliseconds: 12, publisherRuns: 2 }
    const usage = auditUsage({ plain: use, audited }, { memory: 1024 }, assumptions)
    expect(usage).toMatchObject({ 'dynamodb-read-unit': 0, 'dynamodb-write-unit': 5, 'lambda-request': 1 })
    expect(usage['lambda-gb-second']).toBeCloseTo(0.004 + 0.01, 10)
    expect(usage).not.toHaveProperty('api-gateway-request')
  })

  test('never costs less than nothing', () => {
    const audited = { ...use, processorMilliseconds: 8 }
    expect(auditUsage({ plain: use, audited }, { memory: 1024 }, assumptions)['lambda-gb-second']).toBe(0)
  })
})
