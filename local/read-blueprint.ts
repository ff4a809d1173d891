import { join } from 'node:path'
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type {
  AuthorizerBlueprint,
  Blueprint,
  FunctionBlueprint,
  GatewayAnswer,
  RouteBlueprint,
  RuleBlueprint,
  StreamBlueprint,
  UsagePlanBlueprint,
} from './blueprint.ts'
import { ACCOUNT, REGION, type ResourceNames, resolveIntrinsics } from './intrinsics.ts'
import type { SynthesizedStack, TemplateResource } from './synthesize.ts'

type Properties = Readonly<Record<string, unknown>>

const SERVICES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda:function',
  'AWS::Events::EventBus': 'events:event-bus',
  'AWS::Events::Rule': 'events:rule',
  'AWS::SQS::Queue': 'sqs',
  'AWS::DynamoDB::Table': 'dynamodb:table',
}

const DEFAULT_ASYNC_RETRIES = 2
const DEFAULT_STREAM_BATCH = 100
const DEFAULT_AUTHORIZER_TTL = 300

/** `'text'` -> `text` */
const literal = (value: string): string => value.replace(/^'|'$/g, '')

/**
 * Reads a synthesized stack. `tableName` is what its one table is called here.
 * @throws Error naming what the runtime cannot do as deployed
 */
export const readBlueprint = ({ template, assets }: SynthesizedStack, tableName: string): Blueprint => {
  const resources = Object.entries(template.Resources)
  const ofType = (type: string): (readonly [logicalId: string, properties: Properties])[] =>
    resources
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, { Properties = {} }]) => [logicalId, Properties] as const)

  const resourceOf = (logicalId: string): TemplateResource => {
    const resource = template.Resources[logicalId]
    if (!resource) throw new Error(`the template has no resource ${logicalId}`)
    return resource
  }
  const names: ResourceNames = {
    ref: (logicalId) => (resourceOf(logicalId).Type === 'AWS::DynamoDB::Table' ? tableName : logicalId),
    attribute(logicalId, name) {
      const service = SERVICES[resourceOf(logicalId).Type]
      if (name === 'Arn' && service) {
        const [prefix, kind] = service.split(':')
        return `arn:aws:${prefix}:${REGION}:${ACCOUNT}:${kind ? `${kind}:` : ''}${this.ref(logicalId)}`
      }
      if (name === 'StreamArn' || name === 'RootResourceId') return `${logicalId}.${name}`
      throw new Error(`the one-machine runtime does not know ${name} of ${resourceOf(logicalId).Type}`)
    },
  }
  const resolve = <T>(value: unknown): T => resolveIntrinsics(value, names) as T
  const named = (value: unknown): string => resolve<string>(value)

  const asyncRetries = new Map(
    ofType('AWS::Lambda::EventInvokeConfig').map(([, properties]) => [
      named(properties.FunctionName),
      properties.MaximumRetryAttempts as number,
    ]),
  )

  const functionBlueprint = (logicalId: string, properties: Properties): FunctionBlueprint => {
    const key = named((properties.Code as Properties).S3Key)
    const folder = assets.get(key)
    if (!folder) throw new Error(`the code of ${logicalId} (${key}) is not among the assets of the stack`)
    const [file, handler = ''] = (properties.Handler as string).split('.')
    return {
      arn: names.attribute(logicalId, 'Arn'),
      name: (properties.Description as string | undefined) ?? logicalId,
      file: join(folder, `${file}.mjs`),
      handler,
      environment: resolve((properties.Environment as Properties | undefined)?.Variables ?? {}),
      memorySize: (properties.MemorySize as number | undefined) ?? 128,
      timeoutSeconds: (properties.Timeout as number | undefined) ?? 3,
      asyncRetries: asyncRetries.get(logicalId) ?? DEFAULT_ASYNC_RETRIES,
    }
  }

  const pathOf = (resourceId: string): string => {
    if (resourceId.endsWith('.RootResourceId')) return ''
    const { ParentId, PathPart } = resourceOf(resourceId).Properties ?? {}
    return `${pathOf(named(ParentId))}/${PathPart}`
  }
  const functionIn = (uri: unknown): string => /\/functions\/(.+)\/invocations$/.exec(named(uri))?.[1] ?? ''

  const authorizers = new Map(
    ofType('AWS::ApiGateway::Authorizer').map(([logicalId, properties]) => {
      const sources = named(properties.IdentitySource).split(',')
      const headers = sources.map((source) => /^method\.request\.header\.(.+)$/.exec(source.trim())?.[1] ?? '')
      if (properties.Type !== 'REQUEST' || headers.includes(''))
        throw new Error(`the one-machine runtime knows authorizers by headers only: ${logicalId} is another`)
      const authorizer: AuthorizerBlueprint = {
        functionArn: functionIn(properties.AuthorizerUri),
        identityHeaders: headers,
        remembersSeconds: (properties.AuthorizerResultTtlInSeconds as number | undefined) ?? DEFAULT_AUTHORIZER_TTL,
      }
      return [logicalId, authorizer] as const
    }),
  )
  const authorizerOf = ({ AuthorizationType, AuthorizerId }: Properties): AuthorizerBlueprint | undefined => {
    if (AuthorizationType === undefined || AuthorizationType === 'NONE') return undefined
    const authorizer = authorizers.get(AuthorizerId === undefined ? '' : named(AuthorizerId))
    if (!authorizer) throw new Error(`the one-machine runtime cannot authorize by ${AuthorizationType}`)
    return authorizer
  }

  const routes = ofType('AWS::ApiGateway::Method').flatMap(([, properties]): RouteBlueprint[] => {
    const { Type, Uri } = (properties.Integration ?? {}) as Properties
    if (Type !== 'AWS_PROXY') return []
    const path = pathOf(named(properties.ResourceId)) || '/'
    const method = properties.HttpMethod as string
    const authorizer = authorizerOf(properties)
    return [
      {
        path,
        method,
        functionArn: functionIn(Uri),
        ...(authorizer && { authorizer }),
        ...(properties.ApiKeyRequired === true && { keyRequired: true }),
      },
    ]
  })

  const gatewayAnswers = ofType('AWS::ApiGateway::GatewayResponse').map(([, properties]) => {
    const templates = (properties.ResponseTemplates ?? {}) as Record<string, string>
    const parameters = (properties.ResponseParameters ?? {}) as Record<string, string>
    const answer: GatewayAnswer = {
      status: properties.StatusCode ? Number(properties.StatusCode) : undefined,
      headers: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name.replace('gatewayresponse.header.', ''),
          literal(value),
        ]),
      ),
      body: templates['application/json'] ?? '',
    }
    return [properties.ResponseType as string, answer] as const
  })

  const keyIn = (logicalId: string): string => resourceOf(logicalId).Properties?.Value as string
  const planKeys = ofType('AWS::ApiGateway::UsagePlanKey').map(([, { KeyId, UsagePlanId }]) => ({
    plan: named(UsagePlanId),
    key: keyIn(named(KeyId)),
  }))
  const usagePlans = ofType('AWS::ApiGateway::UsagePlan').map(([logicalId, { Throttle }]): UsagePlanBlueprint => {
    const { RateLimit = Number.POSITIVE_INFINITY, BurstLimit = Number.POSITIVE_INFINITY } = (Throttle ?? {}) as {
      RateLimit?: number
      BurstLimit?: number
    }
    const keys = planKeys.filter(({ plan }) => plan === logicalId).map(({ key }) => key)
    return { keys, requestsPerSecond: RateLimit, burst: BurstLimit }
  })

  const streams = ofType('AWS::Lambda::EventSourceMapping').map(([, properties]): StreamBlueprint => {
    const criteria = (properties.FilterCriteria as { Filters: { Pattern: string }[] } | undefined)?.Filters ?? []
    return {
      functionArn: names.attribute(named(properties.FunctionName), 'Arn'),
      filters: criteria.map(({ Pattern }) => JSON.parse(Pattern) as unknown),
      batchSize: (properties.BatchSize as number | undefined) ?? DEFAULT_STREAM_BATCH,
      retries: (properties.MaximumRetryAttempts as number | undefined) ?? Number.POSITIVE_INFINITY,
      bisect: properties.BisectBatchOnFunctionError === true,
    }
  })

  const rules = ofType('AWS::Events::Rule').map(
    ([logicalId, properties]): RuleBlueprint => ({
      name: (properties.Description as string | undefined) ?? logicalId,
      arn: names.attribute(logicalId, 'Arn'),
      bus: properties.EventBusName === undefined ? undefined : named(properties.EventBusName),
      pattern: properties.EventPattern === undefined ? undefined : resolve(properties.EventPattern),
      schedule: properties.ScheduleExpression as string | undefined,
      functionArns: ((properties.Targets ?? []) as Properties[]).map(({ Arn }) => named(Arn)),
    }),
  )

  const [table, ...otherTables] = ofType('AWS::DynamoDB::Table')
  if (!table || otherTables.length)
    throw new Error(`expected one table in the template, found ${otherTables.length + (table ? 1 : 0)}`)
  const [, { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification, BillingMode }] = table

  return {
    table: {
      TableName: tableName,
      ...resolve<Omit<CreateTableCommandInput, 'TableName'>>({
        KeySchema,
        AttributeDefinitions,
        GlobalSecondaryIndexes,
        BillingMode,
      }),
      StreamSpecification: {
        StreamEnabled: true,
        ...(StreamSpecification as { StreamViewType: 'NEW_AND_OLD_IMAGES' }),
      },
    },
    functions: new Map(
      ofType('AWS::Lambda::Function').map(([logicalId, properties]) => {
        const blueprint = functionBlueprint(logicalId, properties)
        return [blueprint.arn, blueprint]
      }),
    ),
    routes,
    gatewayAnswers: new Map(gatewayAnswers),
    usagePlans,
    streams,
    rules,
  }
}
