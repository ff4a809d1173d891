import { Duration, Stack } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Api } from './api.ts'
import { AUTHORIZER } from './authorizer.ts'
import type { Backup } from './backup.ts'
import type { DeadLetters } from './dead-letters.ts'
import { type Events, PUBLISH } from './events.ts'
import { type Handlers, idOf } from './handler.ts'
import { type Schedule, WAKE } from './schedule.ts'
import type { Storage } from './storage.ts'

/** What each alarm means. Each has a section of its name in docs/operations/runbooks.md. */
export const ALARMS = {
  'api-errors': 'The API has answered 5xx at least 5 times in 5 minutes.',
  'api-latency': 'One request in 20 has taken longer than 3 seconds, for 15 minutes.',
  'firewall-blocks': 'The firewall has refused more than 100 requests in 5 minutes.',
  'function-failing': 'A function has thrown, timed out or been throttled at least 3 times in 5 minutes.',
  'table-throttled': 'DynamoDB has throttled reads or writes, for 15 minutes.',
  'stream-behind': 'Changes have waited for more than 2 minutes to become events.',
  'dead-letters':
    'Something could be neither delivered nor processed, however often it was tried. It is kept for 14 days.',
  'clocks-behind': 'What has come due is more than 5 minutes late, for 5 minutes.',
  'clocks-stopped': 'The clocks have not run for 5 minutes.',
  'authorizer-failing': 'It could not be found out whether a token is valid: the keys of the issuer cannot be read.',
  'tokens-refused': 'More than 100 tokens have been refused in 5 minutes.',
  'audit-failing': 'An AuditEvent could not be written.',
  'backup-failed': 'A backup of the table has failed.',
} as const

export type AlarmName = keyof typeof ALARMS

/** The budget tells by itself, without an alarm: its section. */
export const BUDGET_SECTION = 'budget'

const RUNBOOKS = 'docs/operations/runbooks.md'

/** `careloop-mercy-dead-letters-MissedMinutes`: of these names `npm run tenant -- deploy` asks whether a stack is well. */
export const alarmName = (stackName: string, alarm: AlarmName, of?: string): string =>
  [stackName, alarm, ...(of ? [of] : [])].join('-')

interface Condition {
  metric: IMetric
  /** at or above it the alarm goes off */
  threshold: number
  /** of how many of the last periods it must be true. @default 1 */
  periods?: number
  /** @default false: no data is good news */
  missingIsBad?: boolean
}

export interface ObservabilityProps {
  readonly handlers: Handlers
  readonly storage: Storage
  readonly api: Api
  readonly events: Events
  readonly schedule: Schedule
  readonly backup: Backup
  readonly topic: ITopic
}

const minutes = Duration.minutes
const WITHIN_5_MINUTES = { period: minutes(5), statistic: Stats.SUM }

/** The alarms and the dashboard of a tenant. */
export class Observability extends Construct {
  private readonly topic: ITopic
  private readonly stackName: string

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id)
    this.topic = props.topic
    this.stackName = Stack.of(this).stackName
    const metrics = [
      ...this.ofApi(props),
      ...this.ofAudit(props),
      ...this.ofFunctions(props),
      ...this.ofChanges(props),
      ...this.ofClocks(props),
      ...this.ofTable(props),
    ]
    this.dashboard(metrics)
  }

  private ofApi({ api, handlers }: ObservabilityProps): IMetric[] {
    const stage = api.restApi.deploymentStage
    const errors = stage.metricServerError(WITHIN_5_MINUTES)
    const latency = stage.metricLatency({ period: minutes(5), statistic: Stats.percentile(95) })
    const blocked = new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: this.stackName, Region: Stack.of(this).region, Rule: 'ALL' },
      ...WITHIN_5_MINUTES,
    })
    this.alarm('api-errors', { metric: errors, threshold: 5 })
    this.alarm('api-latency', { metric: latency, threshold: 3_000, periods: 3 })
    this.alarm('firewall-blocks', { metric: blocked, threshold: 101 })
    const isAuthorize = FilterPattern.stringValue('$.interaction', '=', 'authorize')
    const withStatus = (status: number) =>
      FilterPattern.all(isAuthorize, FilterPattern.numberValue('$.status', '=', status))
    const failed = this.logged(handlers, AUTHORIZER, 'AuthorizerFailures', withStatus(503))
    const refused = this.logged(handlers, AUTHORIZER, 'TokensRefused', withStatus(401))
    this.alarm('authorizer-failing', { metric: failed, threshold: 1 })
    this.alarm('tokens-refused', { metric: refused, threshold: 101 })
    return [stage.metricCount(WITHIN_5_MINUTES), errors, latency, blocked, failed, refused]
  }

  /** What cannot be put on record is not answered; the log says of what kind the error was. */
  private ofAudit({ handlers, api }: ObservabilityProps): IMetric[] {
    const isFailure = FilterPattern.stringValue('$.errors[0]', '=', 'AuditFailed')
    const [failures] = api.functions.map((name) => this.logged(handlers, name, 'AuditFailures', isFailure))
    this.alarm('audit-failing', { metric: failures!, threshold: 1 })
    return [failures!]
  }

  private ofFunctions({ handlers }: ObservabilityProps): IMetric[] {
    return [...handlers.byName].map(([name, handler]) => {
      const failing = name === AUTHORIZER ? handler.metricThrottles(WITHIN_5_MINUTES) : failingOf(handler)
      this.alarm('function-failing', { metric: failing, threshold: 3 }, idOf(name))
      return failing
    })
  }

  private ofChanges({ handlers, events, schedule }: ObservabilityProps): IMetric[] {
    const behind = handlers
      .named(PUBLISH, 'the alarms')
      .metric('IteratorAge', { period: minutes(1), statistic: Stats.MAXIMUM })
    this.alarm('stream-behind', { metric: behind, threshold: 120_000, periods: 3 })
    const letters: Record<string, DeadLetters> = { ...events.deadLetters, MissedMinutes: schedule.missedMinutes }
    const waiting = Object.entries(letters).map(([name, { queue }]) => {
      const metric = queue.metricApproximateNumberOfMessagesVisible({ period: minutes(1), statistic: Stats.MAXIMUM })
      this.alarm('dead-letters', { metric, threshold: 1 }, name)
      return metric
    })
    return [behind, ...waiting]
  }

  private ofClocks({ handlers }: ObservabilityProps): IMetric[] {
    const isTick = FilterPattern.stringValue('$.event', '=', 'tick')
    const behind = this.logged(handlers, WAKE, 'SecondsBehind', isTick, '$.behindSeconds', {
      period: minutes(1),
      statistic: Stats.MAXIMUM,
    })
    const ticks = handlers.named(WAKE, 'the alarms').metricInvocations({ period: minutes(5), statistic: Stats.SUM })
    this.alarm('clocks-behind', { metric: behind, threshold: 300, periods: 5 })
    this.alarm('clocks-stopped', {
      // There is no "below" to count from: 1 when there was no tick.
      metric: new MathExpression({
        expression: 'IF(FILL(ticks, 0) < 1, 1, 0)',
        usingMetrics: { ticks },
        label: 'stopped',
      }),
      threshold: 1,
      missingIsBad: true,
    })
    return [behind, ticks]
  }

  private ofTable({ storage, backup }: ObservabilityProps): IMetric[] {
    const ofTable = (metricName: string) => storage.table.metric(metricName, WITHIN_5_MINUTES)
    const throttled = new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: { reads: ofTable('ReadThrottleEvents'), writes: ofTable('WriteThrottleEvents') },
      label: 'throttled',
      period: minutes(5),
    })
    this.alarm('table-throttled', { metric: throttled, threshold: 1, periods: 3 })
    const failedBackups = new Metric({
      namespace: 'AWS/Backup',
      metricName: 'NumberOfBackupJobsFailed',
      dimensionsMap: { BackupVaultName: backup.vault.backupVaultName },
      period: minutes(60),
      statistic: Stats.SUM,
    })
    this.alarm('backup-failed', { metric: failedBackups, threshold: 1 })
    return [throttled, ofTable('ConsumedReadCapacityUnits'), ofTable('ConsumedWriteCapacityUnits'), failedBackups]
  }

  /** A metric made of what a function logs: one for each line that matches, or the number in it. Several functions can make one metric. */
  private logged(
    handlers: Handlers,
    name: string,
    metricName: string,
    filterPattern: IFilterPattern,
    metricValue = '1',
    as: { period: Duration; statistic: string } = WITHIN_5_MINUTES,
  ): Metric {
    const filter = new MetricFilter(this, `${metricName}Of${idOf(name)}`, {
      logGroup: handlers.logOf(name),
      filterPattern,
      metricNamespace: this.stackName,
      metricName,
      metricValue,
    })
    return filter.metric(as)
  }

  private alarm(
    name: AlarmName,
    { metric, threshold, periods = 1, missingIsBad = false }: Condition,
    of?: string,
  ): void {
    const alarm = new Alarm(this, [name, ...(of ? [of] : [])].join('-'), {
      alarmName: alarmName(this.stackName, name, of),
      alarmDescription: `${ALARMS[name]} What to do: ${RUNBOOKS}#${name}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missingIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    const tell = new SnsAction(this.topic)
    alarm.addAlarmAction(tell)
    alarm.addOkAction(tell)
  }

  private dashboard(metrics: readonly IMetric[]): void {
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.stackName,
      widgets: [metrics.map((metric) => new GraphWidget({ left: [metric], width: 8 }))],
    })
  }
}

const failingOf = (handler: IFunction): MathExpression =>
  new MathExpression({
    expression: 'FILL(errors, 0) + FILL(throttles, 0)',
    usingMetrics: {
      errors: handler.metricErrors(WITHIN_5_MINUTES),
      throttles: handler.metricThrottles(WITHIN_5_MINUTES),
    },
    label: 'failing',
    period: minutes(5),
  })
