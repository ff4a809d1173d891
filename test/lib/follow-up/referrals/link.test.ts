import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Parameters, Provenance, Task } from 'fhir/r4'
import { instantOf } from '../../../../lib/clock.ts'
import { createLinkTokens } from '../../../../lib/follow-up/referrals/link/link-token.ts'
import { referralLinkApi } from '../../../../lib/follow-up/referrals/link/referral-link-api.ts'
import { STYLE_HASH } from '../../../../lib/follow-up/referrals/link/referral-style.ts'
import { consent, organization, referral, request } from '../../../flows/follow-up/referral-scene.ts'
import { proxyEventOf, type TestApi, testApi } from '../../../support/api.ts'

const START = Date.parse('2026-11-20T16:00:00.000Z')
const DAY_MS = 86_400_000
const SECRETS = ['Brandt', '555-0100', 'Bring a bag']

const amelia = {
  resourceType: 'Patient',
  id: 'amelia',
  name: [{ given: ['Amelia'], family: 'Brandt' }],
  telecom: [
    { system: 'phone', value: '555-0100' },
    { system: 'phone', value: '555-0199', use: 'old' },
  ],
  address: [{ line: ['1 Elm Street'] }],
  birthDate: '1950-02-03',
  communication: [{ language: { text: 'Spanish' }, preferred: true }],
}

let now = START
let api: TestApi
let page: ReturnType<typeof referralLinkApi>

const open = (url: string, form?: Record<string, string>, headers: Record<string, string> = {}) => {
  const [path = '', query = ''] = url.replace('https://api.test', '').split('?')
  const event = proxyEventOf(
    form ? 'POST' : 'GET',
    path,
    query,
    form && new URLSearchParams(form).toString(),
    form ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
  )
  return page(event, { awsRequestId: 'request-1' } as Context, () => {}) as Promise<APIGatewayProxyResult>
}

const linkTo = async (id = 'ask', headers: Record<string, string> = {}) => {
  const { status, body } = await api.post<Parameters>(`/Task/${id}/$referral-link`, undefined, headers)
  return { status, url: body.parameter?.[0]?.valueUrl ?? '', expires: body.parameter?.[1]?.valueInstant }
}

const task = async (): Promise<Task> => (await api.get<Task>('/Task/ask')).body
const change = async (others: Partial<Task>) => api.put('/Task/ask', { ...(await task()), ...others })
const versionIn = ({ body }: APIGatewayProxyResult): string => /name="version" value="(\d+)"/.exec(body)![1]!

beforeEach(async () => {
  now = START
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  api = testApi({ clock: { now: () => instantOf(now) } })
  page = referralLinkApi(api.careloop)
  await api.put('/Patient/amelia', amelia)
  await api.put('/Practitioner/nora', { resourceType: 'Practitioner', id: 'nora', name: [{ text: 'Nora Blum' }] })
  await api.put('/Organization/pantry', { ...organization('pantry'), name: 'Oak <b>Street</b> Pantry' })
  const food = request({ code: { text: 'Food assistance' }, patientInstruction: 'Bring a bag' })
  await api.put('/ServiceRequest/food', food)
  await api.put('/Task/ask', referral())
})

describe('$referral-link', () => {
  test('gives a link that says nothing of anybody, and when it expires', async () => {
    const { status, url, expires } = await linkTo()
    expect(status).toBe(200)
    expect(url).toMatch(/^https:\/\/api\.test\/referral\/[\w.-]+$/)
    const readable = url
      .split('/')
      .at(-1)!
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString())
    for (const secret of ['ask', 'pantry', 'amelia']) expect(readable.join()).not.toContain(secret)
    expect(expires).toBe('2026-12-20T16:00:00.000Z')
    const fewer = await api.post<Parameters>('/Task/ask/$referral-link?days=2', undefined)
    expect(fewer.body.parameter![1]!.valueInstant).toBe('2026-11-22T16:00:00.000Z')
    expect((await api.post('/Task/ask/$referral-link?days=31', undefined)).status).toBe(400)
  })

  test.each([
    ['a draft', { status: 'draft' }],
    ['what is over', { status: 'completed' }],
    ['what nobody owns', { owner: undefined }],
    ['what is no referral', { code: { text: 'Call' } }],
  ] as const)('refuses %s', async (_what, others) => {
    await api.put('/Task/other', { ...referral({ id: 'other' }), ...others })
    expect((await linkTo('other')).status).toBe(422)
  })

  test('refuses an outside party without consent', async () => {
    await api.put('/Organization/pantry', organization('pantry', true))
    expect((await linkTo()).status).toBe(422)
    await api.put('/Consent/share', consent())
    expect((await linkTo()).status).toBe(200)
  })

  test('is the requester’s to ask for', async () => {
    const authorizer = (fhirUser: string) => ({ requestContext: { authorizer: { fhirUser } } }) as never
    const as = (user: string) => api.send('POST', '/Task/ask/$referral-link', undefined, {}, authorizer(user))
    expect((await as('Practitioner/lee')).status).toBe(403)
    expect((await as('Practitioner/nora')).status).toBe(200)
  })
})

describe('the page', () => {
  test('shows what is asked for, and not who the client is before it is accepted', async () => {
    const { statusCode, body } = await open((await linkTo()).url)
    expect(statusCode).toBe(200)
    expect(body).toContain('Food assistance')
    expect(body).toContain('Nora Blum')
    // Whatever is stored is text.
    expect(body).toContain('Oak &lt;b&gt;Street&lt;/b&gt; Pantry')
    for (const secret of SECRETS) expect(body).not.toContain(secret)
  })

  test('shows the client while the work goes on: name, phone and language, and no more', async () => {
    const { url } = await linkTo()
    await change({ status: 'accepted' })
    const { body } = await open(url)
    for (const secret of [...SECRETS, 'Spanish', 'tel:5550100']) expect(body).toContain(secret)
    for (const hidden of ['Elm Street', '1950', '555-0199']) expect(body).not.toContain(hidden)
    await change({ status: 'completed' })
    for (const secret of SECRETS) expect((await open(url)).body).not.toContain(secret)
  })

  test('leaves the phone out where the client must not be contacted', async () => {
    const { body: food } = await api.get('/ServiceRequest/food')
    const orderDetail = [{ coding: [{ code: 'contacting-subject-prohibited' }] }]
    await api.put('/ServiceRequest/food', { ...food, orderDetail })
    const { url } = await linkTo()
    await change({ status: 'accepted' })
    const { body } = await open(url)
    expect(body).toContain('Do not contact the client')
    expect(body).not.toContain('555-0100')
  })

  test('lets nothing in from elsewhere, runs nothing, is framed and kept by nobody', async () => {
    const { headers, body } = await open((await linkTo()).url)
    expect(headers!['Content-Security-Policy']).toBe(
      `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    expect(headers).toMatchObject({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    expect(body).not.toMatch(/<script|<link|<img|\bon[a-z]+=|style=|https?:/i)
  })

  test('its whole way: accepted, begun, completed with what came of it', async () => {
    const { url } = await linkTo()
    const answer = async (form: Record<string, string>) => {
      const version = versionIn(await open(url))
      const { statusCode, headers } = await open(url, { version, ...form })
      expect([statusCode, headers!.Location]).toEqual([303, '?done=1'])
    }
    await answer({ action: 'accept' })
    expect((await task()).status).toBe('accepted')
    expect((await open(`${url}?done=1`)).body).toContain('You have accepted the referral')
    await answer({ action: 'start' })
    expect((await task()).executionPeriod?.start).toBe('2026-11-20T16:00:00.000Z')
    await answer({ action: 'complete', outcome: 'provided', text: 'A box a week.' })
    expect(await task()).toMatchObject({
      status: 'completed',
      output: [{ valueCodeableConcept: { coding: [{ code: 'provided' }], text: 'A box a week.' } }],
    })
    const { body } = await api.get<{ entry: { resource: Provenance }[] }>('/Provenance?target=Task/ask')
    expect(body.entry.map(({ resource }) => resource.agent[0]!.who.reference)).toEqual([
      'Organization/pantry',
      'Organization/pantry',
      'Organization/pantry',
    ])
  })

  test('a rejection says why, in a code by which the next is asked', async () => {
    const { url } = await linkTo()
    const version = versionIn(await open(url))
    await open(url, { action: 'reject', version, reason: 'at-capacity', text: 'Until spring' })
    expect(await task()).toMatchObject({
      status: 'rejected',
      statusReason: {
        coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/referral-reason', code: 'at-capacity' }],
        text: 'We have no capacity at present: Until spring',
      },
    })
  })

  test.each([
    ['no reason', { action: 'reject' }, 'reject-reason', 'Choose a reason.'],
    ['another reason and not which', { action: 'reject', reason: 'other' }, 'reject-text', 'Say what the reason is.'],
    ['no action', { action: 'delete' }, '', 'Choose what you want to do.'],
    ['too long a text', { action: 'reject', text: 'x'.repeat(2001) }, 'reject-text', 'Write at most'],
  ])('%s: shown again with what was written, and nothing changed', async (_what, form, field, message) => {
    const { url } = await linkTo()
    const { statusCode, body } = await open(url, { version: '1', ...form })
    expect(statusCode).toBe(422)
    expect(body).toContain(message)
    if (field) expect(body).toContain(`id="${field}-error"`)
    expect((await task()).status).toBe('requested')
  })

  test.each([
    ['seen before somebody changed it', { action: 'accept', version: '1' }],
    ['that the status does not allow', { action: 'complete', outcome: 'provided', version: '2' }],
  ])('an answer %s changes nothing and shows how it stands', async (_what, form) => {
    const { url } = await linkTo()
    await change({ priority: 'urgent' })
    const { statusCode, body } = await open(url, form)
    expect(statusCode).toBe(409)
    expect(body).toContain('Nothing was changed')
    expect((await task()).status).toBe('requested')
  })

  test.each([
    ['has another owner', async () => change({ owner: { reference: 'Organization/church' } })],
    ['is gone', async () => api.delete('/Task/ask')],
    [
      'may not be shown any more',
      async () => {
        await api.put('/Organization/pantry', organization('pantry', true))
        await api.put('/Consent/share', consent({ status: 'inactive' }))
      },
    ],
  ])('opens nothing, and takes nothing, when the Task %s', async (_what, happen) => {
    const { url } = await linkTo()
    await happen()
    const { statusCode, body } = await open(url)
    expect(statusCode).toBe(410)
    expect(body).not.toContain('Food assistance')
    const answer = await open(url, { action: 'accept', version: '1' })
    expect([409, 410]).toContain(answer.statusCode)
  })

  test('opens nothing when it has expired', async () => {
    const { url } = await linkTo()
    now = START + 31 * DAY_MS
    const { statusCode, body } = await open(url)
    expect(statusCode).toBe(410)
    expect(body).toContain('expired')
  })

  test.each([
    ['a token that was changed', (url: string) => `${url.slice(0, -2)}AA`],
    ['no token', () => 'https://api.test/referral/'],
    ['a very long one', () => `https://api.test/referral/${'a'.repeat(5_000)}`],
  ])('%s opens nothing', async (_what, of) => {
    expect((await open(of((await linkTo()).url))).statusCode).toBe(404)
  })

  test('a token of another tenant opens nothing', async () => {
    const other = testApi({ clock: { now: () => instantOf(now) } }).careloop
    const tokens = createLinkTokens({ table: other.store.table, clock: other.clock })
    const token = await tokens.seal({ task: 'ask', owner: 'Organization/pantry' }, instantOf(now + DAY_MS))
    expect((await open(`https://api.test/referral/${token}`)).statusCode).toBe(404)
  })

  test('takes no form of another site, none that is no form, and none too large', async () => {
    const { url } = await linkTo()
    const form = { action: 'accept', version: '1' }
    expect((await open(url, form, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(400)
    expect((await open(url, form, { 'content-type': 'text/plain' })).statusCode).toBe(400)
    expect((await open(url, { ...form, text: 'x'.repeat(20_000) })).statusCode).toBe(413)
    expect((await task()).status).toBe('requested')
  })

  test('logs nothing of the address or of anybody', async () => {
    const lines: string[] = []
    jest.spyOn(console, 'log').mockImplementation((line) => lines.push(String(line)))
    const { url } = await linkTo()
    await open(url)
    expect(lines).toEqual(['{"event":"referral-page","method":"GET","status":200}'])
  })
})
