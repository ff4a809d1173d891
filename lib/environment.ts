import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Careloop, createCareloop } from './careloop.ts'
import { processClock } from './clock.ts'
import { randomIds } from './ids.ts'
import { DynamoDbTable } from './store/dynamodb-table.ts'
import { requireSchema } from './store/schema.ts'
import { tenantFromEnvironment, variable } from './variables.ts'

const nothing = (): void => undefined
/** Hears no `info` and no `error`, for which the SDK would walk through all that goes in and out of each call; the two it calls unasked do nothing. */
const SILENT = { debug: nothing, warn: nothing } as unknown as NonNullable<DynamoDBClientConfig['logger']>

/** The service over the table and the settings that the stack gives this function. */
export const careloopFromEnvironment = (): Careloop =>
  createCareloop({
    table: requireSchema(
      new DynamoDbTable({
        client: DynamoDBDocumentClient.from(new DynamoDBClient({ logger: SILENT }), {
          marshallOptions: { removeUndefinedValues: true },
        }),
        tableName: variable('TABLE_NAME'),
      }),
    ),
    clock: processClock,
    ids: randomIds,
    tenant: tenantFromEnvironment(),
    audited: true,
    // Set for one machine alone: no stack has it.
    access: process.env.ACCESS === 'open' ? 'open' : 'token',
  })
