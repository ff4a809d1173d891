import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { AuditEvent, Parameters } from 'fhir/r4'
import { calendarApi } from '../../lib/follow-up/feeds/calendar-api.ts'
import { notificationRequested } from '../../lib/follow-up/feeds/notification-requested.ts'
import { referralLinkApi } from '../../lib/follow-up/referrals/link/referral-link-api.ts'
import { ADT_PATH, adtApi } from '../../lib/http/adt-api.ts'
import { AuditFailed } from '../../lib/security/audit/audit.ts'
import { organization, referral, request } from '../flows/follow-up/referral-scene.ts'
import { er7 } from '../lib/messages/er7.ts'
import { proxyEventOf, type TestApi, testApi } from '../support/api.ts'
import { recordingLog } from '../support/recorded-logs.ts'

const MRN = 'https://hosp.example/mrn'
const SECRETS = ['Brandt', '555-0100', '4711']

let api: TestApi
beforeEach(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const feeds = { webhook: { format: 'slack', url: 'https://hooks.slack.com/services/T/B/secret' } } as const
  api = testApi({ audited: true, tenant: { hl7v2: { assigningAuthorities: { HOSP: MRN } }, feeds } })
  await api.put('/Patient/amelia', {
    resourceType: 'Patient',
    id: 'amelia',
    identifier: [{ system: MRN, value: '4711' }],
    name: [{ given: ['Amelia'], family: 'Brandt' }],
    telecom: [{ system: 'phone', value: '555-0100' }],
  })
  await api.put('/Organization/pantry', organization('pantry'))
  await api.put('/ServiceRequest/food', request({ code: { text: 'Food assistance' } }))
  await api.put('/Task/ask', referral())
})
afterEach(() => {
  jest.restoreAllMocks()
})

const trail = async (): Promise<AuditEvent[]> =>
  (await api.careloop.search.all('AuditEvent', '_sort=_lastUpdated')).map(
    ({ content }) => content as unknown as AuditEvent,
  )

const recorded = async (action: () => Promise<unknown>): Promise<AuditEvent[]> => {
  const before = (await trail()).length
  await action()
  const events = (await trail()).slice(before)
  for (const secret of SECRETS) expect(JSON.stringify(events)).not.toContain(secret)
  return events
}

const call = async (
  handler: APIGatewayProxyHandler,
  method: string,
  path: string,
  body?: string,
  type = 'text/plain',
) => {
  const event = proxyEventOf(method, path, '', body, { 'content-type': type })
  return (await handler(event, { awsRequestId: 'request-2' } as Context, () => {})) as APIGatewayProxyResult
}

const namesOf = ({ entity = [] }: AuditEvent) => entity.flatMap(({ what }) => what?.reference ?? [])
const subtypesOf = ({ subtype = [] }: AuditEvent) => subtype.map(({ code }) => code)
const broken = () => ({ ...api.careloop, audit: { record: () => Promise.reject(new AuditFailed(new Error('full'))) } })

describe('the page of a referral', () => {
  const link = async () => {
    const { body } = await api.post<Parameters>('/Task/ask/$referral-link', undefined)
    return new URL(body.parameter![0]!.valueUrl!).pathname
  }
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const FORM = 'application/x-www-form-urlencoded'

  test('each look is a disclosure to whom the link was given, of what it showed', async () => {
    const path = await link()
    const page = referralLinkApi(api.careloop)
    const [look, ...more] = await recorded(() => call(page, 'GET', path))
    expect(more).toEqual([])
    expect([look!.type.code, look!.outcome, subtypesOf(look!)]).toEqual(['110106', '0', ['disclose', 'referral-page']])
    expect(look!.agent[2]?.who?.reference).toBe('Organization/pantry')
    expect(namesOf(look!)).toEqual(['Patient/amelia', 'Task/ask/_history/1', 'ServiceRequest/food/_history/1'])
    const [answer] = await recorded(() => call(page, 'POST', path, form({ action: 'accept', version: '1' }), FORM))
    expect(subtypesOf(answer!)).toEqual(['operation', 'referral-answer'])
    // Now it shows who the client is.
    const [again] = await recorded(() => call(page, 'GET', path))
    expect(namesOf(again!)).toContain('Patient/amelia/_history/1')
    const { body } = await api.get<Parameters>('/Patient/amelia/$disclosures')
    expect(body.parameter?.filter(({ name }) => name === 'disclosure')).toHaveLength(2)
  })

  test('a link that opens nothing any more is a denial; one that never did is nothing of anybody', async () => {
    const path = await link()
    await api.put('/Task/ask', referral({ owner: { reference: 'Organization/other' } }))
    const page = referralLinkApi(api.careloop)
    const [refused] = await recorded(() => call(page, 'GET', path))
    expect([refused!.outcome, namesOf(refused!)]).toEqual(['8', ['Organization/pantry', 'Task/ask'].slice(1)])
    expect(await recorded(() => call(page, 'GET', '/referral/nonsense'))).toEqual([])
  })

  test('is not shown when that cannot be put on record', async () => {
    const { statusCode, body } = await call(referralLinkApi(broken()), 'GET', await link())
    expect(statusCode).toBe(500)
    expect(body).not.toContain('Food assistance')
  })
})

describe('a calendar', () => {
  test('is on record by whose it is; its address is not', async () => {
    await api.put('/Practitioner/nora', { resourceType: 'Practitioner', id: 'nora' })
    const { body } = await api.post<Parameters>('/Practitioner/nora/$calendar-link', undefined)
    const path = new URL(body.parameter![0]!.valueUrl!).pathname
    const [event, ...more] = await recorded(() => call(calendarApi(api.careloop), 'GET', path))
    expect([more, subtypesOf(event!), namesOf(event!)]).toEqual([[], ['operation', 'calendar'], ['Practitioner/nora']])
    expect(JSON.stringify(event)).not.toContain(path.split('/').at(-1)!.slice(0, 20))
    expect((await call(calendarApi(broken()), 'GET', path)).statusCode).toBe(500)
    expect(await recorded(() => call(calendarApi(api.careloop), 'GET', '/calendar/nonsense.ics'))).toEqual([])
  })
})

describe('a message of a hospital', () => {
  const message = er7({ trigger: 'A01', pv1: { 2: 'I' } })

  test('is on record with what it has written and whom it is about', async () => {
    const [event, ...more] = await recorded(() =>
      call(adtApi(api.careloop, { log: recordingLog() }), 'POST', ADT_PATH, message),
    )
    expect([more, subtypesOf(event!)]).toEqual([[], ['operation', 'process-adt']])
    expect(namesOf(event!)).toEqual(
      expect.arrayContaining([
        'Patient/amelia',
        expect.stringMatching(/^Encounter\/.*1$/),
        expect.stringMatching(/^Communication\//),
      ]),
    )
  })

  test('one that cannot be read is on record too, and none is acknowledged that cannot be', async () => {
    const [event] = await recorded(() =>
      call(adtApi(api.careloop, { log: recordingLog() }), 'POST', ADT_PATH, 'nonsense'),
    )
    expect([event!.outcome, subtypesOf(event!)]).toEqual(['4', ['operation', 'process-adt']])
    const { statusCode, body } = await call(adtApi(broken(), { log: recordingLog() }), 'POST', ADT_PATH, message)
    expect([statusCode, /\rMSA\|(\w\w)/.exec(body)?.[1]]).not.toContain('AA')
    expect(statusCode).toBe(500)
  })
})

describe('a notification', () => {
  test('that was sent is on record, to whom and because of what', async () => {
    jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('ok'))
    const about = { reference: 'Task/ask' }
    await api.put('/CommunicationRequest/c1', {
      resourceType: 'CommunicationRequest',
      id: 'c1',
      status: 'active',
      about: [about],
      recipient: [{ reference: 'Practitioner/nora' }],
    })
    const [event, ...more] = await recorded(() =>
      notificationRequested(api.careloop, { reference: 'CommunicationRequest/c1' }),
    )
    expect(more).toEqual([])
    expect([event!.type.code, subtypesOf(event!)]).toEqual(['transmit', ['notification-sent']])
    expect(event!.agent.map(({ who, network }) => who?.reference ?? network?.address)).toEqual([
      'hooks.slack.com',
      'https://careloop.dev/fhir/NamingSystem/software/careloop',
      'Practitioner/nora',
    ])
    expect(namesOf(event!)).toEqual(['Patient/amelia', 'CommunicationRequest/c1/_history/1'])
    expect(JSON.stringify(event)).not.toContain('secret')
  })
})
