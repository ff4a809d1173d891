import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, BundleEntry, OperationOutcome, Task } from 'fhir/r4'
import { read } from '../../lib/interactions/read.ts'
import { FhirError } from '../../lib/outcome.ts'
import { accessOf } from '../../lib/security/access/access.ts'
import { guarded } from '../../lib/security/access/decide.ts'
import { TEST_BASE, type TestAnswer, type TestApi, testApi } from '../support/api.ts'
import { callingWith } from '../support/calling-with.ts'

const SYSTEM = { scope: 'system/*.cruds' }
const ANNA = { scope: 'patient/*.cruds', patient: 'anna' }

let api: TestApi
let system: ReturnType<typeof callingWith>
let anna: ReturnType<typeof callingWith>

const put = async (resource: { resourceType: string; id: string } & Record<string, unknown>): Promise<void> => {
  const { status } = await system('PUT', `/${resource.resourceType}/${resource.id}`, resource)
  expect(status).toBeLessThan(300)
}

const task = (id: string, patient: string | undefined, more: Partial<Task> = {}) => ({
  resourceType: 'Task' as const,
  id,
  status: 'requested' as const,
  intent: 'order' as const,
  ...(patient && { for: { reference: `Patient/${patient}` } }),
  ...more,
})

const observation = (id: string, patient: string, more: Record<string, unknown> = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
  ...more,
})

const idsIn = (bundle: Bundle): string[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource?.id ? [`${resource.resourceType}/${resource.id}`] : []))

const found = async (ask: typeof anna, url: string): Promise<string[]> => {
  const { status, body } = await ask<Bundle>('GET', url)
  expect(status).toBe(200)
  return idsIn(body)
}

const textOf = ({ body }: TestAnswer<unknown>): string => String((body as OperationOutcome).issue[0]!.diagnostics)

beforeEach(async () => {
  api = testApi({ access: 'token', tenant: { referentialIntegrity: 'enforce' } })
  system = callingWith(api, SYSTEM)
  anna = callingWith(api, ANNA)
  await put({ resourceType: 'Patient', id: 'anna', name: [{ family: 'Alvarez' }], gender: 'female' })
  await put({ resourceType: 'Patient', id: 'ben', name: [{ family: 'Brown' }], gender: 'male' })
})

describe('what may not be seen is not there', () => {
  test('the refusal of a read is that of what never was', async () => {
    await put(task('bens', 'ben'))
    const hidden = await anna('GET', '/Task/bens')
    const absent = await anna('GET', '/Task/absent')
    expect(hidden.status).toBe(404)
    expect(hidden.text).toBe(absent.text)
    expect(Object.keys(hidden.headers).sort()).toEqual(Object.keys(absent.headers).sort())
  })

  test('the audit is told what the caller is not', async () => {
    await put(task('bens', 'ben'))
    const access = await accessOf(api.careloop, { scopes: ['patient/*.rs'], patient: 'anna' }, TEST_BASE)
    const denied = async (id: string) => {
      const request = {
        type: 'Task',
        id,
        versionId: '',
        query: [],
        conditions: {},
        prefer: { handling: 'strict' } as const,
      }
      const asked = { ...request, baseUrl: TEST_BASE, requestId: '1', access }
      const resolve = () => {
        throw new Error('no entries')
      }
      const error = await guarded('read', read)(api.careloop, asked, resolve).catch((thrown: unknown) => thrown)
      return error instanceof FhirError && [error.status, error.denied]
    }
    expect(await denied('bens')).toEqual([404, true])
    expect(await denied('absent')).toEqual([404, false])
  })

  test('nor that of a version, of a history, of $everything, $meta and $explain', async () => {
    await put(task('bens', 'ben'))
    for (const rest of ['/_history/1', '/_history', '/$meta', '/$explain']) {
      const hidden = await anna('GET', `/Task/bens${rest}`)
      const absent = await anna('GET', `/Task/absent${rest}`)
      expect([rest, hidden.status, hidden.text]).toEqual([rest, 404, absent.text])
    }
    expect((await anna('GET', '/Patient/ben/$everything')).text).toBe(
      (await anna('GET', '/Patient/zoe/$everything')).text,
    )
  })

  test('what was deleted is gone for whom it was, and never was for others', async () => {
    await put(task('hers', 'anna'))
    await put(task('his', 'ben'))
    for (const id of ['hers', 'his']) await system('DELETE', `/Task/${id}`)
    expect((await anna('GET', '/Task/hers')).status).toBe(410)
    expect((await anna('GET', '/Task/his')).status).toBe(404)
    expect((await anna('GET', '/Task/hers/_history')).status).toBe(200)
    expect((await anna('GET', '/Task/his/_history')).status).toBe(404)
  })

  test('PUT on an id that is taken is refused as on one that is not', async () => {
    await put(task('bens', 'ben'))
    const taken = await anna('PUT', '/Task/bens', task('bens', 'anna'))
    const free = await anna('PUT', '/Task/free', task('free', 'anna'))
    expect(taken.status).toBe(405)
    expect(taken.text).toBe(free.text)
    expect((await system<Task>('GET', '/Task/bens')).body.for?.reference).toBe('Patient/ben')
  })

  test('a delete is answered as of what is not there, and deletes nothing', async () => {
    await put(task('bens', 'ben'))
    const hidden = await anna('DELETE', '/Task/bens')
    expect([hidden.status, hidden.text]).toEqual([204, (await anna('DELETE', '/Task/absent')).text])
    expect(hidden.headers.etag).toBeUndefined()
    expect((await system('GET', '/Task/bens')).status).toBe(200)
  })

  test('a reference to it is refused as one to nothing', async () => {
    await put(observation('bens', 'ben'))
    const to = (reference: string) => anna('POST', '/Task', { ...task('x', 'anna'), focus: { reference } })
    const hidden = await to('Observation/bens')
    const absent = await to('Observation/absent')
    expect(hidden.status).toBe(422)
    expect(hidden.text).toBe(absent.text)
  })

  test('what refers to it is not named', async () => {
    const staff = callingWith(api, { scope: 'patient/*.cruds', patient: 'anna' })
    await put(observation('hers', 'anna'))
    await put(task('bens', 'ben', { focus: { reference: 'Observation/hers' } }))
    const refused = await staff('DELETE', '/Observation/hers')
    expect(refused.status).toBe(409)
    expect(textOf(refused)).toMatch(/^Something refers/)
  })
})

describe('a search tells nothing of what it does not show', () => {
  beforeEach(async () => {
    await put({ resourceType: 'Practitioner', id: 'nora', name: [{ family: 'North' }] })
    await put(observation('hers', 'anna', { valueString: 'a' }))
    await put(observation('his', 'ben', { valueString: 'b', derivedFrom: [{ reference: 'Observation/hers' }] }))
    await put(task('hers', 'anna', { priority: 'routine', focus: { reference: 'Observation/his' } }))
    await put(task('his', 'ben', { priority: 'urgent', focus: { reference: 'Observation/hers' } }))
    await put(task('nobodys', undefined))
  })

  test('by any criterion', async () => {
    expect(await found(anna, '/Task')).toEqual(['Task/hers'])
    expect(await found(anna, '/Task?patient=Patient/ben')).toEqual([])
    expect(await found(anna, '/Task?_id=his,hers,nobodys')).toEqual(['Task/hers'])
    expect(await found(anna, '/Patient')).toEqual(['Patient/anna'])
    expect(await found(anna, '/Patient/ben/Task')).toEqual([])
    expect((await found(anna, '/Patient/anna/*')).sort()).toEqual(['Observation/hers', 'Task/hers'])
  })

  test('by POST, by a Bundle, or of all types', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const posted = await anna<Bundle>('POST', '/Task/_search', '_id=his,hers', form)
    expect(idsIn(posted.body)).toEqual(['Task/hers'])
    const entry = [{ request: { method: 'GET', url: 'Task?_id=his,hers' } }]
    const batch = await anna<Bundle>('POST', '/', { resourceType: 'Bundle', type: 'batch', entry })
    expect(idsIn(batch.body.entry![0]!.resource as Bundle)).toEqual(['Task/hers'])
    expect((await found(anna, '/?_type=Task,Observation,Patient')).sort()).toEqual([
      'Observation/hers',
      'Patient/anna',
      'Task/hers',
    ])
  })

  test('a chain through what is hidden does not match', async () => {
    // Of the Task that is hers the focus is an Observation that is his.
    expect(await found(system, '/Task?focus:Observation.value-string=b')).toEqual(['Task/hers'])
    expect(await found(anna, '/Task?focus:Observation.value-string=b')).toEqual([])
    expect(await found(anna, '/Task?focus:Observation.subject:Patient.family=Brown')).toEqual([])
    expect(await found(anna, '/Task?patient.family=Alvarez')).toEqual(['Task/hers'])
  })

  test('nor does _has', async () => {
    expect(await found(system, '/Observation?_has:Task:focus:priority=urgent')).toEqual(['Observation/hers'])
    expect(await found(anna, '/Observation?_has:Task:focus:priority=urgent')).toEqual([])
    expect(await found(anna, '/Observation?_has:Observation:derived-from:value-string=b')).toEqual([])
  })

  test('nothing comes along that could not be read', async () => {
    expect(await found(anna, '/Task?_id=hers&_include=*&_revinclude=*')).toEqual(['Task/hers', 'Patient/anna'])
    expect(await found(anna, '/Observation?_id=hers&_revinclude=*')).toEqual(['Observation/hers'])
    const tasks = callingWith(api, { scope: 'patient/Task.rs', patient: 'anna' })
    expect(await found(tasks, '/Task?_id=hers&_include=Task:patient')).toEqual(['Task/hers'])
  })

  test('nothing comes along by way of what is hidden', async () => {
    await put(observation('far', 'anna'))
    await put(observation('his', 'ben', { derivedFrom: [{ reference: 'Observation/far' }] }))
    const url = '/Task?_id=hers&_include=Task:focus&_include:iterate=Observation:derived-from'
    expect(await found(system, url)).toEqual(['Task/hers', 'Observation/his', 'Observation/far'])
    expect(await found(anna, url)).toEqual(['Task/hers'])
  })

  test('totals and counts are of what is shown', async () => {
    for (const query of ['_summary=count', '_total=accurate', '_count=0']) {
      const { body } = await anna<Bundle>('GET', `/Task?${query}`)
      expect([query, body.total]).toEqual([query, 1])
    }
  })

  test('_explain does not say how much was looked at', async () => {
    const { text } = await anna('GET', '/Task?_explain=true')
    expect(text).not.toContain('rows were looked at')
  })

  test('a cursor of one caller is none of another', async () => {
    for (let n = 0; n < 3; n++) await put(task(`more-${n}`, 'anna'))
    const { body } = await system<Bundle>('GET', '/Task?_count=1')
    const next = body.link!.find(({ relation }) => relation === 'next')!.url.split('/fhir')[1]!
    expect((await system('GET', next)).status).toBe(200)
    expect((await anna('GET', next)).status).toBe(400)
    const routine = callingWith(api, { scope: 'patient/Task.s?priority=routine', patient: 'anna' })
    const other = callingWith(api, { scope: 'patient/Task.s?intent=order', patient: 'anna' })
    const first = await other<Bundle>('GET', '/Task?_count=1')
    const second = first.body.link!.find(({ relation }) => relation === 'next')!.url.split('/fhir')[1]!
    expect((await other('GET', second)).status).toBe(200)
    expect((await routine('GET', second)).status).toBe(400)
  })

  test.each([
    ['in the order of the lists', ''],
    ['sorted', '&_sort=-_id'],
    ['newest first', '&_sort=-_lastUpdated'],
  ])('a walk over pages %s gives everything once', async (_how, sort) => {
    const hers = ['Task/hers']
    for (let n = 0; n < 9; n++) {
      await put(task(`a${n}`, n % 2 ? 'anna' : 'ben'))
      if (n % 2) hers.push(`Task/a${n}`)
    }
    const labs = callingWith(api, {
      scope: 'patient/Task.s?priority=routine patient/Task.s?status=requested',
      patient: 'anna',
    })
    for (const ask of [anna, labs]) {
      const seen: string[] = []
      for (let url: string | undefined = `/Task?_count=2${sort}`; url; ) {
        const { body }: TestAnswer<Bundle> = await ask<Bundle>('GET', url)
        if (body.total !== undefined) expect(body.total).toBe(hers.length)
        seen.push(...idsIn(body))
        url = body.link!.find(({ relation }) => relation === 'next')?.url.split('/fhir')[1]
      }
      expect(seen.sort()).toEqual([...hers].sort())
    }
  })
})

describe('conditional interactions tell nothing of what is hidden', () => {
  const identifier = [{ system: 'urn:x', value: '1' }]
  const unless = { 'If-None-Exist': 'identifier=urn:x|1' }

  test('a conditional create creates, though another has claimed the criteria', async () => {
    const first = await system<Task>('POST', '/Task', { ...task('x', 'ben'), id: undefined, identifier }, unless)
    expect(first.status).toBe(201)
    const second = await anna<Task>('POST', '/Task', { ...task('x', 'anna'), id: undefined, identifier }, unless)
    expect(second.status).toBe(201)
    expect(second.body.id).not.toBe(first.body.id)
    const third = await anna<Task>('POST', '/Task', { ...task('x', 'anna'), id: undefined, identifier }, unless)
    expect([third.status, third.body.id]).toEqual([200, second.body.id])
  })

  test('conditional update, patch and delete do not find it', async () => {
    await put({ ...task('bens', 'ben'), identifier })
    const url = '/Task?identifier=urn:x|1'
    const json = { 'Content-Type': 'application/json-patch+json' }
    expect((await anna('PATCH', url, [{ op: 'add', path: '/language', value: 'en' }], json)).status).toBe(404)
    expect((await anna('DELETE', url)).status).toBe(204)
    expect((await anna('PUT', url, { ...task('x', 'anna'), id: undefined, identifier })).status).toBe(201)
    expect((await system<Task>('GET', '/Task/bens')).body.language).toBeUndefined()
  })

  test('what names by criteria has to be allowed to search', async () => {
    const writer = callingWith(api, { scope: 'system/Task.cud' })
    const refused = await writer('POST', '/Task', { ...task('x', 'anna'), id: undefined }, unless)
    expect(refused.status).toBe(403)
    expect(textOf(refused)).toContain('Task.s')
    expect((await writer('DELETE', '/Task?identifier=urn:x|1')).status).toBe(403)
  })

  test('a conditional reference does not find it', async () => {
    await put({ ...observation('bens', 'ben'), identifier })
    const resource = { ...task('x', 'anna'), id: undefined, focus: { reference: 'Observation?identifier=urn:x|1' } }
    const entry = [{ resource, request: { method: 'POST', url: 'Task' } }]
    const { status } = await anna('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry })
    expect(status).toBe(412)
  })
})

describe('Bundles', () => {
  const write = (resource: { resourceType: string; id: string }): BundleEntry =>
    ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }) as BundleEntry
  const send = (type: string, entry: unknown[], prefer = 'return=minimal') =>
    anna<Bundle>('POST', '/', { resourceType: 'Bundle', type, entry }, { Prefer: prefer })

  beforeEach(async () => {
    await put(task('hers', 'anna'))
    await put(task('his', 'ben'))
  })

  test('one refused entry refuses the whole transaction', async () => {
    const change = write({ ...task('hers', 'anna'), description: 'changed' } as ReturnType<typeof task>)
    const refused = await send('transaction', [change, write(task('hers-2', 'anna'))])
    expect(refused.status).toBe(405)
    const reader = callingWith(api, { scope: 'patient/Task.cruds', patient: 'anna' })
    const entry = [change, { request: { method: 'GET', url: 'Observation?_count=1' } }]
    const unread = await reader('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry })
    expect(unread.status).toBe(403)
    expect((await system<Task>('GET', '/Task/hers')).body.description).toBeUndefined()
  })

  test('each entry of a batch is decided by itself', async () => {
    const get = (url: string) => ({ request: { method: 'GET', url } })
    const { body } = await send('batch', [get('Task/hers'), get('Task/his'), write({ ...task('his', 'anna') })])
    expect(body.entry!.map(({ response }) => response!.status.slice(0, 3))).toEqual(['200', '404', '405'])
  })

  test('the answer to a write shows no more than may be read', async () => {
    const writer = callingWith(api, { scope: 'patient/Task.u', patient: 'anna' })
    const patch = [{ op: 'add', path: '/description', value: 'x' }]
    const json = { 'Content-Type': 'application/json-patch+json' }
    const { status, text } = await writer('PATCH', '/Task/hers', patch, json)
    expect([status, text]).toEqual([200, ''])
    const entry = [write({ ...task('hers', 'anna'), description: 'y' } as ReturnType<typeof task>)]
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry }
    const answer = await writer<Bundle>('POST', '/', bundle, { Prefer: 'return=representation' })
    expect(answer.status).toBe(200)
    expect(answer.body.entry![0]!.resource).toBeUndefined()
  })
})

describe('X-Provenance', () => {
  test('takes the scope of a Provenance, and nothing is written without', async () => {
    const header = JSON.stringify({
      resourceType: 'Provenance',
      recorded: '2026-01-05T12:00:00Z',
      agent: [{ who: { reference: 'Patient/anna' } }],
    })
    const create = (scope: string) =>
      callingWith(api, { scope, patient: 'anna' })(
        'POST',
        '/Task',
        { ...task('x', 'anna'), id: undefined },
        {
          'X-Provenance': header,
        },
      )
    expect((await create('patient/Task.cruds')).status).toBe(403)
    expect(await found(anna, '/Task')).toEqual([])
    expect((await create('patient/Task.cruds patient/Provenance.c')).status).toBe(201)
  })
})

describe('what was filed under the wrong patient', () => {
  beforeEach(async () => {
    await put(observation('moved', 'ben', { valueString: 'secret of ben' }))
    await put(observation('moved', 'anna', { valueString: 'of anna' }))
  })

  test('its past is neither patient’s', async () => {
    const ben = callingWith(api, { scope: 'patient/*.rs', patient: 'ben' })
    expect((await anna('GET', '/Observation/moved/_history/2')).status).toBe(200)
    expect((await anna('GET', '/Observation/moved/_history/1')).status).toBe(404)
    expect((await ben('GET', '/Observation/moved/_history/1')).status).toBe(404)
    expect((await ben('GET', '/Observation/moved/_history')).status).toBe(404)
    const { body } = await anna<Bundle>('GET', '/Observation/moved/_history')
    expect(body.entry).toHaveLength(1)
    expect(body.total).toBe(1)
    const { body: all } = await ben<Bundle>('GET', '/_history?_count=50')
    expect(idsIn(all)).toEqual(['Patient/ben'])
  })

  test('nothing can be moved into or out of a compartment', async () => {
    await put(observation('hers', 'anna'))
    const away = await anna('PUT', '/Observation/hers', observation('hers', 'ben'))
    expect(away.status).toBe(403)
    const into = await anna('POST', '/Observation', observation('x', 'ben'))
    expect(into.status).toBe(403)
    expect((await system('GET', '/Observation/hers/_history/2')).status).toBe(404)
  })
})

describe('an agency', () => {
  const HAL = { scope: 'user/*.cruds', fhirUser: 'Practitioner/hal', roles: 'agency' }
  let hal: ReturnType<typeof callingWith>

  beforeEach(async () => {
    hal = callingWith(api, HAL)
    await put({ resourceType: 'Organization', id: 'helpers', name: 'Helpers' })
    await put({ resourceType: 'Practitioner', id: 'hal' })
    const role = {
      resourceType: 'PractitionerRole',
      id: 'hal-role',
      practitioner: { reference: 'Practitioner/hal' },
      organization: { reference: 'Organization/helpers' },
    }
    await put(role)
    await put(observation('sent', 'anna'))
    await put(observation('kept', 'anna'))
    await put(
      task('sent', 'anna', { owner: { reference: 'Organization/helpers' }, focus: { reference: 'Observation/sent' } }),
    )
    await put(task('kept', 'anna'))
  })

  test('sees its Tasks and what they refer to, and nothing more of the same patient', async () => {
    expect(await found(hal, '/Task')).toEqual(['Task/sent'])
    expect(await found(hal, '/Observation?patient=Patient/anna')).toEqual(['Observation/sent'])
    expect(await found(hal, '/Patient')).toEqual(['Patient/anna'])
    expect((await found(hal, '/Patient/anna/$everything')).sort()).toEqual([
      'Observation/sent',
      'Patient/anna',
      'Task/sent',
    ])
  })

  test('comes to see nothing by referring to it', async () => {
    const more = { owner: { reference: 'Organization/helpers' }, focus: { reference: 'Observation/kept' } }
    const refused = await hal('PUT', '/Task/sent', task('sent', 'anna', more))
    expect(refused.status).toBe(422)
    expect((await hal('GET', '/Observation/kept')).status).toBe(404)
  })

  test('sees the Task that it has rejected and no longer what it refers to', async () => {
    await put(
      task('sent', 'anna', {
        owner: { reference: 'Organization/helpers' },
        focus: { reference: 'Observation/sent' },
        status: 'rejected',
        statusReason: { text: 'no room' },
      }),
    )
    expect((await hal('GET', '/Task/sent')).status).toBe(200)
    expect((await hal('GET', '/Observation/sent')).status).toBe(404)
    expect((await hal('GET', '/Patient/anna')).status).toBe(404)
  })

  test('of whoever does not work there any more there is nothing', async () => {
    const role = (await system<Record<string, unknown>>('GET', '/PractitionerRole/hal-role')).body
    await put({ ...role, active: false } as unknown as { resourceType: string; id: string })
    expect(await found(hal, '/Task')).toEqual([])
  })

  test('answers by its Task', async () => {
    const patch = [{ op: 'replace', path: '/status', value: 'accepted' }]
    const json = { 'Content-Type': 'application/json-patch+json' }
    expect((await hal<Task>('PATCH', '/Task/sent', patch, json)).body.status).toBe('accepted')
    expect((await hal('PATCH', '/Task/kept', patch, json)).status).toBe(404)
  })
})
