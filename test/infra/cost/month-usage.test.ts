import { describe, expect, test } from '@jest/globals'
import { fhirWorksUsage, healthLakeUsage } from '../../../infra/cost/alternatives.ts'
import { ASSUMPTIONS } from '../../../infra/cost/assumptions.ts'
import { readMeasured } from '../../../infra/cost/measured.ts'
import { idleUsage, MIX, storedGigabytes, type Workload, workloadUsage } from '../../../infra/cost/month-usage.ts'
import type { StackShape } from '../../../infra/cost/stack-shape.ts'

const measured = readMeasured()
const shape: StackShape = {
  keys: 1,
  alarmMetrics: 60,
  dashboards: 1,
  webAcls: 1,
  webAclRules: 3,
  functions: 27,
  memory: 1024,
  scheduledRuns: 43_800,
  logDays: 365,
  archiveDays: 365,
  backupCopies: 40,
  secrets: 0,
}
const workload: Workload = { patients: 0, dischargesAMonth: 0, requestsAMonth: 0, months: 1 }

describe('an idle month', () => {
  test('has the clocks and what is paid for being there', () => {
    expect(idleUsage(shape, ASSUMPTIONS)).toMatchObject({
      'kms-key': 1,
      'alarm-metric': 60,
      'web-acl-rule': 3,
      'lambda-request': 43_800,
      'dynamodb-read-unit': 43_800,
      'lambda-gb-second': expect.closeTo(43_800 * 0.03, 6),
    })
  })

  test('has a secret only where the tenant has one', () => {
    expect(idleUsage(shape, ASSUMPTIONS)).not.toHaveProperty('secret')
    expect(idleUsage({ ...shape, secrets: 1 }, ASSUMPTIONS).secret).toBe(1)
  })
})

describe('a month of a workload', () => {
  test('without any costs nothing', () => {
    expect(Object.values(workloadUsage(measured, workload, shape, ASSUMPTIONS)).every((used) => used === 0)).toBe(true)
  })

  test('goes up with what is asked', () => {
    const usage = (requestsAMonth: number) =>
      workloadUsage(measured, { ...workload, requestsAMonth }, shape, ASSUMPTIONS)['dynamodb-write-unit']!
    expect(usage(2_000)).toBeCloseTo(2 * usage(1_000), 6)
    expect(usage(1_000)).toBeGreaterThan(0)
  })

  test('what is stored stays: in the second year there is more of it, in the table and in each backup', () => {
    const inMonth = (months: number): Workload => ({ ...workload, patients: 100, dischargesAMonth: 10, months })
    const [one, two] = [12, 24].map((months) => storedGigabytes(measured, inMonth(months)))
    expect(two).toBeGreaterThan(one!)
    const usage = workloadUsage(measured, inMonth(24), shape, ASSUMPTIONS)
    expect(usage['dynamodb-storage']).toBe(two)
    expect(usage['backup-storage']).toBeCloseTo(two! * 40, 10)
  })

  test('an interaction that was not measured is named', () => {
    const without = { ...measured, interactions: measured.interactions.filter(({ name }) => name !== 'read') }
    expect(() => workloadUsage(without, workload, shape, ASSUMPTIONS)).toThrow('"read" is not in measured-capacity')
  })

  test('the mix of requests is a whole', () => {
    expect(Object.values(MIX).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
  })
})

describe('elsewhere', () => {
  test('HealthLake runs all hours, and includes 10 GB and 3,500 queries in each', () => {
    expect(healthLakeUsage({ requests: 3_500 * 730, storedGigabytes: 10 }, ASSUMPTIONS)).toEqual({
      'healthlake-hour': 730,
      'healthlake-storage': 0,
      'healthlake-query': 0,
    })
    expect(healthLakeUsage({ requests: 3_500 * 730 + 5, storedGigabytes: 12 }, ASSUMPTIONS)).toMatchObject({
      'healthlake-storage': 2,
      'healthlake-query': 5,
    })
  })

  test('FHIR Works on AWS runs four data nodes and three masters in production', () => {
    expect(fhirWorksUsage('production', ASSUMPTIONS)).toMatchObject({
      'opensearch-m6g-large-hour': 2_920,
      'opensearch-c6g-large-hour': 2_190,
    })
  })
})
