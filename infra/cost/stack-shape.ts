/** A CloudFormation template, as far as it matters here. */
export interface StackTemplate {
  Resources: Readonly<Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> }>>
}

/** What of a stack costs something while nothing happens, and what the price of a request depends on. */
export interface StackShape {
  keys: number
  /** Metrics that alarms look at: an alarm of two metrics costs twice. */
  alarmMetrics: number
  dashboards: number
  webAcls: number
  webAclRules: number
  functions: number
  /** megabytes of a function: all have the same */
  memory: number
  /** runs a month of rules on a schedule */
  scheduledRuns: number
  logDays: number
  archiveDays: number
  /** full copies of the table that backups come to, once the stack is old enough */
  backupCopies: number
  /** Secrets of Secrets Manager that the stack reads. */
  secrets: number
}

/** A part of the template is not as this expects it: the cost would be wrong. */
export class UnknownShape extends Error {}

type Properties = Readonly<Record<string, unknown>>

const MINUTES_A_MONTH = 730 * 60
const UNITS = { minute: 1, hour: 60, day: 1_440 } as const

/** @throws UnknownShape */
const runsOf = (schedule: string): number => {
  const [, number, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? []
  if (!number) throw new UnknownShape(`the schedule ${schedule} of a rule is no rate`)
  return MINUTES_A_MONTH / (Number(number) * UNITS[unit as keyof typeof UNITS])
}

/** Days between two backups of `cron(minutes hours day-of-month month day-of-week year)`. @throws UnknownShape */
const daysBetween = (schedule: string): number => {
  const [, dayOfMonth = '', month = '', dayOfWeek = ''] = /^cron\(\S+ \S+ (\S+) (\S+) (\S+) \S+\)$/.exec(schedule) ?? []
  if (/^\d+$/.test(month) && /^\d+$/.test(dayOfMonth)) return 365
  if (month === '*' && /^\d+$/.test(dayOfMonth)) return 30
  if (month === '*' && /^(\d|[A-Z]{3})$/.test(dayOfWeek)) return 7
  if (month === '*' && dayOfMonth === '*') return 1
  throw new UnknownShape(`the schedule ${schedule} of a backup is not daily, weekly, monthly or yearly`)
}

interface BackupRule {
  ScheduleExpression: string
  Lifecycle: { DeleteAfterDays: number }
}

const copiesOf = ({ BackupPlan }: Properties): number =>
  (BackupPlan as { BackupPlanRule: BackupRule[] }).BackupPlanRule.reduce(
    (sum, { ScheduleExpression, Lifecycle }) =>
      sum + Math.floor(Lifecycle.DeleteAfterDays / daysBetween(ScheduleExpression)),
    0,
  )

const metricsOf = ({ Metrics }: Properties): number =>
  Metrics ? (Metrics as { MetricStat?: unknown }[]).filter(({ MetricStat }) => MetricStat).length : 1

/** @throws UnknownShape when not all are the same */
const same = (values: readonly unknown[], what: string): number => {
  const [value, ...others] = new Set(values)
  if (typeof value !== 'number' || others.length) throw new UnknownShape(`${what} is not one number`)
  return value
}

/** What a stack's template comes to. @throws UnknownShape */
export const shapeOf = ({ Resources }: StackTemplate): StackShape => {
  const all = (type: string): Properties[] =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) => (Type === type ? [Properties] : []))
  const sum = (type: string, of: (properties: Properties) => number): number =>
    all(type).reduce((total, properties) => total + of(properties), 0)
  const functions = all('AWS::Lambda::Function').filter(({ Description }) => /^functions\//.test(String(Description)))
  const text = JSON.stringify(Resources)
  return {
    keys: all('AWS::KMS::Key').length,
    alarmMetrics: sum('AWS::CloudWatch::Alarm', metricsOf),
    dashboards: all('AWS::CloudWatch::Dashboard').length,
    webAcls: all('AWS::WAFv2::WebACL').length,
    webAclRules: sum('AWS::WAFv2::WebACL', ({ Rules }) => (Rules as unknown[]).length),
    functions: functions.length,
    memory: same(
      functions.map(({ MemorySize }) => MemorySize),
      'the memory of the functions',
    ),
    scheduledRuns: sum('AWS::Events::Rule', ({ ScheduleExpression }) =>
      ScheduleExpression === undefined ? 0 : runsOf(String(ScheduleExpression)),
    ),
    logDays: same(
      all('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays),
      'the retention of the logs',
    ),
    archiveDays: same(
      all('AWS::Events::Archive').map(({ RetentionDays }) => RetentionDays),
      'the retention of the archive',
    ),
    backupCopies: sum('AWS::Backup::BackupPlan', copiesOf),
    secrets: new Set(text.match(/resolve:secretsmanager:[^:}]+/g)).size,
  }
}
