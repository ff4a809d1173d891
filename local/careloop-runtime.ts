import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { RuleDeclaration } from '../infra/constructs/events.ts'
import { stackNameOf } from '../infra/tenant-stack.ts'
import { readTenant, TENANTS_DIRECTORY, tenantIds } from '../infra/tenants.ts'
import { clientSettings } from '../lib/client-settings.ts'
import { type Clock, installHostClock, systemClock } from '../lib/clock.ts'
import type { Instant } from '../lib/fhir.ts'
import type { AuthSettings, TenantSettings } from '../lib/tenant.ts'
import { type OwnEndpoint, startApiGateway } from './api-gateway.ts'
import { type AsyncInvocations, createAsyncInvocations, type DeadLetter } from './async-invocations.ts'
import { startBatchWrites } from './batch-writes.ts'
import type { Blueprint, FunctionBlueprint } from './blueprint.ts'
import { fileCheckpoints, memoryCheckpoints } from './checkpoints.ts'
import { clockEndpoint } from './clock-endpoint.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { createNextDue } from './due-items.ts'
import { startDynamoDbLocal } from './dynamodb-local.ts'
import { startEventBus } from './event-bus.ts'
import { type Invocation, loadFunctions } from './function-host.ts'
import { REGION } from './intrinsics.ts'
import { createDevelopmentIssuer, developmentAuth, ISSUER_PATH } from './issuer/issuer.ts'
import { openIssuerFolder } from './issuer/issuer-folder.ts'
import { NoToken, requestToken } from './issuer/request-token.ts'
import type { TokenRequest } from './issuer/token-request.ts'
import { createMinuteRule, everyMinute } from './minute-rule.ts'
import { readBlueprint } from './read-blueprint.ts'
import { createSimulatedClock, type SimulatedClockParts } from './simulated-clock.ts'
import { createStreamDelivery } from './stream-delivery.ts'
import { type PerClient, type SynthesizedStack, synthesize } from './synthesize.ts'
import { ensureTable } from './table.ts'
import { pollTableStream, type TableStream } from './table-stream.ts'

export interface RuntimeOptions {
  /** Of the loopback interface; 0 takes a free one. @default 3000 */
  port?: number
  /** Keep nothing. @default false */
  inMemory?: boolean
  /** Where data is kept. @default `.careloop` in the working directory */
  dataDirectory?: string
  /** Start a simulated clock, which stands still until it is moved. @default the machine's clock */
  clock?: Instant
  /** @default `local` */
  tenant?: string
  /** Ask nobody for a token, and believe who clients say they are. @default false */
  open?: boolean
  /** A DynamoDB that is running already. @default CARELOOP_DYNAMODB_ENDPOINT, else a DynamoDB Local is started */
  dynamodbEndpoint?: string
  /** @default standard error */
  log?: (line: string) => void
  /** A stack that is synthesized already; whoever made it disposes of it. @default it is synthesized */
  stack?: SynthesizedStack
  /** @default `functions` */
  functionsDirectory?: string
  /** What one client may ask for. @default as much as can be set */
  perClient?: PerClient
  /** @default those of lib/events/rules.ts */
  rules?: readonly RuleDeclaration[]
  /** Told of each run of a function when it is over. */
  onInvocation?: (invocation: Invocation) => void
}

/** The service of one tenant, running in this process. */
export interface Runtime {
  /** Base URL of the FHIR API. */
  baseUrl: string
  settings: TenantSettings
  /** What is kept where, for people. */
  data: string
  clock: Clock
  /** What could not be processed after all retries. */
  deadLetters: readonly DeadLetter[]
  /** A token of the development issuer. @throws NoToken, also where none is asked for */
  token(request: TokenRequest): Promise<string>
  /** Resolves when stream, bus and consumers have nothing left to do. */
  drain(): Promise<void>
  /** Moves a simulated clock through every minute in which something happens. @throws Error without one */
  moveClock(to: Instant): Promise<void>
  /** Leaves nothing running. What was not yet processed is at the next start, when data is kept. */
  stop(): Promise<void>
}

/** A tenant that has no settings. */
export class UnknownTenant extends Error {
  constructor(id: string) {
    super(`There is no tenant "${id}". Known: ${tenantIds().join(', ')} (infra/tenants/<id>.json).`)
    this.name = 'UnknownTenant'
  }
}

const settingsOf = (tenant: string): TenantSettings => {
  if (!tenantIds().includes(tenant)) throw new UnknownTenant(tenant)
  return readTenant(join(TENANTS_DIRECTORY, `${tenant}.json`))
}

/**
 * Runs the functions of a tenant's stack on this machine: table, routes, rules and environment are read from the synthesized
 * template, the code from the bundles that would be deployed.
 * @throws PortTaken, DataInUse, JavaMissing, UnknownTenant, InvalidTenant
 */
export const startRuntime = async (options: RuntimeOptions = {}): Promise<Runtime> => {
  const { port = 3000, inMemory = false, open = false, tenant = 'local', log = console.error } = options
  const ofTenant = settingsOf(tenant)
  const rules = options.rules ?? (await import('../lib/events/rules.ts')).rules
  const name = `${stackNameOf(tenant)}${options.clock ? '-simulated' : ''}`
  const endpoint = options.dynamodbEndpoint ?? process.env.CARELOOP_DYNAMODB_ENDPOINT

  const running = new AsyncDisposableStack()
  try {
    const gateway = await startApiGateway(port)
    running.defer(() => gateway.stop())
    const origin = `http://localhost:${gateway.port}`
    const settings = trusting(ofTenant, open ? undefined : developmentAuth(origin))

    // Simulated and real time do not share data: what was written in a simulated future would be ahead of everything.
    const folder = inMemory ? undefined : openDataFolder(join(options.dataDirectory ?? '.careloop', name))
    running.defer(async () => folder?.release())
    const issuerFolder = open ? undefined : openIssuerFolder(folder?.issuer)
    running.defer(async () => issuerFolder?.release())
    const dynamodbStarting = endpoint
      ? undefined
      : startDynamoDbLocal({ inMemory, directory: folder?.database, longLived: true })
    dynamodbStarting?.catch(() => undefined)
    running.defer(async () => (await dynamodbStarting?.catch(() => undefined))?.stop())

    // In the time that DynamoDB Local needs to start.
    const stack =
      options.stack ??
      (await synthesize({
        settings,
        rules,
        functionsDirectory: options.functionsDirectory,
        perClient: options.perClient,
      }))
    if (!options.stack) running.defer(async () => stack.dispose())
    const tableName = inMemory && endpoint ? `${name}-${randomUUID()}` : name
    const blueprint = readBlueprint(stack, tableName)

    const dynamodb = endpoint ?? (await dynamodbStarting)?.endpoint ?? ''
    const access = {
      endpoint: dynamodb,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      ...clientSettings(true),
    }
    const client = new DynamoDBClient(access)
    const { streamArn } = await ensureTable(client, blueprint.table)
    if (inMemory && endpoint)
      running.defer(async () => void (await client.send(new DeleteTableCommand({ TableName: tableName }))))

    const parts = (): SimulatedClockParts => ({ nextDue: createNextDue(client, tableName), tick, drain })
    const simulated = options.clock === undefined ? undefined : createSimulatedClock(options.clock, parts)
    const clock = simulated ?? systemClock
    installHostClock(clock)
    running.defer(async () => installHostClock(systemClock))

    const deadLetters: DeadLetter[] = []
    const onDeadLetter = (letter: DeadLetter): void => {
      deadLetters.push(letter)
      log(`Gave up after ${letter.attempts} attempts: ${letter.function}, ${letter.event}: ${letter.error}`)
    }
    const bus = await startEventBus({ blueprint, invocations: () => invocations, clock })
    running.defer(() => bus.stop())
    const batchWrites = folder && !endpoint ? await startBatchWrites(dynamodb) : undefined
    running.defer(async () => batchWrites?.stop())
    const host = await loadFunctions({
      functions: open ? openFunctions(blueprint) : blueprint.functions.values(),
      endpoints: { dynamodb: batchWrites?.endpoint ?? dynamodb, eventbridge: bus.endpoint },
      onInvocation(invocation) {
        if (!isRead(invocation)) stream.hint()
        options.onInvocation?.(invocation)
      },
    })
    running.defer(async () => host.dispose())
    const invocations: AsyncInvocations = createAsyncInvocations({ host, onDeadLetter })
    running.defer(() => invocations.stop())

    const stopping = new AbortController()
    const [mapping, ...otherMappings] = blueprint.streams
    if (!mapping || otherMappings.length) throw new Error('expected one function on the stream of the table')
    const deliver = createStreamDelivery({ mapping, host, onDeadLetter, signal: stopping.signal })
    const stream: TableStream = pollTableStream({
      client: new DynamoDBStreamsClient(access),
      streamArn,
      checkpoints: folder ? fileCheckpoints(folder.checkpoints, streamArn) : memoryCheckpoints(),
      deliver,
      // A bus that lives in memory may not hold what the checkpoint says is done with.
      followed: invocations.settled,
      signal: stopping.signal,
      log,
    })
    running.defer(async () => {
      stopping.abort()
      await invocations.stop()
      await stream.ended
    })

    const drain = async (): Promise<void> => {
      let before: number
      do {
        before = stream.count + invocations.count
        await invocations.idle()
        await stream.settled()
        await invocations.idle()
      } while (stream.count + invocations.count !== before)
    }
    const tick = createMinuteRule({ blueprint, invocations, clock })
    if (!simulated) everyMinute(tick, stopping.signal)

    const moving = clockEndpoint({ clock, simulated, timeZone: settings.timeZone })
    const issuer = issuerFolder && (await createDevelopmentIssuer(origin, issuerFolder))
    const ownEndpoint: OwnEndpoint = (method, path, body) =>
      (issuer && path.startsWith(`${ISSUER_PATH}/`) ? issuer : moving)(method, path, body)
    gateway.serve({ blueprint, host, clock, open, ownEndpoint, log })
    running.defer(() => gateway.stop())

    return {
      baseUrl: `${origin}/fhir`,
      settings,
      data: dataText(folder, inMemory, endpoint, tableName),
      clock,
      deadLetters,
      async token(request) {
        const token = await requestToken(origin, request)
        if (!token) throw new NoToken('the runtime is open: it asks for no token')
        return token
      },
      drain,
      async moveClock(to) {
        if (!simulated) throw new Error('the clock is the machine’s own; start with the option clock')
        await simulated.moveTo(to)
      },
      stop: () => running.disposeAsync(),
    }
  } catch (error) {
    await running.disposeAsync()
    throw error
  }
}

/** On one machine nobody but its own issuer is trusted, whomever the tenant trusts where it is deployed. */
const trusting = (
  { auth: _deployed, ...settings }: TenantSettings,
  auth: AuthSettings | undefined,
): TenantSettings => ({
  ...settings,
  ...(auth && { auth }),
})

/** The functions as nobody deploys them: they serve whoever comes. */
const openFunctions = ({ functions }: Blueprint): FunctionBlueprint[] =>
  [...functions.values()].map((one) => ({ ...one, environment: { ...one.environment, ACCESS: 'open' } }))

const isRead = ({ event }: Invocation): boolean => (event as { httpMethod?: string }).httpMethod === 'GET'

const dataText = (
  folder: DataFolder | undefined,
  inMemory: boolean,
  endpoint: string | undefined,
  table: string,
): string => {
  if (inMemory) return 'in memory; nothing is kept'
  return endpoint ? `in the table ${table} of ${endpoint}` : `in ${folder?.path}`
}
