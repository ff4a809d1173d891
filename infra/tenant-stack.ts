import { CfnOutput, SecretValue, Stack, type StackProps, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { TenantSettings } from '../lib/tenant.ts'
import type { Bundles } from './bundle.ts'
import { createAlarmTopic } from './constructs/alarm-topic.ts'
import { Api, functionsWithout } from './constructs/api.ts'
import { Backup } from './constructs/backup.ts'
import { createBudget, TENANT_TAG } from './constructs/budget.ts'
import { Events, type RuleDeclaration } from './constructs/events.ts'
import { Handlers } from './constructs/handler.ts'
import { Logs } from './constructs/logs.ts'
import { Observability } from './constructs/observability.ts'
import { Schedule } from './constructs/schedule.ts'
import { Storage } from './constructs/storage.ts'
import { type DeploymentSettings, defaultDeployment } from './deployment.ts'

export interface TenantStackProps extends StackProps {
  /** What is particular to the tenant: infra/tenants/<id>.json. */
  readonly settings: TenantSettings
  /** How it is deployed. @default all by default */
  readonly deployment?: DeploymentSettings
  /** The code of the functions. */
  readonly bundles: Bundles
  /** Which events go to which function: lib/events/rules.ts. */
  readonly rules: readonly RuleDeclaration[]
}

export const stackNameOf = (tenant: string): string => `careloop-${tenant}`

/** All of one tenant, shared with nobody: key, table, functions, endpoint, bus, clock. */
export class TenantStack extends Stack {
  constructor(scope: Construct, id: string, props: TenantStackProps) {
    const { settings, bundles, rules, deployment = defaultDeployment, ...stackProps } = props
    const { account, region, features, retention } = deployment
    super(scope, id, {
      stackName: stackNameOf(settings.id),
      description: `Careloop for ${settings.name}`,
      terminationProtection: true,
      analyticsReporting: false,
      env: { ...(account && { account }), ...(region && { region }) },
      ...stackProps,
    })
    this.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true)
    Tags.of(this).add(TENANT_TAG, settings.id)

    const storage = new Storage(this, 'Storage')
    const { key, table } = storage
    const logs = new Logs(key, retention.logDays)
    const unused = functionsWithout(features)
    const handlers = new Handlers(this, 'Functions', {
      bundles: new Map([...bundles].filter(([name]) => !unused.has(name))),
      key,
      logs,
      environment: { TABLE_NAME: table.tableName, TENANT: JSON.stringify(settings) },
      reservedConcurrency: deployment.reservedConcurrency,
    })
    const { throttling } = deployment
    const api = new Api(this, 'Api', { tenant: settings.id, handlers, storage, logs, features, throttling })
    const events = new Events(this, 'Events', { handlers, storage, rules, archiveDays: retention.archiveDays })
    const schedule = new Schedule(this, 'Schedule', { handlers, storage })
    const backup = new Backup(this, 'Backup', { storage, years: retention.backupYears })
    const topic = createAlarmTopic(this, 'AlarmTopic', key, deployment.alarms.emails)
    new Observability(this, 'Observability', { handlers, storage, api, events, schedule, backup, topic })
    createBudget(this, 'Budget', { tenant: settings.id, monthlyUsd: deployment.budgetUsd, topic })
    this.tellWebhook(handlers, settings)

    new CfnOutput(this, 'FhirEndpoint', { value: api.restApi.urlForPath('/fhir') })
    new CfnOutput(this, 'TableArn', { value: table.tableArn })
    new CfnOutput(this, 'KeyArn', { value: key.keyArn })
  }

  /** Resolved when the stack is deployed: the address itself is in neither the settings nor the template. */
  private tellWebhook(handlers: Handlers, { feeds }: TenantSettings): void {
    const { secretName } = feeds?.webhook ?? {}
    if (!secretName) return
    handlers
      .named('events/notification-requested', 'feeds.webhook of the tenant')
      .addEnvironment('WEBHOOK_URL', SecretValue.secretsManager(secretName).unsafeUnwrap())
  }
}
