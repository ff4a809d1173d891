import { beforeEach, describe, expect, test } from '@jest/globals'
import type { AuditEvent, Bundle, OperationOutcome, Task } from 'fhir/r4'
import type { TenantSettings } from '../../lib/tenant.ts'
import { type TestApi, testApi } from '../support/api.ts'
import { callingWith } from '../support/calling-with.ts'
import { consent, MARKER } from '../support/consent-world.ts'

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const PART_2 = { system: ACT_CODE, code: '42CFRPart2' }
const LABEL = { ...PART_2, isForAll: true }
const NOTICE = '42 CFR part 2 prohibits unauthorized use or disclosure of these records.'
const BREAK = 'X-Careloop-Break-Glass'
const NORA = { scope: 'user/*.cruds', fhirUser: 'Practitioner/nora', roles: 'care-manager' }

let api: TestApi
let now: number
let load: ReturnType<typeof callingWith>
let ehr: ReturnType<typeof callingWith>
let nora: ReturnType<typeof callingWith>

type Ask = typeof load

const begin = async (tenant: Partial<TenantSettings> = {}, access: 'token' | 'open' = 'token'): Promise<void> => {
  now = Date.parse('2026-01-05T15:00:00.000Z')
  const clock = {
    now: () => {
      now += 1_000
      return new Date(now).toISOString() as `${string}Z`
    },
  }
  api = testApi({ access, audited: true, clock, tenant: { labels: { programme: ['loader'] }, ...tenant } })
  load = callingWith(api, { scope: 'system/*.cruds', clientId: 'loader' })
  ehr = callingWith(api, { scope: 'system/*.cruds', clientId: 'ehr' })
  nora = callingWith(api, NORA)
  for (const id of ['anna', 'ben']) await put(load, { resourceType: 'Patient', id })
  await put(load, condition('secret'))
  await put(load, condition('plain', { meta: undefined }))
}

const put = async (ask: Ask, resource: { resourceType: string; id: string } & Record<string, unknown>) => {
  const answer = await ask('PUT', `/${resource.resourceType}/${resource.id}`, resource)
  if (answer.status >= 300) throw new Error(answer.text)
  return answer
}

const condition = (id: string, more: Record<string, unknown> = {}) => ({
  resourceType: 'Condition',
  id,
  meta: { security: [PART_2] },
  code: { text: MARKER },
  subject: { reference: 'Patient/anna' },
  ...more,
})

const task = (id: string, more: Record<string, unknown> = {}) => ({
  resourceType: 'Task',
  id,
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/anna' },
  ...more,
})

const permit = () => put(load, consent({ id: 'yes', label: LABEL }))
const statusOf = async (ask: Ask, url: string): Promise<number> => (await ask('GET', url)).status
const found = async (ask: Ask, url: string): Promise<[number | undefined, string[]]> => {
  const { body } = await ask<Bundle>('GET', url)
  return [body.total, (body.entry ?? []).map(({ resource }) => resource!.id!)]
}
const labelsAt = async (url: string): Promise<(string | undefined)[]> =>
  ((await load('GET', url)).body as unknown as Task).meta?.security?.map(({ code }) => code) ?? []

beforeEach(() => begin())

describe('without a consent a labelled resource is not there', () => {
  test('the answer is that of what never was', async () => {
    const hidden = await ehr('GET', '/Condition/secret')
    const absent = await ehr('GET', '/Condition/absent')
    expect([hidden.status, hidden.text]).toEqual([404, absent.text])
    expect((await ehr('DELETE', '/Condition/secret')).status).toBe(204)
    expect(await statusOf(load, '/Condition/secret')).toBe(200)
  })

  test('and it is in no count, also not one that has to sort or follow', async () => {
    expect(await found(ehr, '/Condition?patient=Patient/anna&_total=accurate')).toEqual([1, ['plain']])
    expect(await found(ehr, '/Condition?patient=Patient/anna&_sort=-_id')).toEqual([1, ['plain']])
    expect(await found(ehr, '/Condition?_id=secret')).toEqual([0, []])
    expect((await ehr<Bundle>('GET', '/Condition?patient=Patient/anna&_summary=count')).body.total).toBe(1)
    expect(await found(ehr, '/Patient?_has:Condition:patient:_id=secret')).toEqual([0, []])
    await permit()
    expect((await found(ehr, '/Condition?patient=Patient/anna&_total=accurate'))[0]).toBe(2)
    expect(await found(ehr, '/Patient?_has:Condition:patient:_id=secret')).toEqual([1, ['anna']])
  })

  test('an include does not go on along it', async () => {
    await put(load, { resourceType: 'Organization', id: 'ward', name: 'Ward' })
    await put(load, {
      resourceType: 'Encounter',
      id: 'stay',
      meta: { security: [PART_2] },
      status: 'finished',
      class: { system: ACT_CODE, code: 'IMP' },
      subject: { reference: 'Patient/anna' },
      serviceProvider: { reference: 'Organization/ward' },
    })
    await put(load, condition('plain', { meta: undefined, encounter: { reference: 'Encounter/stay' } }))
    const url = '/Condition?_id=plain&_include=Condition:encounter&_include:iterate=Encounter:service-provider'
    expect((await found(ehr, url))[1]).toEqual(['plain'])
    expect((await found(load, url))[1]).toEqual(['plain', 'stay', 'ward'])
  })

  test('nobody comes to know of it by asking for it not to be there, or by its id', async () => {
    const { id: _id, ...body } = condition('x', { meta: undefined })
    const created = await ehr('POST', '/Condition', body, { 'If-None-Exist': '_id=secret' })
    expect(created.status).toBe(201)
    const taken = await ehr('PUT', '/Condition/secret', condition('secret', { meta: undefined }))
    expect(taken.status).toBe(405)
    expect(taken.text).not.toContain(MARKER)
  })

  test('a patient sees what is about them', async () => {
    const anna = callingWith(api, { scope: 'user/*.rs', fhirUser: 'Patient/anna' })
    expect(await statusOf(anna, '/Condition/secret')).toBe(200)
  })

  test('what is of no patient is seen by the programme alone', async () => {
    await put(load, { resourceType: 'Organization', id: 'unit', name: MARKER, meta: { security: [PART_2] } })
    expect(await statusOf(ehr, '/Organization/unit')).toBe(404)
    expect(await statusOf(load, '/Organization/unit')).toBe(200)
  })
})

describe('a consent', () => {
  test('opens with the next request, and closes with the next after it is withdrawn', async () => {
    expect(await statusOf(nora, '/Condition/secret')).toBe(404)
    await permit()
    expect(await statusOf(nora, '/Condition/secret')).toBe(200)
    await put(load, consent({ id: 'yes', label: LABEL, status: 'inactive' }))
    expect(await statusOf(nora, '/Condition/secret')).toBe(404)
  })

  test('of one patient of several is not enough', async () => {
    const both = [{ actor: [{ reference: 'Patient/anna' }] }, { actor: [{ reference: 'Patient/ben' }] }]
    await put(load, {
      resourceType: 'Appointment',
      id: 'group',
      meta: { security: [PART_2] },
      status: 'proposed',
      participant: both.map(({ actor: [actor] }) => ({ actor, status: 'accepted' })),
    })
    await permit()
    expect(await statusOf(ehr, '/Appointment/group')).toBe(404)
    await put(load, consent({ id: 'bens', label: LABEL, patient: 'ben' }))
    expect(await statusOf(ehr, '/Appointment/group')).toBe(200)
  })

  test('is read once a request, however much is labelled', async () => {
    for (let n = 0; n < 30; n += 1) await put(load, condition(`more-${n}`))
    await permit()
    let queries = 0
    const { table } = api.careloop.store
    const { query } = table
    table.query = (asked) => {
      if (asked.pk.includes('Consent') || asked.from?.includes('Consent')) queries += 1
      return query.call(table, asked)
    }
    expect((await found(ehr, '/Condition?patient=Patient/anna&_count=100'))[1]).toHaveLength(32)
    expect(queries).toBe(1)
  })
})

describe('the notice of redisclosure', () => {
  test('goes with what is about substance use, and only with that', async () => {
    await permit()
    expect((await ehr('GET', '/Condition/secret')).headers['x-careloop-notice']).toBe(NOTICE)
    expect((await ehr('GET', '/Condition?patient=Patient/anna')).headers['x-careloop-notice']).toBe(NOTICE)
    expect((await ehr('GET', '/Condition/plain')).headers['x-careloop-notice']).toBeUndefined()
    await put(load, consent({ id: 'yes', label: LABEL, status: 'inactive' }))
    const { id: _id, ...body } = condition('x')
    const written = await ehr('POST', '/Condition', body)
    expect([written.status, written.text, written.headers['x-careloop-notice']]).toEqual([201, '', undefined])
    await permit()
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Condition/secret' } }],
    }
    expect((await ehr('POST', '/', batch)).headers['x-careloop-notice']).toBe(NOTICE)
  })

  test('is part of a record that is carried away', async () => {
    const outcomes = async () => {
      const { body } = await ehr<Bundle>('GET', '/Patient/anna/$everything')
      return (body.entry ?? []).filter(({ search }) => search?.mode === 'outcome').map(({ resource }) => resource)
    }
    expect(await outcomes()).toEqual([])
    await permit()
    expect((await outcomes())[0] as OperationOutcome).toMatchObject({ issue: [{ diagnostics: NOTICE }] })
  })
})

describe('labels', () => {
  test('go over to what is about what bears them, however far', async () => {
    const entry = [
      task('t', { focus: { reference: 'ServiceRequest/r' } }),
      {
        resourceType: 'ServiceRequest',
        id: 'r',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/anna' },
        reasonReference: [{ reference: 'Condition/secret' }],
      },
    ].map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }))
    expect((await load('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200)
    expect(await labelsAt('/Task/t')).toEqual(['42CFRPart2'])
    expect(await labelsAt('/ServiceRequest/r')).toEqual(['42CFRPart2'])
    expect(await statusOf(ehr, '/Task/t')).toBe(404)
  })

  test('come with an update that refers to it', async () => {
    await put(load, task('t'))
    expect(await labelsAt('/Task/t')).toEqual([])
    await put(load, task('t', { focus: { reference: 'Condition/secret' } }))
    expect(await labelsAt('/Task/t')).toEqual(['42CFRPart2'])
  })

  test('stay when a client that does not know of them puts the rest, which is then no change', async () => {
    const again = await put(load, condition('secret', { meta: undefined }))
    expect(again.headers.etag).toBe('W/"1"')
    const changed = await put(load, condition('secret', { meta: undefined, code: { text: 'other' } }))
    expect(changed.headers.etag).toBe('W/"2"')
    expect(await labelsAt('/Condition/secret')).toEqual(['42CFRPart2'])
  })

  test('are taken away on purpose, and then stay away', async () => {
    await put(load, task('t', { focus: { reference: 'Condition/secret' } }))
    const parameter = [{ name: 'meta', valueMeta: { security: [PART_2] } }]
    await load('POST', '/Task/t/$meta-delete', { resourceType: 'Parameters', parameter })
    expect(await labelsAt('/Task/t')).toEqual([])
    await put(load, task('t', { focus: { reference: 'Condition/secret' }, status: 'accepted' }))
    expect(await labelsAt('/Task/t')).toEqual([])
    // What was there while it was labelled stays so.
    expect(await statusOf(ehr, '/Task/t/_history/1')).toBe(404)
    expect(await statusOf(ehr, '/Task/t')).toBe(200)
  })
})

describe('breaking the glass', () => {
  const REASON = 'Found unconscious, need to know what was taken'
  const glass = (ask: Ask, url = '/Condition/secret', reason = REASON) =>
    ask('GET', url, undefined, { [BREAK]: reason })
  const reviews = async () => {
    const { body } = await load<Bundle<Task>>('GET', '/Task?code=break-glass-review')
    return (body.entry ?? []).map(({ resource }) => resource!)
  }

  test('opens what is labelled of one patient, for four hours', async () => {
    await put(load, condition('bens', { subject: { reference: 'Patient/ben' } }))
    expect((await glass(nora)).status).toBe(200)
    expect(await statusOf(nora, '/Condition/secret')).toBe(200)
    expect(await statusOf(nora, '/Condition/bens')).toBe(404)
    expect(await statusOf(callingWith(api, { ...NORA, fhirUser: 'Practitioner/olga' }), '/Condition/secret')).toBe(404)
    now += 4 * 3_600_000 - 60_000
    expect(await statusOf(nora, '/Condition/secret')).toBe(200)
    now += 60_000
    expect(await statusOf(nora, '/Condition/secret')).toBe(404)
  })

  test('by a search or a compartment of one patient too', async () => {
    expect(await (await glass(nora, '/Condition?patient=Patient/anna')).text).toContain(MARKER)
  })

  test.each(['/Patient/anna/Condition', '/Patient/anna/$everything'])('by %s', async (url) => {
    expect((await glass(nora, url)).text).toContain(MARKER)
  })

  test('gives the supervisors one Task, due within a business day, and tells them at once', async () => {
    await glass(nora)
    await glass(nora)
    const [review, ...others] = await reviews()
    expect(others).toEqual([])
    expect(review).toMatchObject({
      for: { reference: 'Patient/anna' },
      owner: { reference: `CareTeam/${api.careloop.tenant.supervisorPool.id}` },
      priority: 'urgent',
      input: [{ valueReference: { reference: 'Practitioner/nora' } }],
    })
    expect(review!.restriction?.period?.end?.slice(0, 10)).toBe('2026-01-06')
    expect(JSON.stringify(review)).not.toContain('unconscious')
    now += 5 * 3_600_000
    await glass(nora)
    expect(await reviews()).toHaveLength(2)
  })

  test('is on record with its reason, and the reason in no log', async () => {
    await glass(nora)
    const { body } = await load<Bundle<AuditEvent>>('GET', '/AuditEvent?patient=Patient/anna&subtype=110127')
    expect(body.entry?.[0]?.resource?.purposeOfEvent?.[0]).toMatchObject({ text: REASON, coding: [{ code: 'BTG' }] })
    expect(JSON.stringify(api.log)).not.toContain('unconscious')
  })

  test('takes a reason and one patient', async () => {
    expect((await glass(nora, '/Condition/secret', 'hurry')).status).toBe(400)
    expect((await glass(nora, '/Condition')).status).toBe(400)
    expect((await glass(nora, '/Condition?patient=Patient/anna,Patient/ben')).status).toBe(400)
    expect(await reviews()).toEqual([])
  })

  test.each([
    ['an app of the patient', { scope: 'patient/*.cruds', patient: 'anna' }],
    ['an agency', { scope: 'user/*.cruds', fhirUser: 'Organization/helpers', roles: 'agency' }],
    ['an auditor', { scope: 'user/*.cruds', fhirUser: 'Practitioner/paul', roles: 'auditor' }],
    ['a system', { scope: 'system/*.cruds', clientId: 'ehr' }],
    [
      'a user with scopes of a system alone',
      { scope: 'system/*.cruds', fhirUser: 'Practitioner/nora', roles: 'care-manager' },
    ],
  ])('is not for %s', async (_who, token) => {
    expect((await glass(callingWith(api, token))).status).toBe(403)
    expect(await reviews()).toEqual([])
  })

  test('needs the access that the user would need anyway', async () => {
    const narrow = callingWith(api, { ...NORA, scope: 'user/Observation.rs' })
    expect((await glass(narrow)).status).toBe(403)
    expect(await reviews()).toEqual([])
  })

  test('of what is not there opens nothing', async () => {
    expect((await glass(nora, '/Condition/absent')).status).toBe(404)
    expect(await reviews()).toEqual([])
  })
})

describe('labels keep nobody out', () => {
  test('where the tenant does not enforce them', async () => {
    await begin({ labels: { enforced: false } })
    expect(await statusOf(ehr, '/Condition/secret')).toBe(200)
  })

  test('where the service is open', async () => {
    await begin({}, 'open')
    expect((await api.get('/Condition/secret')).status).toBe(200)
    expect((await glassless(api)).status).toBe(200)
  })
})

const glassless = (open: TestApi) => open.get('/Condition/secret', { [BREAK]: 'no glass to be broken here' })
