import { beforeAll, describe, expect, test } from '@jest/globals'
import { idOf } from '../../infra/constructs/handler.ts'
import { ALARMS, type AlarmName, alarmName } from '../../infra/constructs/observability.ts'
import { FUNCTIONS, TenantTemplate } from './tenant-template.ts'

interface AlarmProperties {
  AlarmName: string
  AlarmDescription: string
  AlarmActions: unknown[]
  OKActions: unknown[]
  TreatMissingData: string
  Threshold: number
  EvaluationPeriods: number
  MetricName?: string
}

let tenant: TenantTemplate
let alarms: AlarmProperties[]
beforeAll(() => {
  tenant = new TenantTemplate({ alarms: { emails: ['on-call@example.org', 'it@example.org'] }, budgetUsd: 120 })
  alarms = Object.values(tenant.all('AWS::CloudWatch::Alarm')) as unknown as AlarmProperties[]
})

const ONCE: AlarmName[] = (Object.keys(ALARMS) as AlarmName[]).filter(
  (name) => name !== 'function-failing' && name !== 'dead-letters',
)
const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === name)

test('there is an alarm of each kind, one for each function, and one for each queue', () => {
  const queues = ['UnpublishedRecords', 'UnprocessedEvents', 'UndeliveredEvents', 'MissedMinutes']
  expect(Object.keys(tenant.all('AWS::SQS::Queue'))).toHaveLength(queues.length)
  const expected = [
    ...ONCE.map((name) => alarmName('careloop-local', name)),
    ...FUNCTIONS.map((name) => alarmName('careloop-local', 'function-failing', idOf(name))),
    ...queues.map((name) => alarmName('careloop-local', 'dead-letters', name)),
  ]
  expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(expected.sort())
})

test('each tells people when it begins and when it is over, what it means and where it says what to do', () => {
  const topic = { Ref: Object.keys(tenant.all('AWS::SNS::Topic'))[0] }
  for (const { AlarmName, AlarmDescription, AlarmActions, OKActions } of alarms) {
    const kind = (Object.keys(ALARMS) as AlarmName[]).find((name) => AlarmName.startsWith(`careloop-local-${name}`))!
    expect(AlarmDescription).toBe(`${ALARMS[kind]} What to do: docs/operations/runbooks.md#${kind}`)
    expect([AlarmActions, OKActions]).toEqual([[topic], [topic]])
  }
  const subscriptions = Object.values(tenant.all('AWS::SNS::Subscription'))
  expect(subscriptions.map(({ Endpoint }) => Endpoint)).toEqual(['on-call@example.org', 'it@example.org'])
})

test('silence is good news, but of the clocks', () => {
  const missing = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching')
  expect(missing.map(({ AlarmName }) => AlarmName)).toEqual(['careloop-local-clocks-stopped'])
})

describe('what is logged is counted', () => {
  test.each([
    ['SecondsBehind', 'schedule/wake', '{ $.event = "tick" }', '$.behindSeconds'],
    ['AuthorizerFailures', 'authorizer', '{ ($.interaction = "authorize") && ($.status = 503) }', '1'],
    ['TokensRefused', 'authorizer', '{ ($.interaction = "authorize") && ($.status = 401) }', '1'],
    ['AuditFailures', 'task', '{ $.errors[0] = "AuditFailed" }', '1'],
  ])('%s of %s', (MetricName, name, FilterPattern, MetricValue) => {
    const { LoggingConfig } = tenant.all('AWS::Lambda::Function')[tenant.functionId(name)] as {
      LoggingConfig: { LogGroup: unknown }
    }
    expect(Object.values(tenant.all('AWS::Logs::MetricFilter'))).toContainEqual(
      expect.objectContaining({
        FilterPattern,
        LogGroupName: LoggingConfig.LogGroup,
        MetricTransformations: [
          expect.objectContaining({ MetricName, MetricValue, MetricNamespace: 'careloop-local' }),
        ],
      }),
    )
  })

  test('as late as 5 minutes is too late for what has come due', () => {
    expect(named('careloop-local-clocks-behind')).toMatchObject({ MetricName: 'SecondsBehind', Threshold: 300 })
  })
})

test('one dashboard shows all metrics that have alarms', () => {
  const [dashboard] = Object.values(tenant.all('AWS::CloudWatch::Dashboard'))
  expect(dashboard!.DashboardName).toBe('careloop-local')
  const body = JSON.stringify(dashboard!.DashboardBody)
  for (const { MetricName } of alarms) if (MetricName) expect(body).toContain(MetricName)
})

test('the budget counts what has the tag of the tenant, and tells at 80 % and at 100 %', () => {
  const [budget] = Object.values(tenant.all('AWS::Budgets::Budget')) as {
    Budget: object
    NotificationsWithSubscribers: { Notification: { Threshold: number } }[]
  }[]
  expect(budget!.Budget).toMatchObject({
    BudgetLimit: { Amount: 120, Unit: 'USD' },
    CostFilters: { TagKeyValue: ['user:careloop:tenant$local'] },
  })
  expect(budget!.NotificationsWithSubscribers.map(({ Notification }) => Notification.Threshold)).toEqual([80, 100])
})
