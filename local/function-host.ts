import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { Context } from 'aws-lambda'
import type { FunctionBlueprint } from './blueprint.ts'
import { ACCOUNT, REGION } from './intrinsics.ts'

/** The functions of the stack, loaded into this process from the very bundles that would be deployed. */
export interface FunctionHost {
  /** for people: `functions/task.ts` */
  nameOf(functionArn: string): string
  /** Invokes a function and waits for its result. @throws whatever the handler throws */
  invoke(functionArn: string, event: unknown): Promise<unknown>
  /** gives the process its own environment back */
  dispose(): void
}

type LambdaHandler = (event: unknown, context: Context) => unknown

/** One run of a function; instants in milliseconds since 1970. */
export interface Invocation {
  /** for people: `functions/task.ts` */
  function: string
  event: unknown
  started: number
  ended: number
}

export interface FunctionHostOptions {
  functions: Iterable<FunctionBlueprint>
  /** where DynamoDB and EventBridge are; the SDK reads them by itself */
  endpoints: { dynamodb: string; eventbridge: string }
  /** told of each run when it is over, whether it failed or not */
  onInvocation?: ((invocation: Invocation) => void) | undefined
}

/** How often each module was loaded. */
const loads = new Map<string, number>()

const replaceEnvironment = (variables: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name]
  Object.assign(process.env, variables)
}

/** What Lambda sets for every function; the SDK reads these as late as its first call, so they stay while the runtime runs. */
const lambdaEnvironment = ({ dynamodb, eventbridge }: FunctionHostOptions['endpoints']): Record<string, string> => ({
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  AWS_ENDPOINT_URL_EVENTBRIDGE: eventbridge,
  TZ: 'UTC',
  // Neither of the two looks at signatures.
  UNSIGNED: 'true',
})

/** Variables of the host that would lead the SDK elsewhere. */
const MISLEADING = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'AWS_ENDPOINT_URL']

const epochNow = (): number => performance.timeOrigin + performance.now()

const contextOf = ({ name, arn, memorySize, timeoutSeconds }: FunctionBlueprint): Context => {
  const deadline = performance.now() + timeoutSeconds * 1000
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memorySize),
    awsRequestId: randomUUID(),
    logGroupName: name,
    logStreamName: ACCOUNT,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  }
}

/** Loads every function, each with exactly its own environment, one after the other. */
export const loadFunctions = async ({
  functions,
  endpoints,
  onInvocation,
}: FunctionHostOptions): Promise<FunctionHost> => {
  const own = { ...process.env }
  const shared = lambdaEnvironment(endpoints)
  const loaded = new Map<string, { blueprint: FunctionBlueprint; handler: LambdaHandler }>()

  const load = async (blueprint: FunctionBlueprint): Promise<void> => {
    replaceEnvironment({ ...shared, AWS_LAMBDA_FUNCTION_NAME: blueprint.name, ...blueprint.environment })
    // A bundle reads its environment once: what is loaded again needs another instance. The first has the name by which its chunks know it.
    const { href } = pathToFileURL(blueprint.file)
    const before = loads.get(href) ?? 0
    loads.set(href, before + 1)
    const module = (await import(before ? `${href}?load=${before}` : href)) as Record<string, LambdaHandler>
    const handler = module[blueprint.handler]
    if (typeof handler !== 'function') throw new Error(`${blueprint.name} exports no function "${blueprint.handler}"`)
    loaded.set(blueprint.arn, { blueprint, handler })
  }

  try {
    for (const blueprint of functions) await load(blueprint)
  } catch (error) {
    replaceEnvironment(own)
    throw error
  }
  const hosting: NodeJS.ProcessEnv = { ...own, ...shared }
  for (const name of MISLEADING) delete hosting[name]
  replaceEnvironment(hosting)

  const find = (functionArn: string) => {
    const found = loaded.get(functionArn)
    if (!found) throw new Error(`the stack has no function ${functionArn}`)
    return found
  }
  return {
    nameOf: (functionArn) => find(functionArn).blueprint.name,
    async invoke(functionArn, event) {
      const { blueprint, handler } = find(functionArn)
      const started = epochNow()
      try {
        // Through JSON, as in Lambda: nothing shared, nothing that JSON cannot hold.
        return await handler(JSON.parse(JSON.stringify(event)), contextOf(blueprint))
      } finally {
        onInvocation?.({ function: blueprint.name, event, started, ended: epochNow() })
      }
    },
    dispose: () => replaceEnvironment(own),
  }
}
