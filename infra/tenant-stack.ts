import { CfnOutput, SecretValue, Stack, type StackProps, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { TenantSettings } from '../lib/tenant.ts'
import type { Bundles } from './bundle.ts'
import { Api } from './constructs/api.ts'
import { Events, type RuleDeclaration } from './constructs/events.ts'
import { Handlers } from './constructs/handler.ts'
import { Schedule } from './constructs/schedule.ts'
import { Storage } from './constructs/storage.ts'

export interface TenantStackProps extends StackProps {
  /** What is particular to the tenant: infra/tenants/<id>.json. */
  readonly settings: TenantSettings
  /** The code of the functions. */
  readonly bundles: Bundles
  /** Which events go to which function: lib/events/rules.ts. */
  readonly rules: readonly RuleDeclaration[]
}

export const stackNameOf = (tenant: string): string => `careloop-${tenant}`

/** All of one tenant, shared with nobody: key, table, functions, endpoint, bus, clock. */
export class TenantStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles, rules, ...props }: TenantStackProps) {
    super(scope, id, {
      stackName: stackNameOf(settings.id),
      description: `Careloop for ${settings.name}`,
      terminationProtection: true,
      analyticsReporting: false,
      ...props,
    })
    this.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true)
    Tags.of(this).add('careloop:tenant', settings.id)

    const storage = new Storage(this, 'Storage')
    const handlers = new Handlers(this, 'Functions', {
      bundles,
      key: storage.key,
      environment: { TABLE_NAME: storage.table.tableName, TENANT: JSON.stringify(settings) },
    })
    const api = new Api(this, 'Api', { handlers, storage })
    new Events(this, 'Events', { handlers, storage, rules })
    new Schedule(this, 'Schedule', { handlers, storage })
    const { secretName } = settings.feeds?.webhook ?? {}
    // Resolved when the stack is deployed: the address itself is in neither the settings nor the template.
    if (secretName)
      handlers
        .named('events/notification-requested', 'feeds.webhook of the tenant')
        .addEnvironment('WEBHOOK_URL', SecretValue.secretsManager(secretName).unsafeUnwrap())

    new CfnOutput(this, 'FhirEndpoint', { value: api.restApi.urlForPath('/fhir') })
  }
}
