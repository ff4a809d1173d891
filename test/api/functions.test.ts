import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyEvent, APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda'
import { coreTypes } from '../../lib/http/core-types.ts'
import { declarations } from '../../lib/resources/index.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { createTestTable } from '../support/tables.ts'

const FILES = ['system', 'care-plan', 'goal', 'task', 'service-request', 'clinical', 'pathways'] as const
const handlers = new Map<string, APIGatewayProxyHandler>()

beforeAll(async () => {
  const { tableName } = await createTestTable()
  Object.assign(process.env, {
    TABLE_NAME: tableName,
    TENANT: JSON.stringify(defaultSettings),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // What reaches an interaction is put on record.
    AWS_ENDPOINT_URL_DYNAMODB: process.env.CARELOOP_DYNAMODB_ENDPOINT,
    ACCESS: 'open',
  })
  jest.spyOn(console, 'log').mockImplementation(() => {})
  for (const file of FILES) handlers.set(file, (await import(`../../functions/${file}.ts`)).handler)
})

const ask = async (file: string, method: string, path: string): Promise<number> => {
  const event = { httpMethod: method, path: `/fhir${path}`, headers: {}, body: null } as unknown as APIGatewayProxyEvent
  const result = (await handlers.get(file)!(event, {} as Context, () => {})) as APIGatewayProxyResult
  return result.statusCode
}

describe('the functions', () => {
  test('system serves what is about no type', async () => {
    expect(await ask('system', 'GET', '/metadata')).toBe(200)
    expect(await ask('system', 'GET', '/openapi.json')).toBe(200)
    expect(await ask('system', 'POST', '/_history')).toBe(405)
    expect(await ask('system', 'POST', '')).toBe(400)
    expect(await ask('system', 'GET', '/Task/1')).toBe(404)
  })

  test('clinical answers for types that nobody serves', async () => {
    expect(await ask('clinical', 'GET', '/Spaceship/1')).toBe(404)
  })

  test.each([
    ['care-plan', 'CarePlan'],
    ['goal', 'Goal'],
    ['task', 'Task'],
    ['service-request', 'ServiceRequest'],
  ])('%s serves %s', async (file, type) => {
    expect(coreTypes).toContain(type)
    expect(await ask(file, 'POST', `/${type}`)).toBe(400)
    expect(await ask('clinical', 'POST', `/${type}`)).toBe(404)
  })

  test('pathways serves plan definitions, and operations on others', async () => {
    expect(await ask('pathways', 'POST', '/PlanDefinition')).toBe(400)
    expect(await ask('pathways', 'GET', '/PlanDefinition/1/$apply')).toBe(400)
    expect(await ask('pathways', 'POST', '/Task/1/$explain')).toBe(405)
    expect(await ask('pathways', 'GET', '/$transition-report')).toBe(400)
    expect(await ask('pathways', 'GET', '/Patient/1')).toBe(404)
  })

  test('clinical serves all the others', async () => {
    for (const type of declarations.keys())
      if (!coreTypes.includes(type)) expect([type, await ask('clinical', 'POST', `/${type}`)]).toEqual([type, 400])
  })
})
