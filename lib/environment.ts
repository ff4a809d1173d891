import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Careloop, createCareloop } from './careloop.ts'
import { clientSettingsFromEnvironment } from './client-settings.ts'
import { processClock } from './clock.ts'
import { randomIds } from './ids.ts'
import { DynamoDbTable } from './store/dynamodb-table.ts'
import { requireSchema } from './store/schema.ts'
import { tenantFromEnvironment, variable } from './variables.ts'

/** The service over the table and the settings that the stack gives this function. */
export const careloopFromEnvironment = (): Careloop =>
  createCareloop({
    table: requireSchema(
      new DynamoDbTable({
        client: DynamoDBDocumentClient.from(new DynamoDBClient(clientSettingsFromEnvironment()), {
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
