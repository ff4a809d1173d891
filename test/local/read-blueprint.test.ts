import { describe, expect, test } from '@jest/globals'
import { readBlueprint } from '../../local/read-blueprint.ts'
import type { TemplateResource } from '../../local/synthesize.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:Task'

const resources: Record<string, TemplateResource> = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      DeletionProtectionEnabled: true,
    },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: {} },
  Task: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Description: 'functions/task.ts',
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Timeout: 29,
      MemorySize: 1024,
      Environment: { Variables: { TABLE_NAME: { Ref: 'Table' }, BUS_NAME: { Ref: 'Bus' } } },
    },
  },
  TaskAsync: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Task' }, MaximumRetryAttempts: 1 },
  },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
  Fhir: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: { ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: 'fhir' },
  },
  Rest: { Type: 'AWS::ApiGateway::Resource', Properties: { ParentId: { Ref: 'Fhir' }, PathPart: '{proxy+}' } },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      HttpMethod: 'ANY',
      ResourceId: { Ref: 'Rest' },
      Integration: {
        Type: 'AWS_PROXY',
        Uri: {
          'Fn::Join': [
            '',
            [
              'arn:aws:apigateway:',
              { Ref: 'AWS::Region' },
              ':lambda:path/2015-03-31/functions/',
              { 'Fn::GetAtt': ['Task', 'Arn'] },
              '/invocations',
            ],
          ],
        },
      },
    },
  },
  NotFound: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
      StatusCode: '404',
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/fhir+json'" },
      ResponseTemplates: { 'application/json': '{}' },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'Task' },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      MaximumRetryAttempts: 3,
      BisectBatchOnFunctionError: true,
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description: 'task-overdue',
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['careloop'] },
      Targets: [{ Arn: { 'Fn::GetAtt': ['Task', 'Arn'] } }],
    },
  },
  Minute: {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [{ Arn: { 'Fn::GetAtt': ['Task', 'Arn'] } }] },
  },
}

const read = (changes: Record<string, TemplateResource> = {}) =>
  readBlueprint(
    {
      template: { Resources: { ...resources, ...changes } },
      assets: new Map([['abc.zip', '/assets/abc']]),
      dispose: () => undefined,
    },
    'local-table',
  )

describe('readBlueprint', () => {
  test('gives the table under its local name, with what matters locally', () => {
    expect(read().table).toEqual({
      TableName: 'local-table',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    })
  })

  test('gives each function its file and its resolved environment', () => {
    expect(read().functions.get(FUNCTION)).toEqual({
      arn: FUNCTION,
      name: 'functions/task.ts',
      file: '/assets/abc/index.mjs',
      handler: 'handler',
      environment: { TABLE_NAME: 'local-table', BUS_NAME: 'Bus' },
      memorySize: 1024,
      timeoutSeconds: 29,
      asyncRetries: 1,
    })
  })

  test('gives routes, answers of the gateway, stream and rules', () => {
    const { routes, gatewayAnswers, streams, rules } = read()
    expect(routes).toEqual([{ path: '/fhir/{proxy+}', method: 'ANY', functionArn: FUNCTION }])
    expect(gatewayAnswers.get('MISSING_AUTHENTICATION_TOKEN')).toEqual({
      status: 404,
      headers: { 'Content-Type': 'application/fhir+json' },
      body: '{}',
    })
    expect(streams).toEqual([
      { functionArn: FUNCTION, filters: [{ eventName: ['INSERT'] }], batchSize: 100, retries: 3, bisect: true },
    ])
    expect(rules).toMatchObject([
      { name: 'task-overdue', bus: 'Bus', pattern: { source: ['careloop'] }, functionArns: [FUNCTION] },
      { name: 'Minute', bus: undefined, pattern: undefined, schedule: 'rate(1 minute)', functionArns: [FUNCTION] },
    ])
  })

  test.each<[string, Record<string, TemplateResource>, RegExp]>([
    [
      'code that is no asset',
      {
        Task: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'other.zip' }, Handler: 'index.handler' } },
      },
      /other\.zip.*not among the assets/,
    ],
    ['a second table', { Second: { Type: 'AWS::DynamoDB::Table', Properties: {} } }, /one table.*found 2/],
    [
      'an environment it cannot resolve',
      {
        Task: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Key: 'abc.zip' },
            Handler: 'index.handler',
            Environment: { Variables: { X: { 'Fn::ImportValue': 'x' } } },
          },
        },
      },
      /Fn::ImportValue/,
    ],
  ])('refuses %s', (_what, changes, message) => {
    expect(() => read(changes)).toThrow(message)
  })
})
