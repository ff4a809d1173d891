import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { type Bundles, HANDLER } from '../bundle.ts'

export interface HandlersProps {
  /** What to make functions of: one each. */
  readonly bundles: Bundles
  /** Encrypts the logs. */
  readonly key: IKey
  /** Variables of every function. */
  readonly environment: Readonly<Record<string, string>>
  /** @default 1024 MB: a little over half a virtual CPU, where the SDK's start no longer dominates */
  readonly memorySize?: number
  /** @default 29 seconds, which is as long as API Gateway waits */
  readonly timeout?: Duration
  /** @default 1 year */
  readonly logRetention?: RetentionDays
  /** @default false */
  readonly xray?: boolean
}

/** `stream/publish` -> `StreamPublish` */
const idOf = (name: string): string =>
  name.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_match, first: string) => first.toUpperCase())

/** The functions of the tenant: one for each file of `functions/`, named as it is. */
export class Handlers extends Construct {
  private readonly byName: ReadonlyMap<string, LambdaFunction>
  private readonly wired = new Set<string>()

  constructor(scope: Construct, id: string, props: HandlersProps) {
    super(scope, id)
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
    return new LambdaFunction(scope, 'Function', {
      description: `functions/${name}.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(folder),
      handler: HANDLER,
      environment: { ...props.environment },
      memorySize: props.memorySize ?? 1024,
      timeout: props.timeout ?? Duration.seconds(29),
      tracing: props.xray ? Tracing.ACTIVE : Tracing.DISABLED,
      logGroup: new LogGroup(scope, 'Logs', {
        retention: props.logRetention ?? RetentionDays.ONE_YEAR,
        encryptionKey: props.key,
        removalPolicy: RemovalPolicy.RETAIN,
      }),
    })
  }
}
