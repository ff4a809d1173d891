import { CreateTableCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, DynamoDBRecord } from 'aws-lambda'
import type { Task } from 'fhir/r4'
import { rules } from '../../lib/events/rules.ts'
import {
  type AsyncInvocation,
  type AsyncInvocations,
  createAsyncInvocations,
  type DeadLetter,
} from '../../local/async-invocations.ts'
import type { Blueprint, FunctionBlueprint } from '../../local/blueprint.ts'
import { type EventBus, startEventBus } from '../../local/event-bus.ts'
import { readBlueprint } from '../../local/read-blueprint.ts'
import { type SynthesizedStack, synthesize } from '../../local/synthesize.ts'
import { proxyEventOf, steppingClock } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'
import { testClient } from '../support/tables.ts'
import { cloudAssembly } from './cloud-assembly.ts'
import { createLambdaHost, type LambdaHost } from './lambda-host.ts'

const TENANT = 'example-hospital'
const NOWHERE = 'http://127.0.0.1:9'

let assembly: SynthesizedStack
let blueprint: Blueprint
let bus: EventBus
let host: LambdaHost
const published: AsyncInvocation[] = []

const functionOf = (name: string): FunctionBlueprint =>
  [...blueprint.functions.values()].find((one) => one.name === `functions/${name}.ts`)!

/** What API Gateway makes of a request that the authorizer let through. */
const request = (method: string, path: string, body?: unknown): APIGatewayProxyEvent => {
  const event = proxyEventOf(method, `/fhir${path}`, '', body, {})
  const authorizer = { clientId: 'test', scope: 'system/*.cruds', principalId: 'test' }
  return { ...event, requestContext: { ...event.requestContext, authorizer } }
}

const ask = async (name: string, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  (await host.invoke(functionOf(name).arn, event)) as APIGatewayProxyResult

beforeAll(async () => {
  assembly = cloudAssembly(TENANT)
  blueprint = readBlueprint(assembly, `artifact-${process.pid}`)
  const client = testClient()
  await client.send(new CreateTableCommand(blueprint.table))
  client.destroy()
  const invocations: AsyncInvocations = {
    enqueue: (invocation) => void published.push(invocation),
    count: 0,
    settled: async () => undefined,
    idle: async () => undefined,
    stop: async () => undefined,
  }
  bus = await startEventBus({ blueprint, invocations: () => invocations, clock: steppingClock() })
  host = createLambdaHost(blueprint.functions, {
    dynamodb: process.env.CARELOOP_DYNAMODB_ENDPOINT!,
    eventbridge: bus.endpoint,
  })
}, 300_000)

afterAll(async () => {
  await host?.dispose()
  await bus?.stop()
  assembly?.dispose()
})

const codeOf = ({ template }: SynthesizedStack): Record<string, string> =>
  Object.fromEntries(
    Object.values(template.Resources).flatMap(({ Type, Properties = {} }) =>
      Type === 'AWS::Lambda::Function'
        ? [[Properties.Description as string, (Properties.Code as { S3Key: string }).S3Key]]
        : [],
    ),
  )

test('the one-machine runtime runs the very bytes that are deployed', async () => {
  const { readTenantFile, tenantFile } = await import('../../infra/tenants.ts')
  const local = await synthesize({ ...readTenantFile(tenantFile(TENANT)), rules })
  // An asset is named by the digest of what it holds.
  expect(codeOf(local)).toEqual(codeOf(assembly))
  local.dispose()
}, 300_000)

describe('in an execution environment of Lambda', () => {
  test('every function starts with the variables of the template alone', async () => {
    for (const { arn } of blueprint.functions.values()) await host.start(arn)
  }, 120_000)

  test('a function whose variables are missing says so when it is loaded', async () => {
    const alone = createLambdaHost(blueprint.functions, { dynamodb: NOWHERE, eventbridge: NOWHERE })
    const { TABLE_NAME: _, ...variables } = functionOf('task').environment
    await expect(alone.start(functionOf('task').arn, variables)).rejects.toThrow('TABLE_NAME')
    alone.dispose()
  })

  test('a request creates and another reads', async () => {
    const created = await ask('task', request('POST', '/Task', exampleTask({ description: 'Call' })))
    expect(created).toMatchObject({ statusCode: 201 })
    const { id } = JSON.parse(created.body) as Task
    const read = await ask('task', request('GET', `/Task/${id}`))
    expect([read.statusCode, JSON.parse(read.body)]).toEqual([200, JSON.parse(created.body)])
    const found = await ask('system', request('GET', '/metadata'))
    expect(JSON.parse(found.body)).toMatchObject({ resourceType: 'CapabilityStatement' })
  })

  test('of a batch of the stream only the record that cannot be read is given back', async () => {
    const record = (id: string, body: object): DynamoDBRecord => ({
      eventID: id,
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        SequenceNumber: `10${id}`,
        Keys: { pk: { S: `Task/${id}` }, sk: { S: 'current' } },
        NewImage: {
          pk: { S: `Task/${id}` },
          sk: { S: 'current' },
          v: { N: '1' },
          updated: { S: '2026-01-05T12:00:00.000Z' },
          method: { S: 'POST' },
          asserted: { M: {} },
          ...body,
        },
      },
    })
    const task = { body: { S: JSON.stringify({ resourceType: 'Task', status: 'completed', intent: 'order' }) } }
    const poison = { z: { B: Buffer.from('not deflated').toString('base64') } }
    const publish = functionOf('stream/publish')
    const mapping = Object.values(assembly.template.Resources).find(
      ({ Type }) => Type === 'AWS::Lambda::EventSourceMapping',
    )!
    // Without it Lambda would take the answer below for success and lose the record.
    expect(mapping.Properties!.FunctionResponseTypes).toEqual(['ReportBatchItemFailures'])

    const Records = [record('1', task), record('2', poison), record('3', task)]
    expect(await host.invoke(publish.arn, { Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] })
    const references = published.map(({ event }) => (event as { detail: { reference: string } }).detail.reference)
    expect(references).toContain('Task/1')
    expect(references).not.toContain('Task/2')
  })

  test('an event that cannot be processed is tried as often as the template says and then put with the dead letters', async () => {
    const { arn, asyncRetries } = functionOf('events/task-overdue')
    const logicalId = arn.split(':').at(-1)
    const config = Object.values(assembly.template.Resources).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventInvokeConfig' && (Properties!.FunctionName as { Ref: string }).Ref === logicalId,
    )!.Properties as {
      MaximumRetryAttempts: number
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [string, string] } } }
    }
    const [queue] = config.DestinationConfig.OnFailure.Destination['Fn::GetAtt']
    expect(assembly.template.Resources[queue]!.Type).toBe('AWS::SQS::Queue')
    expect(asyncRetries).toBe(config.MaximumRetryAttempts)

    const alone = createLambdaHost(blueprint.functions, { dynamodb: NOWHERE, eventbridge: NOWHERE })
    const deadLetters: DeadLetter[] = []
    const queueOf = createAsyncInvocations({ host: alone, onDeadLetter: (letter) => void deadLetters.push(letter) })
    const detail = { tenant: TENANT, reference: 'Task/1', version: 1, at: '2026-01-05T12:00:00.000Z' }
    const event = { 'detail-type': 'task-overdue', source: 'careloop', detail }
    queueOf.enqueue({ functionArn: arn, event, about: 'task-overdue', retries: asyncRetries })
    await queueOf.idle()
    expect(deadLetters).toEqual([
      {
        function: 'functions/events/task-overdue.ts',
        event: 'task-overdue',
        attempts: config.MaximumRetryAttempts + 1,
        error: expect.stringContaining('ConsumerFailed'),
      },
    ])
    alone.dispose()
  }, 60_000)
})
