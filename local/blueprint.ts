import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Resolved } from './intrinsics.ts'

/** A function as it would be deployed. */
export interface FunctionBlueprint {
  arn: string
  /** for people: `functions/task.ts` */
  name: string
  /** the module of its handler, and what it exports the handler as */
  file: string
  handler: string
  environment: Readonly<Record<string, string>>
  memorySize: number
  timeoutSeconds: number
  /** how often an asynchronous invocation that failed is tried again */
  asyncRetries: number
}

export interface RouteBlueprint {
  /** `/fhir/Task/{proxy+}` */
  path: string
  /** `GET`, ... or `ANY` */
  method: string
  functionArn: string
  /** none: whoever asks */
  authorizer?: AuthorizerBlueprint
  /** its requests count as those of a usage plan's key, which the authorizer names */
  keyRequired?: true
}

/** What may be asked for with each of some keys. */
export interface UsagePlanBlueprint {
  keys: readonly string[]
  requestsPerSecond: number
  /** at once */
  burst: number
}

/** A Lambda authorizer of type REQUEST. */
export interface AuthorizerBlueprint {
  functionArn: string
  /** the headers that say who asks; all of them must be there */
  identityHeaders: readonly string[]
  /** how long an answer is remembered for the same headers */
  remembersSeconds: number
}

/** What API Gateway answers itself. */
export interface GatewayAnswer {
  status: number | undefined
  headers: Readonly<Record<string, string>>
  body: string
}

export interface StreamBlueprint {
  functionArn: string
  filters: readonly unknown[]
  batchSize: number
  retries: number
  bisect: boolean
}

export interface RuleBlueprint {
  name: string
  arn: string
  /** undefined: the account's default bus, which only the schedules are on */
  bus: string | undefined
  pattern: Resolved | undefined
  schedule: string | undefined
  functionArns: readonly string[]
}

/** All that the runtime needs to know of a stack, read from its template alone. */
export interface Blueprint {
  table: CreateTableCommandInput & { TableName: string }
  functions: ReadonlyMap<string, FunctionBlueprint>
  routes: readonly RouteBlueprint[]
  gatewayAnswers: ReadonlyMap<string, GatewayAnswer>
  usagePlans: readonly UsagePlanBlueprint[]
  streams: readonly StreamBlueprint[]
  rules: readonly RuleBlueprint[]
}
