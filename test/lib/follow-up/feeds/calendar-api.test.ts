import { describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Parameters } from 'fhir/r4'
import { calendarApi } from '../../../../lib/follow-up/feeds/calendar-api.ts'
import { refOf } from '../../../../lib/follow-up/feeds/notification.ts'
import { proxyEventOf, type TestApi, testApi } from '../../../support/api.ts'
import { callingAs } from '../../../support/caller.ts'
import { recordingLog } from '../../../support/recorded-logs.ts'
import { parseICalendar } from './content-lines.ts'

const NORA = { resourceType: 'Practitioner', id: 'nora' }
const work = (id: string, others: object = {}) => ({
  resourceType: 'Task',
  id,
  status: 'accepted',
  intent: 'order',
  description: 'Call Amelia Brandt about her heart failure',
  owner: { reference: 'Practitioner/nora', display: 'Nora Quist' },
  restriction: { period: { end: '2026-01-08T16:00:00-05:00' } },
  ...others,
})

const put = async (api: TestApi, ...resources: { resourceType: string; id: string }[]) => {
  for (const resource of resources)
    expect((await api.put(`/${resource.resourceType}/${resource.id}`, resource)).status).toBeLessThan(300)
}

const linkFor = async (api: TestApi, id = 'nora'): Promise<string> => {
  const { body } = await api.post<Parameters>(`/Practitioner/${id}/$calendar-link`, undefined)
  return body.parameter![0]!.valueUrl!
}

const log: object[] = []
const ask = async (api: TestApi, url: string, headers: Record<string, string> = {}, method = 'GET') => {
  const path = new URL(url).pathname
  const handler = calendarApi(api.careloop, { log: recordingLog(log) })
  const event = proxyEventOf(method, path, '', undefined, headers)
  const answer = (await handler(event, { awsRequestId: 'request-1' } as Context, () => {})) as APIGatewayProxyResult
  return { status: answer.statusCode, headers: answer.headers as Record<string, string>, text: answer.body }
}
const summariesOf = (text: string, component = 'VEVENT') =>
  parseICalendar(text)
    .components.filter(({ name }) => name === component)
    .map(({ properties }) => properties.SUMMARY)

describe('a calendar', () => {
  test('shows the open work of a person and of their roles by due date, and nothing of what it is', async () => {
    const api = testApi()
    const role = { resourceType: 'PractitionerRole', id: 'nurse', practitioner: { reference: 'Practitioner/nora' } }
    await put(
      api,
      NORA,
      role,
      work('call-amelia-brandt'),
      work('visit', { owner: { reference: 'PractitionerRole/nurse' }, restriction: { period: { end: '2026-01-07' } } }),
      work('done', { status: 'completed' }),
      work('other', { owner: { reference: 'Practitioner/omar' } }),
      work('some-time', { restriction: undefined }),
    )
    const url = await linkFor(api)
    expect(url).toMatch(/^https:\/\/api\.test\/calendar\/[\w-]{43}\.ics$/)
    const { status, headers, text } = await ask(api, url)
    expect(status).toBe(200)
    expect(headers['Content-Type']).toBe('text/calendar; charset=utf-8')
    const expected = [`Task ${refOf('visit')}\\, due 23:59`, `Task ${refOf('call-amelia-brandt')}\\, due 16:00`]
    expect(summariesOf(text)).toEqual(expected)
    expect(summariesOf(text, 'VTODO')).toEqual(expected)
    expect(text).not.toMatch(/amelia|brandt|heart|nora|patient/i)
  })

  test('leaves out what is labelled, by itself or by what it is about', async () => {
    const api = testApi()
    const label = {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: '42CFRPart2' }] },
    }
    const ordinary = {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' }] },
    }
    await put(
      api,
      NORA,
      work('shown', ordinary),
      work('labelled', label),
      { resourceType: 'Condition', id: 'sud', subject: { reference: 'Patient/p' }, ...label } as never,
      work('about', { focus: { reference: 'Condition/sud' } }),
      { resourceType: 'Patient', id: 'vip', ...label } as never,
      work('for', { for: { reference: 'Patient/vip' } }),
    )
    expect(summariesOf((await ask(api, await linkFor(api))).text)).toEqual([`Task ${refOf('shown')}\\, due 16:00`])
  })

  test('is sent again only when it has changed', async () => {
    const api = testApi()
    await put(api, NORA, work('call'))
    const url = await linkFor(api)
    const first = await ask(api, url)
    const known = { 'If-None-Match': first.headers.ETag! }
    expect(await ask(api, url, known)).toMatchObject({ status: 304, text: '', headers: { ETag: first.headers.ETag } })
    expect((await ask(api, url, { 'If-None-Match': `W/${first.headers.ETag}, "x"` })).status).toBe(304)
    await put(api, work('call', { priority: 'stat' }))
    const changed = await ask(api, url, known)
    expect(changed.status).toBe(200)
    const sequences = [first.text, changed.text].map((text) => parseICalendar(text).components[0]!.properties)
    expect(sequences.map(({ SEQUENCE }) => SEQUENCE)).toEqual(['0', '1'])
    expect(sequences[0]!.UID).toBe(sequences[1]!.UID)
    expect(await ask(api, url, {}, 'HEAD')).toMatchObject({
      status: 200,
      text: '',
      headers: { ETag: changed.headers.ETag },
    })
  })

  test('links to where the tenant’s people work', async () => {
    const api = testApi({ tenant: { feeds: { appUrl: 'https://care.example.org/' } } })
    const id = '019ab6f2-93d1-7c0b-9a53-3c3d1c7a0c11'
    await put(api, NORA, work(id))
    const [event] = parseICalendar((await ask(api, await linkFor(api))).text).components
    expect(event!.properties.URL).toBe(`https://care.example.org/tasks/${id}`)
  })
})

describe('the address', () => {
  test('is dead when a new one is given or none, and when its owner is gone', async () => {
    const api = testApi()
    await put(api, NORA)
    const [old, current] = [await linkFor(api), await linkFor(api)]
    expect(old).not.toBe(current)
    expect([(await ask(api, old)).status, (await ask(api, current)).status]).toEqual([404, 200])
    await put(api, { ...NORA, active: false } as never)
    expect((await ask(api, current)).status).toBe(404)
    await put(api, NORA)
    expect((await ask(api, current)).status).toBe(200)
    await api.post('/Practitioner/nora/$calendar-link?revoke=true', undefined)
    expect((await ask(api, current)).status).toBe(404)
  })

  test('is kept nowhere: neither stored nor logged', async () => {
    const api = testApi()
    await put(api, NORA)
    const url = await linkFor(api)
    await ask(api, url)
    const secret = /([\w-]{43})\.ics/.exec(url)![1]!
    const { text } = await api.get('/Basic?code=calendar-link')
    expect(text).toContain('calendar-secret-sha256')
    expect(text).not.toContain(secret)
    expect(JSON.stringify([log, api.log])).not.toContain(secret)
  })

  test('is given to its owner alone', async () => {
    const api = testApi()
    await put(api, NORA)
    const link = (who: string) => callingAs(api, who)('POST', '/Practitioner/nora/$calendar-link')
    expect((await link('Practitioner/omar')).status).toBe(403)
    expect((await link('Practitioner/nora')).status).toBe(200)
    expect((await api.post('/Practitioner/nobody/$calendar-link', undefined)).status).toBe(404)
  })

  test('made up leads nowhere, and a calendar is only read', async () => {
    const api = testApi()
    await put(api, NORA)
    const url = await linkFor(api)
    for (const wrong of [
      url.replace(/.\.ics/, (end) => (end[0] === 'A' ? 'B.ics' : 'A.ics')),
      'https://api.test/calendar/x.ics',
      'https://api.test/calendar/',
    ])
      expect(await ask(api, wrong)).toMatchObject({ status: 404, headers: { 'Cache-Control': 'no-store' } })
    expect(await ask(api, url, {}, 'POST')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
  })
})
