import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { stackNameOf } from '../../infra/tenant-stack.ts'
import { readTenant, TENANTS_DIRECTORY } from '../../infra/tenants.ts'
import { rules } from '../../lib/events/rules.ts'
import { DynamoDbTable } from '../../lib/store/dynamodb-table.ts'
import type { Item } from '../../lib/store/table.ts'
import type { TenantSettings } from '../../lib/tenant.ts'
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts'
import { REGION } from '../../local/intrinsics.ts'
import { synthesize } from '../../local/synthesize.ts'
import type { Random } from '../simulate/random.ts'
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts'
import { type FaultyDatabase, startFaultyDatabase } from './faulty-database.ts'
import { packStack } from './packed-stack.ts'
import type { Stage } from './scene.ts'

const TENANT = 'local'
const SERVICE = join(import.meta.dirname, 'service.ts')
const GIVEN_UP = /Gave up after .*/g

/** The machine room: a database that can misbehave, and a service over it that can be killed. */
export interface World {
  settings: TenantSettings
  database: FaultyDatabase
  /** The table without what the faulty database does to others. */
  table: DynamoDbTable
  scan(): Promise<Item[]>
  /** what the service has given up on since it was last asked */
  deadLetters(): string[]
  /** What the simulated clock says, or is on its way to. */
  now: string
  /** What it has said, and will not say again anything before. */
  reached: string
  start(): Promise<void>
  kill(): Promise<void>
  /** Moves the clock and lets all happen that happens until then; false when the service did not live to say so. */
  moveClock(to: string): Promise<boolean>
  /** What comes of it is that at its next start the service reads the stream from its beginning. */
  forgetCheckpoints(): void
  stop(): Promise<void>
}

export const createWorld = async (random: Random, stage: Stage, now: string): Promise<World> => {
  const settings = readTenant(join(TENANTS_DIRECTORY, `${TENANT}.json`))
  const folder = mkdtempSync(join(tmpdir(), 'careloop-chaos-'))
  const tableName = `${stackNameOf(TENANT)}-simulated`
  const stackFile = join(folder, 'stack.json')
  const [dynamodb, stack] = await Promise.all([
    startDynamoDbLocal({ inMemory: true, longLived: true }),
    synthesize({ settings: { ...settings, auth: undefined } as TenantSettings, rules }),
  ])
  writeFileSync(stackFile, JSON.stringify(packStack(stack)))
  const database = await startFaultyDatabase(dynamodb.endpoint, random)
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: dynamodb.endpoint, region: REGION, credentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  )
  let service: ServiceProcess | undefined
  let letters: string[] = []

  const world: World = {
    settings,
    database,
    table: new DynamoDbTable({ client, tableName }),
    now,
    reached: now,

    async scan() {
      const items: Item[] = []
      let ExclusiveStartKey: Record<string, unknown> | undefined
      do {
        const page = await client.send(
          new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey }),
        )
        items.push(...((page.Items ?? []) as Item[]))
        ExclusiveStartKey = page.LastEvaluatedKey
      } while (ExclusiveStartKey)
      return items
    },

    deadLetters() {
      const before = letters
      letters = []
      return before
    },

    async start() {
      service = await startServiceProcess({
        args: ['--disable-warning=ExperimentalWarning', SERVICE, stackFile, world.now],
        cwd: folder,
        env: { ...process.env, CARELOOP_DYNAMODB_ENDPOINT: database.endpoint },
        onText: (text) => letters.push(...(text.match(GIVEN_UP) ?? [])),
      })
      stage.base = service.base
      world.reached = world.now
    },

    async kill() {
      const killed = service
      service = undefined
      stage.base = undefined
      await killed?.kill()
    },

    async moveClock(to) {
      // Killed on the way there, it goes on from there: what time it is does not depend on who looks.
      world.now = to
      const { base } = stage
      try {
        const answer = await fetch(new URL('/_local/clock', base), { method: 'POST', body: JSON.stringify({ to }) })
        if (answer.ok) world.reached = to
        return answer.ok
      } catch {
        return false
      }
    },

    forgetCheckpoints: () => rmSync(join(folder, '.careloop', tableName, 'stream-checkpoints.json'), { force: true }),

    async stop() {
      await service?.kill()
      await database.stop()
      await dynamodb.stop()
      stack.dispose()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
    },
  }
  return world
}
