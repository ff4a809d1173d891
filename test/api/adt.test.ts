import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Bundle, Encounter } from 'fhir/r4'
import { ADT_PATH, adtApi } from '../../lib/http/adt-api.ts'
import type { LogLine } from '../../lib/http/log.ts'
import { defaultSettings } from '../../lib/tenant.ts'
import { er7 } from '../lib/messages/er7.ts'
import { proxyEventOf, type TestApi, testApi } from '../support/api.ts'
import { recordingLog } from '../support/recorded-logs.ts'
import { createTestTable } from '../support/tables.ts'

const MRN = 'https://hosp.example/mrn'
let api: TestApi
let log: LogLine[]
beforeEach(async () => {
  log = []
  api = testApi({ tenant: { hl7v2: { assigningAuthorities: { HOSP: MRN } } } })
  await api.put('/Patient/amelia', {
    resourceType: 'Patient',
    id: 'amelia',
    identifier: [{ system: MRN, value: '4711' }],
  })
})

const post = async (
  body: string,
  { type = 'application/hl7-v2', method = 'POST', milliseconds = 29_000, base64 = false } = {},
) => {
  const handler = adtApi(api.careloop, { log: recordingLog(log) })
  const event = proxyEventOf(method, ADT_PATH, '', body, type ? { 'Content-Type': type } : {})
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => milliseconds } as Context
  const sent = base64 ? { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true } : event
  const { statusCode, headers, body: text } = (await handler(sent, context, () => {})) as APIGatewayProxyResult
  return { status: statusCode, headers, text, code: /\rMSA\|(\w\w)/.exec(text)?.[1] }
}

const admit = er7({ trigger: 'A01', pv1: { 2: 'I' } })

describe('POST /v2/adt', () => {
  test.each(['application/hl7-v2', 'x-application/hl7-v2+er7', 'text/plain', 'text/plain; charset=UTF-8'])(
    'takes %s and answers in it',
    async (type) => {
      const { status, code, headers, text } = await post(admit, { type })
      expect({ status, code }).toEqual({ status: 200, code: 'AA' })
      expect(headers?.['Content-Type']).toBe(`${type.split(';')[0]}; charset=utf-8`)
      expect(text).toMatch(/^MSH\|\^~\\&\|CARELOOP\|local\|ADT\|HOSP\|/)
      expect((await api.get<Bundle<Encounter>>('/Encounter')).body.entry?.[0]?.resource).toMatchObject({
        status: 'in-progress',
        subject: { reference: 'Patient/amelia' },
      })
    },
  )

  test('takes lines that end in any way, and what API Gateway has encoded', async () => {
    expect((await post(`${admit.replaceAll('\r', '\r\n')}\r\n`)).code).toBe('AA')
    expect((await post(er7({ trigger: 'A02' }).replaceAll('\r', '\n'), { base64: true })).code).toBe('AA')
  })

  test.each<[string, Parameters<typeof post>, number, string]>([
    ['JSON', ['{}', { type: 'application/fhir+json' }], 415, 'AR'],
    ['another character set', [admit, { type: 'text/plain; charset=iso-8859-1' }], 415, 'AR'],
    ['GET', ['', { method: 'GET' }], 405, 'AR'],
    ['no message', ['hello'], 400, 'AR'],
    ['another message', [er7({ trigger: 'R01', msh: { 9: 'ORU^R01' } })], 422, 'AR'],
    ['a message that lacks something', [er7({ trigger: 'A01', pv1: { 19: '' } })], 422, 'AE'],
  ])('answers %s with an acknowledgement too', async (_what, parameters, status, code) => {
    expect(await post(...parameters)).toMatchObject({ status, code })
  })

  test('that takes too long is answered in time', async () => {
    api.careloop.store.read = () => new Promise(() => undefined)
    expect(await post(admit, { milliseconds: 550 })).toMatchObject({ status: 503, code: 'AR' })
  })

  test('keeps what is known of a patient out of answers and log', async () => {
    const texts = [
      ...[admit, er7({ trigger: 'A03', id: 'x', patient: '9^^^HOSP^MR', pv1: { 45: 'Brandt' } })],
      ...[
        er7({ trigger: 'A08', id: 'y', patient: '77665^^^HOSP^MR' }),
        er7({ trigger: 'A03', id: 'z', pv1: { 19: '' } }),
      ],
    ]
    const answers: unknown[] = []
    for (const text of texts) answers.push(await post(text))
    const told = JSON.stringify([answers, log])
    expect(told).not.toMatch(/Brandt|4711|77665|999-00-1111|V100/)
    expect(log).toHaveLength(texts.length)
    expect(log[0]).toEqual({
      requestId: 'request-1',
      interaction: '$process-adt',
      status: 200,
      milliseconds: expect.any(Number),
    })
  })

  test('tells of an error nobody expected that it happened, and the log what it is called', async () => {
    api.careloop.store.read = async () => {
      throw new TypeError('secret')
    }
    expect(await post(admit)).toMatchObject({ status: 500, code: 'AR', text: expect.not.stringContaining('secret') })
    expect(log).toMatchObject([{ status: 500, errors: ['TypeError'] }])
  })
})

test('functions/messages serves both ways in', async () => {
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
  const written = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const { handler } = await import('../../functions/messages.ts')
  const ask = async (path: string) => {
    const event = proxyEventOf('GET', path, '', undefined, {})
    const { statusCode, headers } = (await handler(event, {} as Context, () => {})) as APIGatewayProxyResult
    return [statusCode, String(headers?.['Content-Type']).split(';')[0]]
  }
  expect(await ask(ADT_PATH)).toEqual([405, 'application/hl7-v2'])
  expect(await ask('/fhir/$process-message')).toEqual([405, 'application/fhir+json'])
  written.mockRestore()
})
