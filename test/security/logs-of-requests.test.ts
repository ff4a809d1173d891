import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import { ADT_PATH, adtApi } from '../../lib/http/adt-api.ts'
import { proxyEventOf, type TestApi, testApi } from '../support/api.ts'
import { planted } from '../support/planted-phi.ts'
import { recordingLog } from '../support/recorded-logs.ts'
import { plantedPatient, plantedReference, saidOfPatient } from './planted-patient.ts'

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 29_000 } as Context
const task = {
  resourceType: 'Task',
  id: 't1',
  status: 'requested',
  intent: 'order',
  for: plantedReference,
  description: planted.note,
  note: [{ text: planted.note }],
}
const headers = {
  'User-Agent': planted.family,
  'X-Request-Id': `${planted.given}-${planted.family}`,
  'X-Forwarded-For': planted.phone,
  'If-None-Exist': `identifier=${planted.mrn}`,
}

let api: TestApi
let written: string[]
beforeEach(async () => {
  written = []
  jest.spyOn(console, 'log').mockImplementation((line) => void written.push(String(line)))
  api = testApi({ audited: true })
  await api.put('/Patient/amelia', plantedPatient)
  await api.put('/Task/t1', task)
})
afterEach(() => {
  jest.restoreAllMocks()
})

/** All that was logged; it has to be something. */
const logged = (): string => {
  expect(api.log.length + written.length).toBeGreaterThan(2)
  return JSON.stringify([api.log, written])
}

const encoded = encodeURIComponent

const mediaTypeOf = (method: string, url: string): Record<string, string> => {
  if (method === 'PATCH') return { 'Content-Type': 'application/json-patch+json' }
  return url.endsWith('_search') ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}
}

describe('what a request says of a patient is not logged', () => {
  test.each<[string, string, string, unknown, number]>([
    ['a create with a condition', 'POST', '/Patient', { ...plantedPatient, id: undefined }, 200],
    ['an update', 'PUT', '/Patient/amelia', { ...plantedPatient, gender: 'male' }, 200],
    ['a patch', 'PATCH', '/Task/t1', [{ op: 'replace', path: '/description', value: planted.line }], 200],
    ['a search', 'GET', `/Patient?name=${planted.family}&birthdate=${planted.birthDate}`, undefined, 200],
    ['a search by form', 'POST', '/Patient/_search', `identifier=${encoded(planted.mrn)}`, 200],
    [
      'a batch',
      'POST',
      '/',
      {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: `Patient?phone=${encoded(planted.phone)}` } }],
      },
      200,
    ],
    ['$everything', 'GET', '/Patient/amelia/$everything', undefined, 200],
    ['no JSON', 'POST', '/Patient', `{"name":"${planted.family}"`, 400],
    ['an element that is none', 'POST', '/Task', { ...task, [planted.family]: planted.note }, 422],
    ['a value that is none', 'POST', '/Patient', { ...plantedPatient, birthDate: planted.note }, 422],
    ['a parameter that is none', 'GET', `/Patient?${planted.family}=${planted.given}`, undefined, 400],
    ['a type that is none', 'GET', `/${planted.family}/1`, undefined, 404],
    ['an id that is none', 'GET', `/Patient/${encoded(`${planted.given} ${planted.family}`)}`, undefined, 400],
    ['a path that is none', 'GET', `/Patient/amelia/${planted.family}`, undefined, 404],
  ])('%s', async (_, method, url, body, status) => {
    const answer = await api.send(method, url, body, { ...headers, ...mediaTypeOf(method, url) })
    expect(answer.status).toBe(status)
    expect(saidOfPatient(logged())).toEqual([])
  })

  test('a message of a hospital', async () => {
    const message = [
      'MSH|^~\\&|ADT|HOSP|CARELOOP|CL|20261120150000-0600||ADT^A01^ADT_A01|M1|P|2.5.1',
      'EVN|A01|20261120150000-0600',
      `PID|1||${planted.mrn}^^^HOSP^MR~${planted.ssn}^^^SSA^SS||${planted.family}^${planted.given}||19310719|||${planted.line}^^${planted.city}`,
      'PV1|1|I|||||||||||||||||V100',
    ].join('\r')
    const handler = adtApi(api.careloop, { log: recordingLog(api.log) })
    const event = proxyEventOf('POST', ADT_PATH, '', message, { ...headers, 'Content-Type': 'application/hl7-v2' })
    const { body } = (await handler(event, context, () => {})) as APIGatewayProxyResult
    expect(body).toMatch(/^MSH.*\rMSA\|A[AER]/)
    expect(saidOfPatient(body)).toEqual([])
    expect(saidOfPatient(logged())).toEqual([])
  })
})

test.each(['read', 'write'] as const)(
  'what an error of the store quotes in a %s is neither logged nor answered',
  async (method) => {
    api.careloop.store[method] = async () => {
      const cause = new Error(JSON.stringify(plantedPatient))
      throw new TypeError(`cannot keep ${planted.family}, ${planted.phone}`, { cause })
    }
    const { status, text } = await api.put('/Task/t2', { ...task, id: 't2' }, headers)
    expect(status).toBe(500)
    expect(saidOfPatient(text)).toEqual([])
    expect(api.log.at(-1)).toMatchObject({ status: 500, errors: [expect.any(String)] })
    expect(saidOfPatient(logged())).toEqual([])
  },
)
