import { expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import { fhirApi } from '../../../lib/http/fhir-api.ts'
import type { LogLine } from '../../../lib/http/log.ts'
import { testApi } from '../../support/api.ts'
import { recordingLog } from '../../support/recorded-logs.ts'

const event = { httpMethod: 'GET', path: '/fhir/Task/1', headers: {}, body: null } as unknown as APIGatewayProxyEvent

test('a request that would outlive its function is answered in time', async () => {
  const { careloop } = testApi()
  careloop.store.read = () => new Promise(() => {})
  const log: LogLine[] = []
  const handler = fhirApi(careloop, ['Task'], { log: recordingLog(log) })
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 510 } as Context
  const { statusCode, body } = (await handler(event, context, () => {})) as APIGatewayProxyResult
  expect(statusCode).toBe(503)
  expect(JSON.parse(body).issue[0].code).toBe('timeout')
  expect(log).toEqual([expect.objectContaining({ status: 503, interaction: 'read' })])
})

test('a function serves its own types only', async () => {
  const { careloop } = testApi()
  const handler = fhirApi(careloop, ['Goal'], { log: recordingLog() })
  const { statusCode } = (await handler(event, {} as Context, () => {})) as APIGatewayProxyResult
  expect(statusCode).toBe(404)
})
