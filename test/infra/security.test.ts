import { beforeAll, describe, expect, test } from '@jest/globals'
import { AUTHORIZER } from '../../infra/constructs/authorizer.ts'
import { PUBLISH } from '../../infra/constructs/events.ts'
import { partitionsOf, WRITES } from '../../infra/constructs/permissions.ts'
import { WAKE } from '../../infra/constructs/schedule.ts'
import { matchesLike } from '../support/string-like.ts'
import { API_FUNCTIONS, CONSUMERS, FUNCTIONS, type Statement, TenantTemplate } from './tenant-template.ts'

let tenant: TenantTemplate
beforeAll(() => {
  tenant = new TenantTemplate()
})

const keyOf = (): unknown => ({ 'Fn::GetAtt': [Object.keys(tenant.all('AWS::KMS::Key'))[0], 'Arn'] })

describe('everything that is kept is encrypted with the key of the tenant', () => {
  test('there is one key, which rotates', () => {
    expect(Object.values(tenant.all('AWS::KMS::Key'))).toEqual([expect.objectContaining({ EnableKeyRotation: true })])
  })

  test.each([
    [
      'AWS::DynamoDB::Table',
      (table: Record<string, unknown>) => (table.SSESpecification as { KMSMasterKeyId: unknown }).KMSMasterKeyId,
    ],
    ['AWS::Logs::LogGroup', ({ KmsKeyId }: Record<string, unknown>) => KmsKeyId],
    ['AWS::SQS::Queue', ({ KmsMasterKeyId }: Record<string, unknown>) => KmsMasterKeyId],
    ['AWS::SNS::Topic', ({ KmsMasterKeyId }: Record<string, unknown>) => KmsMasterKeyId],
    ['AWS::Events::EventBus', ({ KmsKeyIdentifier }: Record<string, unknown>) => KmsKeyIdentifier],
    ['AWS::Events::Archive', ({ KmsKeyIdentifier }: Record<string, unknown>) => KmsKeyIdentifier],
    ['AWS::Backup::BackupVault', ({ EncryptionKeyArn }: Record<string, unknown>) => EncryptionKeyArn],
    ['AWS::Lambda::Function', ({ KmsKeyArn }: Record<string, unknown>) => KmsKeyArn],
  ])('%s', (type, keyIn) => {
    const resources = Object.values(tenant.all(type))
    expect(resources).not.toEqual([])
    for (const resource of resources) expect(keyIn(resource)).toEqual(keyOf())
  })

  test('a service may use it for this account, or for what is ours by its encryption context', () => {
    const [key] = Object.values(tenant.all('AWS::KMS::Key')) as { KeyPolicy: { Statement: Statement[] } }[]
    const services = key!.KeyPolicy.Statement.filter(({ Principal }) => 'Service' in (Principal as object))
    expect(services).not.toEqual([])
    for (const { Condition } of services)
      expect(JSON.stringify(Condition)).toMatch(/aws:SourceAccount|kms:EncryptionContext/)
  })

  test('a function may use it through a service only', () => {
    for (const name of FUNCTIONS) {
      const withKey = tenant
        .statementsOf(name)
        .filter(({ Action }) => [Action].flat().some((each) => each.startsWith('kms:')))
      expect(withKey).not.toEqual([])
      for (const { Condition } of withKey) expect(JSON.stringify(Condition)).toContain('kms:ViaService')
    }
  })
})

describe('nothing is reached without TLS', () => {
  test.each(['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'])('%s', (type) => {
    const policies = Object.values(tenant.all(type)) as { PolicyDocument: { Statement: Statement[] } }[]
    expect(policies).not.toEqual([])
    for (const { PolicyDocument } of policies)
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      )
  })

  test('every queue and topic has such a policy', () => {
    const queues = Object.values(tenant.all('AWS::SQS::QueuePolicy')).flatMap(({ Queues }) => Queues as unknown[])
    expect(queues).toEqual(Object.keys(tenant.all('AWS::SQS::Queue')).map((Ref) => ({ Ref })))
    const topics = Object.values(tenant.all('AWS::SNS::TopicPolicy')).flatMap(({ Topics }) => Topics as unknown[])
    expect(topics).toEqual(Object.keys(tenant.all('AWS::SNS::Topic')).map((Ref) => ({ Ref })))
  })

  test('the API takes TLS 1.2 with forward secrecy at least', () => {
    expect(Object.values(tenant.all('AWS::ApiGateway::RestApi'))).toEqual([
      expect.objectContaining({
        SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
        EndpointAccessMode: 'STRICT',
      }),
    ])
  })
})

describe('nothing is public', () => {
  test('no policy of a resource lets in everybody', () => {
    const allowing = Object.values(
      tenant.template.toJSON().Resources as Record<string, { Type: string; Properties?: object }>,
    )
      .flatMap(({ Properties = {} }) =>
        Object.values(Properties).flatMap((value) => (value as { Statement?: Statement[] })?.Statement ?? []),
      )
      .filter(({ Effect }) => Effect === 'Allow')
    expect(allowing.length).toBeGreaterThan(FUNCTIONS.length)
    for (const { Principal } of allowing)
      expect([{ AWS: '*' }, '*']).not.toContainEqual(Principal ?? 'the role that has the policy')
  })

  test('no function has an address of its own, and only our API, rules and nobody else invoke them', () => {
    expect(tenant.all('AWS::Lambda::Url')).toEqual({})
    const principals = Object.values(tenant.all('AWS::Lambda::Permission')).map(({ Principal }) => Principal)
    expect([...new Set(principals)].sort()).toEqual(['apigateway.amazonaws.com', 'events.amazonaws.com'])
    for (const { SourceArn } of Object.values(tenant.all('AWS::Lambda::Permission'))) expect(SourceArn).toBeDefined()
  })
})

describe('a function may do what it is for', () => {
  test('each has a role of its own, which nobody shares', () => {
    const roles = FUNCTIONS.map((name) => tenant.roleId(name))
    expect(new Set(roles).size).toBe(FUNCTIONS.length)
    for (const { Roles } of Object.values(tenant.all('AWS::IAM::Policy'))) expect(Roles).toHaveLength(1)
  })

  test('no role of a function has a policy of AWS, which is for functions of all kinds', () => {
    for (const name of FUNCTIONS) {
      const role = tenant.all('AWS::IAM::Role')[tenant.roleId(name)]
      expect(role).toBeDefined()
      expect(role).not.toHaveProperty('ManagedPolicyArns')
    }
  })

  test('none may do all, nor anything to all; ListStreams knows no resource', () => {
    for (const name of FUNCTIONS)
      for (const { Effect, Action, Resource } of tenant.statementsOf(name)) {
        expect(JSON.stringify(Action)).not.toContain('*')
        if (Effect === 'Allow' && Resource === '*') expect([name, Action]).toEqual([PUBLISH, 'dynamodb:ListStreams'])
        if (Resource !== '*') expect(JSON.stringify(Resource)).not.toContain('*')
      }
  })

  test('each logs to its own log only', () => {
    for (const name of FUNCTIONS) {
      const { LoggingConfig } = tenant.all('AWS::Lambda::Function')[tenant.functionId(name)] as {
        LoggingConfig: { LogGroup: { Ref: string } }
      }
      const logging = tenant
        .statementsOf(name)
        .filter(({ Action }) => [Action].flat().some((each) => each.startsWith('logs:')))
      expect(logging).toEqual([
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [LoggingConfig.LogGroup.Ref, 'Arn'] },
        },
      ])
    }
  })

  const writesOf = (name: string) =>
    tenant
      .statementsOf(name)
      .filter(
        ({ Effect, Action }) =>
          Effect === 'Allow' && [Action].flat().some((each) => /^dynamodb:(Put|Delete|BatchW)/.test(each)),
      )
  const patternsOf = (name: string): string[] =>
    writesOf(name).flatMap(({ Condition }) =>
      [Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']].flat().map(String),
    )

  const narrow = [...API_FUNCTIONS, ...CONSUMERS].filter((name) => WRITES[name] !== 'any')

  test.each(narrow)('%s writes resources of its types only', (name) => {
    const patterns = patternsOf(name)
    const mayWrite = (pk: string) => patterns.some((pattern) => matchesLike(pattern, pk))
    for (const type of WRITES[name]!)
      for (const pk of [`${type}/1`, `${type}?owner=Practitioner/7`, `${type}!0`])
        expect([pk, mayWrite(pk)]).toEqual([pk, true])
    for (const pk of ['Patient/1', 'Consent/1', 'Practitioner?name=x', 'PlanDefinition!1', 'Tasks/1'])
      expect([pk, mayWrite(pk)]).toEqual([pk, false])
    expect(mayWrite('Patient/1?')).toBe(true)
  })

  test('the clocks write current items, claims and transactions: no log and no secret', () => {
    const mayWrite = (pk: string) => patternsOf(WAKE).some((pattern) => matchesLike(pattern, pk))
    expect(['Task/1', 'Task?identifier=a', 'tx#1'].map(mayWrite)).toEqual([true, true, true])
    expect(['Task!0', '!settings'].map(mayWrite)).toEqual([false, false])
  })

  test('the publisher and the authorizer write nothing', () => {
    for (const name of [PUBLISH, AUTHORIZER]) expect(writesOf(name)).toEqual([])
  })

  test('nobody who writes can erase an audit: not in a batch, nor, if it begins no transactions of its own, by itself', () => {
    for (const name of [...API_FUNCTIONS, ...CONSUMERS]) {
      const denied = tenant.statementsOf(name).filter(({ Effect }) => Effect === 'Deny')
      expect(denied).toEqual([
        expect.objectContaining({
          Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AuditEvent/*'] } },
        }),
      ])
      const actions = denied.flatMap(({ Action }) => Action)
      expect(actions).toContain('dynamodb:BatchWriteItem')
      expect(actions.includes('dynamodb:DeleteItem')).toBe(WRITES[name] !== 'any')
    }
  })

  test('every function that writes has a say in permissions.ts, and nothing else has', () => {
    expect(Object.keys(WRITES).sort()).toEqual([...API_FUNCTIONS, ...CONSUMERS].sort())
  })

  test('a question mark in a pattern is one, and stands for nothing else', () => {
    const [, values] = partitionsOf(['Task'])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so IAM escapes it
    expect(values).toBe('Task${?}*')
    expect([matchesLike(values!, 'Task?a'), matchesLike(values!, 'TaskXa')]).toEqual([true, false])
  })
})

describe('the door', () => {
  test('ACCESS, which opens it, is never set', () => {
    for (const { Environment } of Object.values(tenant.all('AWS::Lambda::Function')))
      expect(Object.keys((Environment as { Variables: object }).Variables)).not.toContain('ACCESS')
  })

  test('a firewall stands before the stage: AWS rules, and a limit for each address', () => {
    const [acl] = Object.values(tenant.all('AWS::WAFv2::WebACL')) as {
      Rules: { Name: string; Statement: object; Action?: object }[]
    }[]
    expect(acl!.Rules.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'RequestsPerAddress',
    ])
    expect(acl!.Rules[2]).toMatchObject({ Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 30_000 } } })
    const [association] = Object.values(tenant.all('AWS::WAFv2::WebACLAssociation'))
    const [stage] = Object.keys(tenant.all('AWS::ApiGateway::Stage'))
    expect(JSON.stringify(association!.ResourceArn)).toContain(stage)
  })

  test('lets Bundles through that are larger than common bodies', () => {
    const [acl] = Object.values(tenant.all('AWS::WAFv2::WebACL')) as {
      Rules: { Statement: { ManagedRuleGroupStatement: { RuleActionOverrides: unknown[] } } }[]
    }[]
    expect(acl!.Rules[0]!.Statement.ManagedRuleGroupStatement.RuleActionOverrides).toContainEqual({
      Name: 'SizeRestrictions_BODY',
      ActionToUse: { Count: {} },
    })
  })

  test('is throttled', () => {
    const [stage] = Object.values(tenant.all('AWS::ApiGateway::Stage')) as { MethodSettings: object[] }[]
    expect(stage!.MethodSettings).toEqual([
      expect.objectContaining({
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 100,
        ThrottlingBurstLimit: 200,
      }),
    ])
  })
})

describe('no log holds what is known of a patient', () => {
  test('the access log has no path, query, header, address or user', () => {
    const [stage] = Object.values(tenant.all('AWS::ApiGateway::Stage')) as {
      AccessLogSetting: { Format: string; DestinationArn: unknown }
    }[]
    const { Format, DestinationArn } = stage!.AccessLogSetting
    expect(DestinationArn).toBeDefined()
    expect([...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, field]) => field)).toEqual([
      'requestId',
      'requestTimeEpoch',
      'httpMethod',
      'resourcePath',
      'status',
      'responseLength',
      'responseLatency',
      'integrationLatency',
      'authorizer.status',
      'waf.status',
      'error.responseType',
      'tlsVersion',
    ])
  })

  test('the firewall logs what it refuses without path, query and tokens, and keeps no samples', () => {
    const [logging] = Object.values(tenant.all('AWS::WAFv2::LoggingConfiguration')) as {
      RedactedFields: object[]
      LoggingFilter: { DefaultBehavior: string }
    }[]
    expect(logging!.LoggingFilter.DefaultBehavior).toBe('DROP')
    expect(logging!.RedactedFields).toEqual(
      expect.arrayContaining([{ UriPath: {} }, { QueryString: {} }, { SingleHeader: { Name: 'authorization' } }]),
    )
    expect(JSON.stringify(tenant.all('AWS::WAFv2::WebACL'))).not.toContain('"SampledRequestsEnabled":true')
  })

  test('nothing is traced', () => {
    expect(JSON.stringify(tenant.template.toJSON())).not.toMatch(/"TracingEnabled":true|"Mode":"Active"/)
  })

  test('every log expires', () => {
    for (const { RetentionInDays } of Object.values(tenant.all('AWS::Logs::LogGroup')))
      expect(RetentionInDays).toBe(365)
  })
})

describe('nothing is lost', () => {
  test('stack, table and key are protected, and what is kept outlives the stack', () => {
    const [table] = Object.values(tenant.all('AWS::DynamoDB::Table'))
    expect(table).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    })
    const resources = Object.values(
      tenant.template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>,
    )
    const kept = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::Backup::BackupVault']
    for (const { Type, DeletionPolicy } of resources)
      if (kept.includes(Type)) expect([Type, DeletionPolicy]).toEqual([Type, 'Retain'])
  })

  test('the table is backed up each day and each year, and nobody deletes a backup', () => {
    const [plan] = Object.values(tenant.all('AWS::Backup::BackupPlan')) as {
      BackupPlan: { BackupPlanRule: { RuleName: string; Lifecycle: { DeleteAfterDays: number } }[] }
    }[]
    const rules = plan!.BackupPlan.BackupPlanRule
    expect(rules.map(({ RuleName, Lifecycle }) => [RuleName, Lifecycle.DeleteAfterDays])).toEqual([
      ['weekly', 35],
      ['yearly', 3_660],
    ])
    const [vault] = Object.values(tenant.all('AWS::Backup::BackupVault'))
    expect(JSON.stringify(vault!.AccessPolicy)).toContain('"Effect":"Deny"')
    expect(JSON.stringify(tenant.all('AWS::Backup::BackupSelection'))).toContain(
      Object.keys(tenant.all('AWS::DynamoDB::Table'))[0],
    )
  })

  test('every asynchronous path ends in a queue: stream, bus, rules, invocations', () => {
    const queues = Object.keys(tenant.all('AWS::SQS::Queue'))
    const isQueue = (value: unknown) => queues.some((queue) => JSON.stringify(value ?? '').includes(queue))
    for (const { DestinationConfig } of Object.values(tenant.all('AWS::Lambda::EventSourceMapping')))
      expect(isQueue(DestinationConfig)).toBe(true)
    for (const { DeadLetterConfig } of Object.values(tenant.all('AWS::Events::EventBus')))
      expect(isQueue(DeadLetterConfig)).toBe(true)
    for (const { Targets } of Object.values(tenant.all('AWS::Events::Rule')))
      for (const { DeadLetterConfig } of Targets as { DeadLetterConfig?: unknown }[])
        expect(isQueue(DeadLetterConfig)).toBe(true)
    for (const name of [...CONSUMERS, WAKE]) {
      const { DestinationConfig } = Object.values(tenant.all('AWS::Lambda::EventInvokeConfig')).find(
        ({ FunctionName }) => (FunctionName as { Ref: string }).Ref === tenant.functionId(name),
      )!
      expect(isQueue(DestinationConfig)).toBe(true)
    }
  })
})

test('all that can be is tagged with the tenant', () => {
  const taggable = [
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'AWS::SQS::Queue',
  ]
  for (const type of [...taggable, 'AWS::SNS::Topic', 'AWS::ApiGateway::Stage', 'AWS::IAM::Role', 'AWS::Events::Rule'])
    for (const { Tags } of Object.values(tenant.all(type)))
      expect([type, Tags]).toEqual([type, expect.arrayContaining([{ Key: 'careloop:tenant', Value: 'local' }])])
})
