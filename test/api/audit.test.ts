import { beforeEach, describe, expect, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { AuditEvent, Bundle } from 'fhir/r4'
import { MemoryTable } from '../../lib/store/memory-table.ts'
import type { Item } from '../../lib/store/table.ts'
import { type TestApi, testApi } from '../support/api.ts'

const REST_INTERACTION = 'http://hl7.org/fhir/restful-interaction'

let api: TestApi
beforeEach(() => {
  api = testApi({ audited: true })
})

/** All that is on record, oldest first. */
const trail = async (of: TestApi = api): Promise<AuditEvent[]> =>
  (await of.careloop.search.all('AuditEvent', '_sort=_lastUpdated')).map(
    ({ content }) => content as unknown as AuditEvent,
  )

/** What one request leaves. */
const recorded = async (action: () => Promise<unknown>, of: TestApi = api): Promise<AuditEvent[]> => {
  const before = (await trail(of)).length
  await action()
  return (await trail(of)).slice(before)
}

const only = async (action: () => Promise<unknown>): Promise<AuditEvent> => {
  const events = await recorded(action)
  expect(events).toHaveLength(1)
  return events[0]!
}

const subtypesOf = ({ subtype = [] }: AuditEvent) => subtype.map(({ code }) => code)
const profileOf = ({ meta }: AuditEvent) => meta?.profile?.map((url) => url.replace(/^.*BasicAudit\./, ''))
const patientsOf = ({ entity = [] }: AuditEvent) =>
  entity.flatMap(({ role, what }) => (role?.code === '1' ? [what!.reference] : []))
const thingsOf = ({ entity = [] }: AuditEvent) =>
  entity.flatMap(({ role, what }) => (role?.code === '4' ? [what!.reference ?? what!.type] : []))
const queriesOf = ({ entity = [] }: AuditEvent) =>
  entity.flatMap(({ query }) => (query ? [Buffer.from(query, 'base64').toString()] : []))

const TASK = { resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: 'Patient/p1' } }
const withId = { ...TASK, id: 't1' }

describe('each interaction leaves one event', () => {
  beforeEach(async () => {
    await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
    await api.put('/Task/t1', withId)
  })

  test('create', async () => {
    const event = await only(() => api.post('/Task', TASK))
    expect(event).toMatchObject({ action: 'C', outcome: '0', type: { code: 'rest' } })
    expect(event.subtype).toEqual([{ system: REST_INTERACTION, code: 'create' }])
    expect(profileOf(event)).toEqual(['PatientCreate'])
    expect(patientsOf(event)).toEqual(['Patient/p1'])
    expect(thingsOf(event)).toEqual([expect.stringMatching(/^Task\/[\w-]+\/_history\/1$/)])
  })

  test('read and vread', async () => {
    const read = await only(() => api.get('/Task/t1'))
    expect([read.action, subtypesOf(read), profileOf(read)]).toEqual(['R', ['read'], ['PatientRead']])
    expect([thingsOf(read), patientsOf(read)]).toEqual([['Task/t1/_history/1'], ['Patient/p1']])
    expect(subtypesOf(await only(() => api.get('/Task/t1/_history/1')))).toEqual(['vread'])
  })

  test('a read of what the client has already', async () => {
    const event = await only(() => api.get('/Task/t1', { 'If-None-Match': 'W/"1"' }))
    expect([event.outcome, thingsOf(event)]).toEqual(['0', ['Task/t1/_history/1']])
  })

  test('update, patch and delete', async () => {
    const update = await only(() => api.put('/Task/t1', { ...withId, description: 'x' }))
    expect([update.action, profileOf(update), thingsOf(update)]).toEqual([
      'U',
      ['PatientUpdate'],
      ['Task/t1/_history/2'],
    ])
    const patch = await only(() =>
      api.send('PATCH', '/Task/t1', [{ op: 'replace', path: '/description', value: 'y' }], {
        'Content-Type': 'application/json-patch+json',
      }),
    )
    expect([patch.action, subtypesOf(patch), thingsOf(patch)]).toEqual(['U', ['patch'], ['Task/t1/_history/3']])
    const gone = await only(() => api.delete('/Task/t1'))
    expect([gone.action, profileOf(gone), thingsOf(gone)]).toEqual(['D', ['PatientDelete'], ['Task/t1/_history/4']])
    expect(patientsOf(gone)).toEqual(['Patient/p1'])
  })

  test('a search, with its query and each patient on the page, whatever it shows of them', async () => {
    await api.put('/Task/t2', { ...TASK, id: 't2', for: { reference: 'Patient/p2' } })
    const event = await only(() => api.get('/Task?status=requested&_elements=status'))
    expect([event.action, subtypesOf(event), profileOf(event)]).toEqual(['E', ['search-type'], ['Query']])
    expect(queriesOf(event)).toEqual(['GET Task?status=requested&_elements=status'])
    expect(patientsOf(event).sort()).toEqual(['Patient/p1', 'Patient/p2'])
    expect(thingsOf(event)).toEqual([])
  })

  test('a search by form', async () => {
    const event = await only(() =>
      api.send('POST', '/Task/_search', 'patient=p1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    )
    expect(queriesOf(event)).toEqual(['POST Task/_search?patient=p1'])
    expect(profileOf(event)).toEqual(['PatientQuery'])
  })

  test('a search that finds nothing is about the patient it names', async () => {
    const event = await only(() => api.get('/Task?patient=Patient/nobody&status=failed'))
    expect([profileOf(event), patientsOf(event)]).toEqual([['PatientQuery'], ['Patient/nobody']])
    expect(patientsOf(await only(() => api.get('/Patient/nobody/Task')))).toEqual(['Patient/nobody'])
  })

  test('histories and the whole record', async () => {
    expect(thingsOf(await only(() => api.get('/Task/t1/_history')))).toEqual(['Task/t1'])
    const ofType = await only(() => api.get('/Task/_history'))
    expect([subtypesOf(ofType), patientsOf(ofType)]).toEqual([['history-type'], ['Patient/p1']])
    const whole = await only(() => api.get('/Patient/p1/$everything'))
    expect(subtypesOf(whole)).toEqual(['operation', 'everything', '110106'])
    expect([thingsOf(whole), patientsOf(whole)]).toEqual([['Patient/p1'], ['Patient/p1']])
  })

  test('a transaction, with what was done to each', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'DELETE', url: 'Task/t1' } },
        { request: { method: 'PUT', url: 'Patient/p2' }, resource: { resourceType: 'Patient', id: 'p2' } },
        { request: { method: 'GET', url: 'Task?patient=p1' } },
      ],
    }
    const event = await only(() => api.post('/', bundle))
    expect([event.action, subtypesOf(event), event.meta]).toMatchObject(['E', ['transaction'], {}])
    expect(event.entity?.filter(({ role }) => role?.code === '4')).toMatchObject([
      { what: { reference: 'Task/t1/_history/2' }, lifecycle: { code: '14' } },
      { what: { reference: 'Patient/p2/_history/1' }, lifecycle: { code: '1' } },
    ])
    expect(queriesOf(event)).toEqual(['GET Task?patient=p1'])
    expect(patientsOf(event).sort()).toEqual(['Patient/p1', 'Patient/p2'])
  })

  test('a batch, with the entries that did not work', async () => {
    const entry = ['Task/t1', 'Task/t9'].map((url) => ({ request: { method: 'GET', url } }))
    const event = await only(() => api.post('/', { resourceType: 'Bundle', type: 'batch', entry }))
    expect([event.outcome, subtypesOf(event)]).toEqual(['0', ['batch']])
    expect(event.entity?.filter(({ role }) => role?.code === '4')).toMatchObject([
      { what: { reference: 'Task/t1/_history/1' } },
      { what: { reference: 'Task/t9' }, detail: [{ type: 'status', valueString: '404' }] },
    ])
  })

  test('what does not work', async () => {
    const unknown = await only(() => api.get('/Task/t9'))
    expect([unknown.outcome, unknown.outcomeDesc, thingsOf(unknown), unknown.meta?.profile]).toEqual([
      '4',
      'HTTP 404',
      ['Task/t9'],
      undefined,
    ])
    const malformed = await only(() => api.post('/Task', '{'))
    expect([malformed.outcome, malformed.outcomeDesc, thingsOf(malformed)]).toEqual(['4', 'HTTP 400', ['Task']])
  })

  test('what the service says of itself leaves none', async () => {
    expect(await recorded(() => api.get('/metadata'))).toEqual([])
    expect(await recorded(() => api.get('/openapi.json'))).toEqual([])
  })
})

describe('who', () => {
  const as = (authorizer: Record<string, string>, headers: Record<string, string> = {}) =>
    only(() =>
      api.send('GET', '/Patient', undefined, headers, {
        requestContext: { path: '/fhir/Patient', authorizer, identity: { sourceIp: '203.0.113.7' } },
      } as unknown as Partial<APIGatewayProxyEvent>),
    )

  test('user, client, address, roles and purpose of use', async () => {
    const event = await as(
      {
        fhirUser: 'Practitioner/nora',
        roles: 'care-manager',
        clientId: 'desk',
        tokenId: 'j1',
        purposeOfUse: 'TREAT',
        scope: 'system/*.cruds',
      },
      { 'User-Agent': 'desk/2.1 (Nora Smith; Windows)', 'X-Request-Id': 'r-77' },
    )
    expect(event.agent).toMatchObject([
      {
        who: { identifier: { value: 'desk' }, display: 'desk/2.1' },
        requestor: false,
        network: { address: '203.0.113.7', type: '2' },
      },
      { who: { identifier: { value: 'careloop' } }, network: { address: 'https://api.test/fhir', type: '5' } },
      {
        who: { reference: 'Practitioner/nora' },
        requestor: true,
        role: [{ coding: [{ code: 'care-manager' }] }],
        purposeOfUse: [{ coding: [{ code: 'TREAT' }] }],
      },
    ])
    expect(event.entity?.[0]?.what?.identifier?.value).toBe('r-77')
    expect(JSON.stringify(event)).not.toContain('Nora Smith')
  })

  test('breaking the glass has its reason', async () => {
    const event = await as(
      { fhirUser: 'Practitioner/nora', scope: 'system/*.cruds' },
      { 'X-Careloop-Break-Glass': 'Found\tunconscious' },
    )
    expect(subtypesOf(event)).toEqual(['search-type', '110127'])
    expect(event.purposeOfEvent).toMatchObject([{ coding: [{ code: 'BTG' }], text: 'Found unconscious' }])
  })
})

describe('when it cannot be put on record', () => {
  class FullTable extends MemoryTable {
    full = false
    override async put(item: Item, condition: Parameters<MemoryTable['put']>[1]) {
      if (this.full && item.pk.startsWith('AuditEvent/')) throw new Error('the disk of Patient/p1 is full')
      return super.put(item, condition)
    }
  }

  test('the request fails, of what was read nothing is seen, and what was written is said to be in doubt', async () => {
    const table = new FullTable()
    api = testApi({ audited: true, table })
    await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
    table.full = true
    const read = await api.get('/Patient/p1')
    expect(read.status).toBe(500)
    expect(read.text).toContain('look before trying again')
    expect(read.text).not.toContain('p1')
    expect(api.log.at(-1)).toMatchObject({ status: 500, errors: ['AuditFailed'] })
    expect((await api.put('/Patient/p2', { resourceType: 'Patient', id: 'p2' })).status).toBe(500)
    expect((await api.get('/Patient/p9')).status).toBe(500)
    table.full = false
    expect((await api.get('/Patient/p2')).status).toBe(200)
  })
})

describe('append-only', () => {
  const event = {
    resourceType: 'AuditEvent',
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    recorded: '2026-01-05T12:00:00Z',
    agent: [{ requestor: true, who: { reference: 'Practitioner/nora' } }],
    source: { observer: { display: 'An EHR' } },
    entity: [{ what: { reference: 'Patient/p1' } }],
  }

  test('others may add to the trail, under ids of ours and in no name of ours', async () => {
    expect((await api.post('/AuditEvent', event)).status).toBe(201)
    const ours = {
      observer: { identifier: { system: 'https://careloop.dev/fhir/NamingSystem/software', value: 'careloop' } },
    }
    expect((await api.post('/AuditEvent', { ...event, source: ours })).status).toBe(422)
    expect((await api.put('/AuditEvent/a1', { ...event, id: 'a1' })).status).toBe(405)
  })

  test('nobody changes or deletes', async () => {
    const created = await api.post<AuditEvent>('/AuditEvent', event)
    const url = `/AuditEvent/${created.body.id}`
    const refused = [
      await api.put(url, { ...event, id: created.body.id }),
      await api.send('PATCH', url, [], { 'Content-Type': 'application/json-patch+json' }),
      await api.delete(url),
      await api.put('/AuditEvent?patient=p1', event),
      await api.delete('/AuditEvent?patient=p1'),
      await api.post(`${url}/$meta-add`, { resourceType: 'Parameters' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([405, 405, 405, 405, 405, 404])
    expect(refused[0]!.headers.allow).toBe('GET, HEAD')
    for (const type of ['batch', 'transaction']) {
      const entry = [{ request: { method: 'DELETE', url: url.slice(1) } }]
      const answer = await api.post<Bundle>('/', { resourceType: 'Bundle', type, entry })
      expect(answer.body.entry?.[0]?.response?.status ?? answer.status).toEqual(
        type === 'batch' ? '405 Method Not Allowed' : 405,
      )
    }
    await expect(
      (async () => {
        const base = (await api.careloop.store.read('AuditEvent', created.body.id!))!
        await api.careloop.store.write([{ type: 'AuditEvent', id: base.id, base, method: 'DELETE' }])
      })(),
    ).rejects.toThrow('nothing changes or deletes it')
    expect((await api.get(url)).headers.etag).toBe('W/"1"')
  })

  test('the CapabilityStatement promises no change', async () => {
    const { body } = await api.get<{
      rest: { resource: { type: string; interaction: { code: string }[]; updateCreate: boolean }[] }[]
    }>('/metadata')
    const own = body.rest[0]!.resource.find(({ type }) => type === 'AuditEvent')!
    expect(own.interaction.map(({ code }) => code).sort()).toEqual(
      ['create', 'history-instance', 'history-type', 'read', 'search-type', 'vread'].sort(),
    )
    expect(own.updateCreate).toBe(false)
  })
})

describe('the trail', () => {
  const idsOf = async (url: string) => {
    const { body } = await api.get<Bundle>(url)
    return (body.entry ?? []).map(({ resource }) => resource!.id)
  }

  test('is apart from care: neither a whole record nor all types hold it unless it is named', async () => {
    await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
    await api.put('/Task/t1', withId)
    for (const url of ['/Patient/p1/$everything', '/Patient/p1/*', '/_history', '/?_lastUpdated=ge2020']) {
      const { body } = await api.get<Bundle>(url)
      const types = new Set(body.entry?.map(({ resource }) => resource?.resourceType))
      expect([types.has('Task'), types.has('AuditEvent')]).toEqual([true, false])
    }
    for (const url of [
      '/Patient/p1/$everything?_type=AuditEvent',
      '/?_type=AuditEvent',
      '/Patient/p1/AuditEvent',
      '/AuditEvent/_history',
    ])
      expect((await idsOf(url)).length).toBeGreaterThan(0)
  })

  test('does not keep a patient from being deleted', async () => {
    api = testApi({ audited: true, tenant: { referentialIntegrity: 'enforce' } })
    await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
    expect((await api.delete('/Patient/p1')).status).toBe(204)
  })

  test('is searched by patient, agent, date, entity and codes', async () => {
    await api.put('/Patient/p1', { resourceType: 'Patient', id: 'p1' })
    await api.put('/Task/t1', withId)
    const requestContext = {
      path: '/fhir/Task/t1',
      authorizer: { fhirUser: 'Practitioner/nora', clientId: 'desk', scope: 'system/*.cruds' },
    }
    const event = { requestContext } as unknown as Partial<APIGatewayProxyEvent>
    await api.send('GET', '/Task/t1', undefined, {}, event)
    const [read] = (await trail()).slice(-1)
    const found = async (query: string) => (await api.careloop.search.all('AuditEvent', query)).map(({ id }) => id)
    for (const query of [
      'patient=p1&action=R',
      'agent=Practitioner/nora',
      'entity=Task/t1&subtype=read',
      `entity=Task/t1/_history/1&agent=Practitioner/nora`,
      `subtype=${REST_INTERACTION}%7Cread`,
      `patient=p1&date=ge${read!.recorded}&date=le${read!.recorded}`,
      `date=${read!.recorded}`,
      'agent:identifier=desk',
      'outcome=0&action=R&type=rest',
      'source:identifier=https://careloop.dev/fhir/NamingSystem/software%7Ccareloop&action=R',
    ])
      expect([query, await found(query)]).toEqual([query, [read!.id]])
  })
})

test('a report says whom its lines are about', async () => {
  const spent = { url: 'https://careloop.dev/fhir/StructureDefinition/minutes-spent', valuePositiveInt: 20 }
  const done = { ...withId, status: 'completed', executionPeriod: { end: '2026-01-05T12:00:00Z' }, extension: [spent] }
  await api.put('/Task/t1', done)
  const report = await only(() => api.get('/$time-report?period=2026-01'))
  expect([subtypesOf(report), patientsOf(report)]).toEqual([['operation', 'time-report'], ['Patient/p1']])
})
