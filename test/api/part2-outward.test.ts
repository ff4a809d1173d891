import { beforeEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Parameters } from 'fhir/r4'
import { changeToEvents } from '../../lib/events/change-to-events.ts'
import { calendarApi } from '../../lib/follow-up/feeds/calendar-api.ts'
import { referralLinkApi } from '../../lib/follow-up/referrals/link/referral-link-api.ts'
import { currentKey } from '../../lib/store/keys.ts'
import { organization, referral, request } from '../flows/follow-up/referral-scene.ts'
import { proxyEventOf, type TestApi, testApi } from '../support/api.ts'
import { consent, labels, MARKER, plant } from '../support/consent-world.ts'
import { recordingLog } from '../support/recorded-logs.ts'

const [PART_2, ...others] = labels as [(typeof labels)[number], ...(typeof labels)[number][]]
const NOTICE = '42 CFR part 2 prohibits unauthorized use or disclosure of these records.'

const call = async (handler: APIGatewayProxyHandler, path: string) =>
  (await handler(
    proxyEventOf('GET', path, '', undefined, {}),
    { awsRequestId: 'request-1' } as Context,
    () => {},
  )) as APIGatewayProxyResult

const put = async (api: TestApi, ...resources: object[]): Promise<void> => {
  for (const resource of resources as { resourceType: string; id: string }[]) {
    const { status, text } = await api.put(`/${resource.resourceType}/${resource.id}`, resource)
    if (status >= 300) throw new Error(text)
  }
}

const pathOf = ({ body }: { body: Parameters }): string =>
  new URL(body.parameter!.find(({ name, valueUrl }) => name === 'url' || valueUrl)!.valueUrl!).pathname

test.each([PART_2, ...others])('no event tells of $code, or of what bears it', async (label) => {
  const api = testApi({ access: 'token', tenant: { labels: { programme: ['loader'] } } })
  await plant(api, label, 'permit, naming')
  const { store, tenant } = api.careloop
  let events = 0
  for (const type of [
    'Condition',
    'Encounter',
    'Observation',
    'Goal',
    'CarePlan',
    'ServiceRequest',
    'Task',
    'Communication',
  ])
    for (const { id } of await api.careloop.search.all(type, 'patient=Patient/anna')) {
      const item = await store.table.get(currentKey(type, id))
      for (const told of [...changeToEvents(undefined, item, tenant), ...changeToEvents(item, undefined, tenant)]) {
        events += 1
        const text = JSON.stringify(told)
        expect(text).not.toContain(MARKER)
        expect(text).not.toMatch(/security|label|v3-ActCode|Confidentiality/)
        expect(Object.values(told.detail)).not.toContain(label.code)
      }
    }
  expect(events).toBeGreaterThan(10)
})

test('a review of emergency access is told of like an escalation', async () => {
  const api = testApi()
  const code = {
    coding: [{ system: 'https://careloop.dev/fhir/CodeSystem/care-task-type', code: 'break-glass-review' }],
  }
  await put(api, { resourceType: 'Task', id: 'review', status: 'ready', intent: 'order', code })
  const item = await api.careloop.store.table.get(currentKey('Task', 'review'))
  expect(changeToEvents(undefined, item, api.careloop.tenant).map(({ name }) => name)).toContain(
    'notification-requested',
  )
})

test('a calendar leaves out work that took its label from what it is about', async () => {
  const api = testApi()
  const work = { resourceType: 'Task', status: 'accepted', intent: 'order', owner: { reference: 'Practitioner/nora' } }
  const restriction = { period: { end: '2026-02-01T12:00:00Z' } }
  const meta = { security: [{ system: PART_2.system, code: PART_2.code }] }
  await put(
    api,
    { resourceType: 'Practitioner', id: 'nora' },
    { resourceType: 'Patient', id: 'anna' },
    { resourceType: 'Condition', id: 'sud', meta, subject: { reference: 'Patient/anna' } },
    { ...work, id: 'labelled', restriction, focus: { reference: 'Condition/sud' } },
    { ...work, id: 'plain', restriction },
  )
  const path = pathOf(await api.post<Parameters>('/Practitioner/nora/$calendar-link', undefined))
  const { body } = await call(calendarApi(api.careloop, { log: recordingLog() }), path)
  expect(body.match(/BEGIN:VEVENT/g)).toHaveLength(1)
})

describe('the page of a referral to an outside party', () => {
  let api: TestApi
  const actor = [{ role: { text: 'recipient' }, reference: { reference: 'Organization/pantry' } }]
  const general = { ...consent({ id: 'share', patient: 'amelia', provision: { actor } }) }
  const named = consent({ id: 'labelled', label: PART_2, patient: 'amelia', provision: { actor } })
  const linkOf = () => api.post<Parameters>('/Task/ask/$referral-link', undefined)
  const page = (path: string) => call(referralLinkApi(api.careloop), path)

  beforeEach(async () => {
    api = testApi()
    const meta = { security: [{ system: PART_2.system, code: PART_2.code }] }
    await put(
      api,
      { resourceType: 'Patient', id: 'amelia', name: [{ family: 'Brandt' }] },
      organization('pantry', true),
      request({ meta, code: { text: 'Recovery group' } }),
      referral(),
      general,
    )
  })

  test('is opened by a consent that names them for the label, and by no other', async () => {
    expect((await linkOf()).status).toBe(422)
    await put(api, named)
    const path = pathOf(await linkOf())
    expect((await page(path)).body).toContain('Recovery group')
    await put(api, { ...named, status: 'inactive' })
    const closed = await page(path)
    expect([closed.statusCode, closed.body.includes('Recovery group')]).toEqual([410, false])
  })

  test('says what the law wants said', async () => {
    await put(api, named)
    expect((await page(pathOf(await linkOf()))).body).toContain(NOTICE)
  })

  test('and does not where nothing is labelled', async () => {
    await put(api, request({ id: 'plain' }), referral({ id: 'plainly', focus: { reference: 'ServiceRequest/plain' } }))
    const path = pathOf(await api.post<Parameters>('/Task/plainly/$referral-link', undefined))
    expect((await page(path)).body).not.toContain(NOTICE)
  })

  test('a label that the request got after it was sent counts too', async () => {
    await put(api, request({ id: 'late' }), referral({ id: 'later', focus: { reference: 'ServiceRequest/late' } }))
    const path = pathOf(await api.post<Parameters>('/Task/later/$referral-link', undefined))
    expect((await page(path)).statusCode).toBe(200)
    const meta = { security: [{ system: PART_2.system, code: PART_2.code }] }
    await put(api, request({ id: 'late', meta }))
    expect((await page(path)).statusCode).toBe(410)
  })
})
