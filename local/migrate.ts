import { parseArgs } from 'node:util'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { readTenant, tenantFile } from '../infra/tenants.ts'
import { processClock } from '../lib/clock.ts'
import { migrations } from '../lib/migrations/index.ts'
import { migrate, Unfit } from '../lib/migrations/migrate.ts'
import { scanTable } from '../lib/migrations/scan.ts'
import { FhirError } from '../lib/outcome.ts'
import { declarations } from '../lib/resources/index.ts'
import { createIndexing } from '../lib/search/postings.ts'
import { DynamoDbTable } from '../lib/store/dynamodb-table.ts'
import { SCHEMA } from '../lib/store/schema.ts'

/** `npm run migrate`: brings the table of a tenant to the schema of this release. See docs/operations/upgrade.md. */
const USAGE = `Usage: npm run migrate -- --tenant <id> --table <name> [options]

  --tenant <id>     the tenant of infra/tenants/<id>.json: dates are read in its time zone
  --table <name>    its table
  --endpoint <url>  of a DynamoDB on this machine; without it AWS, with the credentials of your environment
  --segments <n>    how many parts of the table are walked at the same time (default 4)
  --pause <s>       seconds between passes (default 60; less only when nothing else uses the table)
  --again           also what the table has had, as after a change of the tenant's time zone`

const options = {
  tenant: { type: 'string' },
  table: { type: 'string' },
  endpoint: { type: 'string' },
  segments: { type: 'string', default: '4' },
  pause: { type: 'string', default: '60' },
  again: { type: 'boolean', default: false },
} as const

const read = () => {
  try {
    const { values } = parseArgs({ options })
    const segments = Number(values.segments)
    const pause = Number(values.pause)
    const isValid = Number.isInteger(segments) && segments > 0 && pause >= 0
    return isValid && values.tenant && values.table
      ? { ...values, tenant: values.tenant, table: values.table, segments, pause }
      : undefined
  } catch {
    return undefined
  }
}

const clientOf = (endpoint: string | undefined): DynamoDBClient =>
  new DynamoDBClient(
    endpoint ? { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
  )

const main = async (): Promise<number> => {
  const given = read()
  if (!given) {
    console.error(USAGE)
    return 2
  }
  const { tenant, table: tableName, endpoint, segments, pause, again } = given
  const client = DynamoDBDocumentClient.from(clientOf(endpoint))
  const table = new DynamoDbTable({ client, tableName })
  const { timeZone } = readTenant(tenantFile(tenant))
  try {
    const report = await migrate({
      table,
      scan: scanTable(client, tableName),
      migrations: migrations({ table, clock: processClock, indexing: createIndexing({ declarations, timeZone }) }),
      segments,
      pauseMs: pause * 1_000,
      again,
      onProgress: ({ migration, pass, segment, looked, changed, done }) => {
        if (done)
          console.log(`${migration}, pass ${pass}: segment ${segment} done, ${changed} of ${looked} items changed`)
      },
      onUnfit: (reason) => console.error(reason),
    })
    for (const { migration, passes, looked, changed } of report)
      console.log(`${migration}: ${changed} of ${looked} items changed, ${passes} passes`)
    console.log(`${tableName} is at schema ${SCHEMA}.`)
    return 0
  } catch (error) {
    if (!(error instanceof Unfit || error instanceof FhirError)) throw error
    console.error(error.message)
    return 1
  } finally {
    client.destroy()
  }
}

process.exitCode = await main()
