import { beforeEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Parameters, ParametersParameter } from 'fhir/r4'
import { instantOf } from '../../lib/clock.ts'
import { type TestApi, testApi } from '../support/api.ts'

const DAY_MS = 86_400_000
const TODAY = Date.parse('2026-11-23T15:00:00Z')

let api: TestApi
let now = TODAY
beforeEach(async () => {
  now = TODAY
  api = testApi({ audited: true, clock: { now: () => instantOf(now) } })
  await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
  await api.put('/Organization/study', { resourceType: 'Organization', id: 'study', name: 'Oak, Study' })
})

const readAs = (purposeOfUse: string, fhirUser = 'Organization/study') =>
  api.send('GET', '/Patient/p1', undefined, {}, {
    requestContext: {
      path: '/fhir/Patient/p1',
      authorizer: { fhirUser, purposeOfUse, clientId: 'lab', scope: 'system/*.rs' },
    },
  } as unknown as Partial<APIGatewayProxyEvent>)

const linesOf = async (query = ''): Promise<Record<string, unknown>[]> => {
  const { body, status } = await api.get<Parameters>(`/Patient/p1/$disclosures${query}`)
  expect(status).toBe(200)
  const valueIn = (part: ParametersParameter) => Object.entries(part).find(([key]) => key.startsWith('value'))?.[1]
  return (body.parameter ?? [])
    .filter(({ name }) => name === 'disclosure')
    .map(({ part = [] }) => Object.fromEntries(part.map((one) => [one.name, valueIn(one)])))
}

describe('$disclosures', () => {
  test('says who has received what, when and why; of treatment nothing', async () => {
    await readAs('HRESCH')
    await readAs('TREAT')
    expect(await linesOf()).toEqual([
      {
        date: '2026-11-23T15:00:00.000Z',
        recipient: { reference: 'Organization/study', display: 'Oak, Study' },
        description: 'Patient (read)',
        purpose: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HRESCH' },
        event: { reference: expect.stringMatching(/^AuditEvent\//) },
      },
    ])
  })

  test('looks back six years unless it is told otherwise, and no further than it is told', async () => {
    now = TODAY - 6.5 * 365 * DAY_MS
    await readAs('HRESCH')
    now = TODAY - 5 * 365 * DAY_MS
    await readAs('HRESCH')
    now = TODAY
    expect(await linesOf()).toHaveLength(1)
    expect(await linesOf('?start=2019-01-01')).toHaveLength(2)
    expect(await linesOf('?start=2019-01-01&end=2020-12-31')).toHaveLength(1)
    expect((await api.get('/Patient/p1/$disclosures?start=2026-11-24&end=2026-11-23')).status).toBe(400)
    expect((await api.get('/Patient/p1/$disclosures?start=soon')).status).toBe(400)
  })

  test('holds what was disclosed by other ways, when somebody says so', async () => {
    const created = await api.post('/AuditEvent', {
      resourceType: 'AuditEvent',
      type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110106' },
      subtype: [
        { system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle', code: 'disclose', display: 'by mail' },
      ],
      recorded: '2026-11-20T10:00:00Z',
      purposeOfEvent: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'PUBHLTH' }] }],
      agent: [{ requestor: true, who: { reference: 'Organization/study' } }],
      source: { observer: { display: 'Records office' } },
      entity: [
        {
          what: { reference: 'Patient/p1' },
          role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1' },
        },
        { what: { type: 'DocumentReference' } },
      ],
    })
    expect(created.status).toBe(201)
    expect((await linesOf()).map(({ description }) => description)).toEqual(['DocumentReference (by mail)'])
  })

  test('gives lines for a spreadsheet, and goes on where a page ends', async () => {
    await readAs('HRESCH')
    const csv = await api.get('/Patient/p1/$disclosures', { Accept: 'text/csv' })
    const [header, line] = csv.text.split('\r\n')
    expect(header).toBe('date,recipient,reference,client,description,purpose,event')
    expect(line).toMatch(
      /^2026-11-23T15:00:00\.000Z,"Oak, Study",Organization\/study,lab,Patient \(read\),HRESCH,AuditEvent\/[\w-]+$/,
    )
    for (let n = 0; n < 2_001; n += 1) {
      now += 1
      if (n % 1_000 === 0) await readAs('HRESCH')
      else await api.get('/Patient/p1')
    }
    const first = await api.get('/Patient/p1/$disclosures', { Accept: 'text/csv' })
    const [, next = ''] = /^<https:\/\/api\.test\/fhir(.*)>; rel="next"$/.exec(first.headers.link ?? '') ?? []
    const second = await api.get(next)
    const count = (text: string) => text.split('HRESCH').length - 1
    expect([count(first.text) + count(second.text), second.headers.link]).toEqual([4, undefined])
  }, 60_000)

  test('is itself on record, as something that can be carried away', async () => {
    await linesOf()
    const found = await api.careloop.search.all('AuditEvent', 'patient=p1&subtype=disclosures')
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found[0]!.content)).toContain('110106')
  })
})
