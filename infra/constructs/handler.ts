import { Duration } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { type Bundles, HANDLER } from '../bundle.ts'
import type { Logs } from './logs.ts'
import { allow, allowKey } from './permissions.ts'

export interface HandlersProps {
  /** What to make functions of: one each. */
  readonly bundles: Bundles
  /** Encrypts the variables. */
  readonly key: IKey
  readonly logs: Logs
  /** Variables of every function. */
  readonly environment: Readonly<Record<string, string>>
  /** By name of the function. @default none */
  readonly reservedConcurrency?: Readonly<Record<string, number>>
  /** @default 1024 MB: a little over half a virtual CPU, where the SDK's start no longer dominates */
  readonly memorySize?: number
  /** @default 29 seconds, which is as long as API Gateway waits */
  readonly timeout?: Duration
}

/** `stream/publish` -> `StreamPublish` */
export const idOf = (name: string): string =>
  name.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_match, first: string) => first.toUpperCase())

/** The functions of the tenant: one for each file of `functions/`, named as it is, each with a role and a log of its own. */
export class Handlers extends Construct {
  readonly byName: ReadonlyMap<string, LambdaFunction>
  private readonly logGroups = new Map<string, LogGroup>()
  private readonly wired = new Set<string>()

  constructor(scope: Construct, id: string, props: HandlersProps) {
    super(scope, id)
    for (const name of Object.keys(props.reservedConcurrency ?? {}))
      if (!props.bundles.has(name))
        throw new Error(
          `deployment.reservedConcurrency names functions/${name}.ts, which this tenant does not have; it has ${[...props.bundles.keys()].join(', ')}`,
        )
    this.byName = new Map([...props.bundles].map(([name, folder]) => [name, this.create(name, folder, props)]))
    this.node.addValidation({ validate: () => this.forgotten() })
  }

  /** The function of `functions/<name>.ts`. @throws Error when there is no such file; `caller` says who wanted it */
  named(name: string, caller: string): LambdaFunction {
    const handler = this.byName.get(name)
    if (!handler) throw new Error(`${caller} needs functions/${name}.ts, which does not exist`)
    this.wired.add(name)
    return handler
  }

  /** Where the function of `functions/<name>.ts` logs. @throws Error when there is no such file */
  logOf(name: string): LogGroup {
    const logGroup = this.logGroups.get(name)
    if (!logGroup) throw new Error(`there is no functions/${name}.ts that could log`)
    return logGroup
  }

  private forgotten(): string[] {
    return [...this.byName.keys()]
      .filter((name) => !this.wired.has(name))
      .map(
        (name) =>
          `functions/${name}.ts is deployed but nothing invokes it: add a route (api.ts), a rule (lib/events/rules.ts) or a schedule`,
      )
  }

  private create(name: string, folder: string, props: HandlersProps): LambdaFunction {
    const scope = new Construct(this, idOf(name))
    const logGroup = props.logs.create(scope, 'Logs')
    this.logGroups.set(name, logGroup)
    const reserved = props.reservedConcurrency?.[name]
    const handler = new LambdaFunction(scope, 'Function', {
      description: `functions/${name}.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(folder),
      handler: HANDLER,
      environment: { ...props.environment },
      environmentEncryption: props.key,
      memorySize: props.memorySize ?? 1024,
      timeout: props.timeout ?? Duration.seconds(29),
      ...(reserved && { reservedConcurrentExecutions: reserved }),
      role: new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      logGroup,
    })
    // In place of AWS's policy for all functions, which lets each write to the logs of every other.
    allow(handler, ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn)
    allowKey(handler, props.key.keyArn, 'lambda', ['kms:Decrypt'])
    return handler
  }
}
