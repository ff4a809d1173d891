import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Careloop, createCareloop } from './careloop.ts'
import { processClock } from './clock.ts'
import { randomIds } from './ids.ts'
import { DynamoDbTable } from './store/dynamodb-table.ts'
import type { TenantSettings } from './tenant.ts'

/** A variable that infra must set. @throws Error naming it */
export const variable = (name: string): string => {
  const value = process.env[name]
  if (!value)
    throw new Error(`the environment variable ${name} is not set; infra sets it on every function that needs it`)
  return value
}

/** The settings of the tenant this function works for. */
export const tenantFromEnvironment = (): TenantSettings => JSON.parse(variable('TENANT')) as TenantSettings

/** The service over the table and the settings that the stack gives this function. */
export const careloopFromEnvironment = (): Careloop =>
  createCareloop({
    table: new DynamoDbTable({
      client: DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
      tableName: variable('TABLE_NAME'),
    }),
    clock: processClock,
    ids: randomIds,
    tenant: tenantFromEnvironment(),
  })
