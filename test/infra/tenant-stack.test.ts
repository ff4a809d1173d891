import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { App, type Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { OPEN_PATHS, ROUTES } from '../../infra/constructs/api.ts'
import { PUBLISH } from '../../infra/constructs/events.ts'
import { WAKE } from '../../infra/constructs/schedule.ts'
import { TenantStack } from '../../infra/tenant-stack.ts'
import { rules } from '../../lib/events/rules.ts'
import { defaultSettings } from '../../lib/tenant.ts'

interface Statement {
  Action: string | string[]
  Resource: unknown
}

const outdir = mkdtempSync(join(tmpdir(), 'careloop-stack-'))
afterAll(() => rmSync(outdir, { recursive: true }))

const API_FUNCTIONS = [...new Set(ROUTES.map(([, name]) => name))]
const CONSUMERS = [...new Set(rules.map(({ target }) => target))]
const FUNCTIONS = [...API_FUNCTIONS, ...CONSUMERS, PUBLISH, WAKE]

const createStack = (functions: readonly string[]): { app: App; stack: Stack } => {
  writeFileSync(join(outdir, 'index.mjs'), 'export const handler = () => {}')
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false })
  const bundles = new Map(functions.map((name) => [name, outdir]))
  return { app, stack: new TenantStack(app, 'tenant', { settings: defaultSettings, bundles, rules }) }
}

describe('a tenant', () => {
  let template: Template
  beforeAll(() => {
    template = Template.fromStack(createStack(FUNCTIONS).stack)
  })

  const functionId = (name: string): string => {
    const [id, ...more] = Object.keys(
      template.findResources('AWS::Lambda::Function', { Properties: { Description: `functions/${name}.ts` } }),
    )
    expect(more).toEqual([])
    return id ?? `no function ${name}`
  }

  const statementsOf = (name: string): Statement[] => {
    const [handler] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { Description: `functions/${name}.ts` } }),
    )
    const role = handler?.Properties.Role['Fn::GetAtt'][0]
    const policies = template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } })
    return Object.values(policies).flatMap((policy) => policy.Properties.PolicyDocument.Statement as Statement[])
  }
  const actionsOf = (name: string): string[] => statementsOf(name).flatMap(({ Action }) => Action)

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
    template.resourceCountIs('AWS::Logs::LogGroup', FUNCTIONS.length)
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
    const open = methods.filter((method) => !['AWS_IAM', 'CUSTOM'].includes(method.Properties.AuthorizationType))
    const resources = template.findResources('AWS::ApiGateway::Resource')
    // What the secret in the address guards: a calendar program or a guest can say nothing else.
    expect(OPEN_PATHS.filter((path) => !/^\/(calendar|referral)\/\{\w+\}$/.test(path))).toEqual([])
    const parts = open.map((method) => resources[method.Properties.ResourceId.Ref]?.Properties.PathPart)
    expect(parts.sort()).toEqual(OPEN_PATHS.map((path) => path.split('/').at(-1)).sort())
  })

  test('publishes current items only, loses no record and repeats no more than it must', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: functionId(PUBLISH) },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: ['current'] } } } }) }] },
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
    const { app } = createStack([...FUNCTIONS, 'events/forgotten'])
    expect(() => app.synth()).toThrow(/functions\/events\/forgotten\.ts is deployed but nothing invokes it/)
  })

  test('when a rule has no function', () => {
    expect(() => createStack(FUNCTIONS.filter((name) => name !== CONSUMERS[0]))).toThrow(
      new RegExp(`rule .* needs functions/${CONSUMERS[0]}\\.ts`),
    )
  })
})
