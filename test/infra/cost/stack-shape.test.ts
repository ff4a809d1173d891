import { describe, expect, test } from '@jest/globals'
import { type StackTemplate, shapeOf, UnknownShape } from '../../../infra/cost/stack-shape.ts'
import { TenantTemplate } from '../tenant-template.ts'

const templateOf = (tenant: TenantTemplate): StackTemplate => tenant.template.toJSON() as StackTemplate
const tenant = new TenantTemplate()
const shape = shapeOf(templateOf(tenant))

/** The template with the properties of the resources of a type changed. */
const changed = (type: string, properties: object): StackTemplate => ({
  Resources: Object.fromEntries(
    Object.entries(templateOf(tenant).Resources).map(([id, resource]) => [
      id,
      resource.Type === type ? { ...resource, Properties: { ...resource.Properties, ...properties } } : resource,
    ]),
  ),
})

describe('of the stack of a tenant', () => {
  test('what has a price by the month is counted', () => {
    expect(shape).toMatchObject({
      keys: 1,
      dashboards: 1,
      webAcls: 1,
      webAclRules: 3,
      functions: Object.keys(tenant.all('AWS::Lambda::Function')).length,
      logDays: 365,
      archiveDays: 365,
      secrets: 0,
    })
  })

  test('an alarm counts as many times as it looks at metrics', () => {
    const alarms = Object.values(tenant.all('AWS::CloudWatch::Alarm'))
    const ofTwo = alarms.filter(({ Metrics }) => (Metrics as unknown[] | undefined)?.length === 3).length
    expect(ofTwo).toBeGreaterThan(0)
    expect(shape.alarmMetrics).toBe(alarms.length + ofTwo)
  })

  test('the clocks run each minute', () => {
    expect(shape.scheduledRuns).toBe(730 * 60)
    expect(shapeOf(changed('AWS::Events::Rule', { ScheduleExpression: 'rate(2 hours)' })).scheduledRuns).toBe(
      (730 / 2) * Object.keys(tenant.all('AWS::Events::Rule')).length,
    )
  })

  test.each([
    ['cron(0 8 * * ? *)', 35, 35],
    ['cron(0 8 ? * SUN *)', 35, 5],
    ['cron(0 6 1 * ? *)', 366, 12],
    ['cron(0 6 1 1 ? *)', 3_660, 10],
  ])('backups by %s kept for %i days come to %i', (ScheduleExpression, DeleteAfterDays, copies) => {
    const BackupPlan = { BackupPlanRule: [{ ScheduleExpression, Lifecycle: { DeleteAfterDays } }] }
    expect(shapeOf(changed('AWS::Backup::BackupPlan', { BackupPlan })).backupCopies).toBe(copies)
  })

  test('a secret that is read is counted once', () => {
    const WEBHOOK_URL = '{{resolve:secretsmanager:careloop/mercy/webhook:SecretString:::}}'
    const Environment = { Variables: { WEBHOOK_URL } }
    expect(shapeOf(changed('AWS::Lambda::Function', { Environment })).secrets).toBe(1)
  })
})

describe('what it does not know it refuses, rather than to leave it out of the price', () => {
  test.each([
    ['AWS::Events::Rule', { ScheduleExpression: 'cron(0 12 * * ? *)' }],
    [
      'AWS::Backup::BackupPlan',
      {
        BackupPlan: { BackupPlanRule: [{ ScheduleExpression: 'rate(1 day)', Lifecycle: { DeleteAfterDays: 1 } }] },
      },
    ],
  ])('%s', (type, properties) => {
    expect(() => shapeOf(changed(type, properties))).toThrow(UnknownShape)
  })

  test('functions of different sizes', () => {
    const { Resources } = templateOf(tenant)
    const id = tenant.functionId('task')
    const task = { ...Resources[id]!, Properties: { ...Resources[id]!.Properties, MemorySize: 512 } }
    expect(() => shapeOf({ Resources: { ...Resources, [id]: task } })).toThrow('the memory of the functions')
  })
})
