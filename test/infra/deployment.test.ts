import { beforeAll, describe, expect, test } from '@jest/globals'
import { defaultDeployment, deploymentSchema } from '../../infra/deployment.ts'
import { SHARES } from '../../lib/security/token/client-share.ts'
import { createStack, FUNCTIONS, TenantTemplate } from './tenant-template.ts'

test('what a file leaves out is by default', () => {
  expect(defaultDeployment).toEqual({
    canary: false,
    features: { calendarFeeds: true, referralLinks: true, hl7v2: true },
    retention: { logDays: 365, backupYears: 10, archiveDays: 365 },
    alarms: { emails: [] },
    budgetUsd: 200,
    throttling: {
      requestsPerSecond: 100,
      burst: 200,
      requestsPerAddress: 30_000,
      requestsPerClient: 25,
      burstPerClient: 50,
    },
    reservedConcurrency: {},
  })
  expect(deploymentSchema.parse({ retention: { backupYears: 7 } })).toEqual({
    ...defaultDeployment,
    retention: { ...defaultDeployment.retention, backupYears: 7 },
  })
})

test.each<[string, object, RegExp]>([
  ['an account that is none', { account: '1234' }, /12 digits/],
  ['a region that is none', { region: 'Virginia' }, /AWS region/],
  ['a number of days that CloudWatch does not know', { retention: { logDays: 100 } }, /one of 1, 3, 5/],
  ['a feature that nothing switches', { features: { ai: true } }, /Unrecognized key/],
  ['an address that is none', { alarms: { emails: ['on-call'] } }, /e-mail/],
  ['a budget of nothing', { budgetUsd: 0 }, /more than 0/],
])('refuses %s', (_what, deployment, message) => {
  expect(deploymentSchema.safeParse(deployment).error?.message).toMatch(message)
})

describe('a setting is a difference in what is deployed', () => {
  let tenant: TenantTemplate
  beforeAll(() => {
    tenant = new TenantTemplate({
      features: { calendarFeeds: false, referralLinks: false, hl7v2: false },
      retention: { logDays: 90, backupYears: 7, archiveDays: 30 },
      throttling: { requestsPerSecond: 7, burst: 9, requestsPerAddress: 11, requestsPerClient: 3, burstPerClient: 5 },
      reservedConcurrency: { 'schedule/wake': 2 },
    })
  })

  test('account and region', () => {
    const { stack } = createStack({ account: '111122223333', region: 'us-west-2' })
    expect([stack.account, stack.region]).toEqual(['111122223333', 'us-west-2'])
  })

  test('features: what is off has neither route nor function', () => {
    const paths = Object.values(tenant.all('AWS::ApiGateway::Resource')).map(({ PathPart }) => PathPart)
    for (const part of ['calendar', 'referral', 'v2', 'adt']) expect(paths).not.toContain(part)
    const functions = Object.values(tenant.all('AWS::Lambda::Function')).map(({ Description }) => Description)
    const missing = FUNCTIONS.filter((name) => !functions.includes(`functions/${name}.ts`))
    // FHIR messages go the same way as HL7 v2, which is why the function for both is still there.
    expect(missing).toEqual(['calendar', 'referral-page'])
  })

  test('retention', () => {
    for (const logs of Object.values(tenant.all('AWS::Logs::LogGroup'))) expect(logs.RetentionInDays).toBe(90)
    expect(Object.values(tenant.all('AWS::Events::Archive'))).toEqual([expect.objectContaining({ RetentionDays: 30 })])
    expect(JSON.stringify(tenant.all('AWS::Backup::BackupPlan'))).toContain('"DeleteAfterDays":2562')
  })

  test('throttling', () => {
    expect(JSON.stringify(tenant.all('AWS::ApiGateway::Stage'))).toContain('"ThrottlingRateLimit":7')
    expect(JSON.stringify(tenant.all('AWS::WAFv2::WebACL'))).toContain('"Limit":11')
    expect(Object.values(tenant.all('AWS::ApiGateway::UsagePlan'))).toEqual([
      expect.objectContaining({ Throttle: { RateLimit: 3, BurstLimit: 5 } }),
    ])
    expect(Object.keys(tenant.all('AWS::ApiGateway::UsagePlanKey'))).toHaveLength(SHARES)
  })

  test('reserved concurrency, of functions that there are', () => {
    const functions = Object.values(tenant.all('AWS::Lambda::Function'))
    expect(functions.filter((each) => 'ReservedConcurrentExecutions' in each)).toEqual([
      expect.objectContaining({ Description: 'functions/schedule/wake.ts', ReservedConcurrentExecutions: 2 }),
    ])
    expect(() => createStack({ reservedConcurrency: { wake: 2 } })).toThrow(/names functions\/wake\.ts, which/)
  })
})
