import { beforeAll, describe, expect, test } from '@jest/globals'
import { Match, type Template } from 'aws-cdk-lib/assertions'
import { ROUTES } from '../../infra/constructs/api.ts'
import { AUTHORIZER, OPEN_PATHS } from '../../infra/constructs/authorizer.ts'
import { PUBLISH } from '../../infra/constructs/events.ts'
import { WAKE } from '../../infra/constructs/schedule.ts'
import { rules } from '../../lib/events/rules.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { API_FUNCTIONS, CONSUMERS, createStack, FUNCTIONS, type Statement, TenantTemplate } from './tenant-template.ts'

describe('a tenant', () => {
  let tenant: TenantTemplate
  let template: Template
  beforeAll(() => {
    tenant = new TenantTemplate()
    template = tenant.template
  })
  const functionId = (name: string): string => tenant.functionId(name)
  const statementsOf = (name: string): Statement[] => tenant.statementsOf(name)
  const actionsOf = (name: string): string[] => tenant.actionsOf(name)

  test('has one table: string keys, on-demand, streamed, recoverable, protected, under its own rotating key', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 1)
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk', 'wake', 'wakeAt'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'wake',
            KeySchema: [
              { AttributeName: 'wake', KeyType: 'HASH' },
              { AttributeName: 'wakeAt', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
      },
    })
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } })
  })

  test('has one function for each bundle, with its settings and a log group that expires and is encrypted', () => {
    template.resourceCountIs('AWS::Lambda::Function', FUNCTIONS.length)
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Environment: {
        Variables: { TABLE_NAME: { Ref: Match.stringLikeRegexp('Table') }, TENANT: JSON.stringify(defaultSettings) },
      },
      LoggingConfig: { LogGroup: Match.anyValue() },
    })
    // And one each of the API and its firewall.
    template.resourceCountIs('AWS::Logs::LogGroup', FUNCTIONS.length + 2)
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365, KmsKeyId: Match.anyValue() })
  })

  test('tells the name of the bus to the publisher alone', () => {
    const told = Object.values(template.findResources('AWS::Lambda::Function'))
      .filter((handler) => 'BUS_NAME' in handler.Properties.Environment.Variables)
      .map((handler) => handler.Properties.Description)
    expect(told).toEqual(['functions/stream/publish.ts'])
  })

  test('lets nobody call anonymously', () => {
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'))
    expect(methods).toHaveLength(ROUTES.length)
    const open = methods.filter((method) => method.Properties.AuthorizationType !== 'CUSTOM')
    const resources = template.findResources('AWS::ApiGateway::Resource')
    // What the secret in the address guards: a calendar program or a guest can say nothing else. And what says how to get a token.
    expect(OPEN_PATHS.filter((path) => !/^\/(calendar|referral)\/\{\w+\}$/.test(path))).toEqual([
      '/fhir/metadata',
      '/fhir/openapi.json',
      '/fhir/.well-known/{proxy+}',
    ])
    const parts = open.map((method) => resources[method.Properties.ResourceId.Ref]?.Properties.PathPart)
    expect(parts.sort()).toEqual(OPEN_PATHS.map((path) => path.split('/').at(-1)).sort())
    const [authorizer, ...others] = Object.keys(template.findResources('AWS::ApiGateway::Authorizer'))
    expect(others).toEqual([])
    const guarded = methods.filter((method) => !open.includes(method))
    expect(guarded.map((method) => method.Properties.AuthorizerId)).toEqual(guarded.map(() => ({ Ref: authorizer })))
  })

  test('asks who calls by the Authorization header, remembers it for a minute at most, and lets the authorizer touch nothing', () => {
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    })
    expect(actionsOf(AUTHORIZER).filter((action) => !action.startsWith('logs:'))).toEqual(['kms:Decrypt'])
    // Without it nobody is trusted; with it, everybody.
    expect(JSON.stringify(template.toJSON())).not.toContain('"ACCESS"')
  })

  test('says of a missing or invalid token that it is, in FHIR and in HTTP', () => {
    for (const [ResponseType, StatusCode] of [
      ['UNAUTHORIZED', '401'],
      ['ACCESS_DENIED', '401'],
    ])
      template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        StatusCode,
        ResponseParameters: {
          'gatewayresponse.header.Content-Type': "'application/fhir+json'",
          'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="careloop", error="invalid_token"'`,
        },
      })
  })

  test('publishes current items only, loses no record and repeats no more than it must', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: functionId(PUBLISH) },
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              dynamodb: { Keys: { sk: { S: ['current'] } }, NewImage: { record: { BOOL: [{ exists: false }] } } },
            }),
          },
        ],
      },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumBatchingWindowInSeconds: 0,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    })
  })

  test('has the rules of lib/events, each to its function', () => {
    const deployed = Object.values(template.findResources('AWS::Events::Rule')).filter(
      (rule) => rule.Properties.EventPattern,
    )
    expect(deployed).toHaveLength(rules.length)
    for (const rule of rules)
      template.hasResourceProperties('AWS::Events::Rule', {
        EventBusName: Match.anyValue(),
        EventPattern: Match.exact(rule.pattern),
        Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [functionId(rule.target), 'Arn'] } })],
      })
  })

  test('wakes the care clocks each minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [functionId(WAKE), 'Arn'] } })],
    })
  })

  test('keeps what cannot be delivered or processed', () => {
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: Match.anyValue() })],
    })
    for (const name of [...CONSUMERS, WAKE])
      template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: functionId(name) },
        DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      })
    template.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 365 })
  })

  test('grants no function a wildcard action', () => {
    for (const name of FUNCTIONS) {
      expect(actionsOf(name)).not.toEqual([])
      expect(actionsOf(name).filter((action) => action.includes('*'))).toEqual([])
    }
  })

  test.each([...API_FUNCTIONS, ...CONSUMERS])('lets %s read and write the table', (name) => {
    expect(actionsOf(name)).toEqual(
      expect.arrayContaining([
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ]),
    )
    expect(actionsOf(name)).not.toContain('events:PutEvents')
  })

  test('lets the publisher read the stream and put events, and not touch the table', () => {
    expect(actionsOf(PUBLISH)).toEqual(expect.arrayContaining(['dynamodb:GetRecords', 'events:PutEvents']))
    expect(actionsOf(PUBLISH)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^dynamodb:(Put|Batch|Query|GetItem)/)]),
    )
  })

  test('lets the waker query the wake index alone', () => {
    const query = statementsOf(WAKE).filter(({ Action }) => [Action].flat().includes('dynamodb:Query'))
    expect(query).toHaveLength(1)
    expect(JSON.stringify(query)).toContain('/index/wake')
    expect(actionsOf(WAKE)).toEqual(expect.arrayContaining(['dynamodb:BatchGetItem', 'dynamodb:DeleteItem']))
    expect(actionsOf(WAKE)).not.toContain('dynamodb:BatchWriteItem')
  })

  test('never scans', () => {
    for (const name of FUNCTIONS) expect(actionsOf(name)).not.toContain('dynamodb:Scan')
  })

  test('takes nothing from another stack', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue')
  })
})

describe('synthesis is refused', () => {
  test('when nothing would invoke a function', () => {
    const { app } = createStack({}, [...FUNCTIONS, 'events/forgotten'])
    expect(() => app.synth()).toThrow(/functions\/events\/forgotten\.ts is deployed but nothing invokes it/)
  })

  test('when a rule has no function', () => {
    expect(() =>
      createStack(
        {},
        FUNCTIONS.filter((name) => name !== CONSUMERS[0]),
      ),
    ).toThrow(new RegExp(`rule .* needs functions/${CONSUMERS[0]}\\.ts`))
  })
})
