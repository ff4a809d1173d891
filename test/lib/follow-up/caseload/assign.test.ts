import { describe, expect, test } from '@jest/globals'
import type { Parameters, ParametersParameter, Provenance, Task } from 'fhir/r4'
import { ASSIGNED } from '../../../../lib/follow-up/caseload/codes.ts'
import { type TestApi, testApi } from '../../../support/api.ts'
import { callingAs } from '../../../support/caller.ts'
import { due, episode, put, task, worker } from './workforce.ts'

const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter })
const COMMIT = { name: 'commit', valueBoolean: true }
const REASSIGN = { name: 'reassign', valueBoolean: true }
const taskNamed = (id: string) => ({ name: 'task', valueReference: { reference: `Task/${id}` } })

const part = ({ part = [] }: ParametersParameter, name: string) => part.filter((each) => each.name === name)
const workerIn = (assignment: ParametersParameter) => part(assignment, 'worker')[0]?.valueReference?.reference
const reasonsIn = (assignment: ParametersParameter) =>
  Object.fromEntries(
    part(assignment, 'candidate').map((one) => [
      workerIn(one),
      part(one, 'reason')
        .map(({ valueCoding }) => valueCoding!.code)
        .join(),
    ]),
  )
const assignmentsOf = (body: Parameters) => body.parameter ?? []

const twoWorkers = async (): Promise<TestApi> => {
  const api = testApi()
  await put(api, ...worker('nora'), ...worker('omar'), ...episode('ann', 'nora'), ...episode('ben', 'nora'))
  return api
}

describe('$assign', () => {
  test('proposes, says why of everybody and writes nothing', async () => {
    const api = await twoWorkers()
    await put(api, task('call', due('2026-01-08')))
    const { status, body } = await api.post<Parameters>('/Task/call/$assign', undefined)
    expect(status).toBe(200)
    const [one] = assignmentsOf(body)
    expect(workerIn(one!)).toBe('PractitionerRole/omar-role')
    expect(part(one!, 'committed')[0]!.valueBoolean).toBe(false)
    expect(reasonsIn(one!)).toEqual({
      'PractitionerRole/omar-role': 'lowest-load',
      'PractitionerRole/nora-role': 'higher-load',
    })
    expect((await api.get<Task>('/Task/call')).body.meta!.versionId).toBe('1')
  })

  test('gives it with commit, on record', async () => {
    const api = await twoWorkers()
    await put(api, task('call', { for: { reference: 'Patient/zoe' }, ...due('2026-01-08') }))
    const as = callingAs(api, 'Practitioner/lead')
    const { status, headers } = await as('POST', '/Task/call/$assign', parameters(COMMIT), { 'If-Match': 'W/"1"' })
    expect(status).toBe(200)
    expect(headers.etag).toBe('W/"2"')
    const { body } = await api.get<Task>('/Task/call')
    expect(body.owner).toEqual({ reference: 'PractitionerRole/omar-role' })
    expect(body.status).toBe('requested')
    expect(body.businessStatus!.coding![0]!.code).toBe('assigned')
    expect(body.extension!.find(({ url }) => url === ASSIGNED)!.valueInstant).toBeDefined()
    const { body: found } = await api.get<{ entry: { resource: Provenance }[] }>('/Provenance?target=Task/call')
    const [record] = found.entry.map(({ resource }) => resource)
    expect(record!.reason![0]!.coding![0]!.code).toBe('assigned')
    expect(record!.entity![0]!.what.reference).toBe('Task/call/_history/1')
    expect(record!.agent.map(({ who }) => who.reference)).toContain('Practitioner/lead')
  })

  test('keeps the patient with whoever has the case', async () => {
    const api = await twoWorkers()
    await put(api, task('call', { for: { reference: 'Patient/ann' } }))
    const { body } = await api.post<Parameters>('/Task/call/$assign', undefined)
    expect(reasonsIn(assignmentsOf(body)[0]!)).toEqual({
      'PractitionerRole/nora-role': 'kept',
      'PractitionerRole/omar-role': 'not-prior',
    })
  })

  test('speaks the patient’s language', async () => {
    const api = testApi()
    const spanish = { communication: [{ coding: [{ system: 'urn:ietf:bcp:47', code: 'es' }] }] }
    const prefers = { language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'es-MX' }] }, preferred: true }
    await put(
      api,
      ...worker('nora'),
      ...worker('omar', {}, spanish),
      ...episode('ann', 'omar'),
      { resourceType: 'Patient', id: 'eva', communication: [prefers] },
      task('call', { for: { reference: 'Patient/eva' } }),
    )
    const { body } = await api.post<Parameters>('/Task/call/$assign', undefined)
    expect(reasonsIn(assignmentsOf(body)[0]!)).toEqual({
      'PractitionerRole/omar-role': 'lowest-load',
      'PractitionerRole/nora-role': 'language',
    })
  })

  test('chooses among the members of the pool that owns it, or whoever is named', async () => {
    const api = await twoWorkers()
    const pool = {
      resourceType: 'CareTeam',
      id: 'pool',
      status: 'active',
      participant: [{ member: { reference: 'Practitioner/nora' } }],
    }
    await put(api, pool, task('call', { owner: { reference: 'CareTeam/pool' } }))
    const own = await api.post<Parameters>('/Task/call/$assign', undefined)
    expect(reasonsIn(assignmentsOf(own.body)[0]!)).toEqual({ 'PractitionerRole/nora-role': 'lowest-load' })
    const omar = { name: 'candidate', valueReference: { reference: 'PractitionerRole/omar-role' } }
    const named = await api.post<Parameters>('/Task/call/$assign', parameters(omar))
    expect(reasonsIn(assignmentsOf(named.body)[0]!)).toEqual({ 'PractitionerRole/omar-role': 'lowest-load' })
  })

  test('of many at the same time one wins', async () => {
    const api = await twoWorkers()
    await put(api, task('call'))
    const tries = Array.from({ length: 8 }, () => api.post('/Task/call/$assign', parameters(COMMIT)))
    const statuses = (await Promise.all(tries)).map(({ status }) => status).sort()
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409, 409, 409])
    expect((await api.get<Task>('/Task/call')).body.meta!.versionId).toBe('2')
    const again = await api.post('/Task/call/$assign', parameters(COMMIT))
    expect(again.status).toBe(409)
    expect((await api.post('/Task/call/$assign', parameters(COMMIT, REASSIGN))).status).toBe(200)
  })

  test('of many who take it from somebody one wins too', async () => {
    const api = await twoWorkers()
    await put(api, task('call', { owner: { reference: 'PractitionerRole/nora-role' } }))
    const tries = Array.from({ length: 4 }, () => api.post('/Task/call/$assign', parameters(COMMIT, REASSIGN)))
    expect((await Promise.all(tries)).map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  test('does not touch a Task that is closed while it is weighed', async () => {
    const api = await twoWorkers()
    await put(api, task('call', { status: 'accepted' }))
    const { search } = api.careloop
    api.careloop.search = {
      ...search,
      async all(...query) {
        if (query[0] === 'Task') await api.put('/Task/call', task('call', { status: 'completed' }))
        return search.all(...query)
      },
    }
    expect((await api.post('/Task/call/$assign', parameters(COMMIT))).status).toBe(409)
    expect((await api.get<Task>('/Task/call')).body.owner).toBeUndefined()
  })

  test('is refused on another version, of what is closed, and when nobody may', async () => {
    const api = await twoWorkers()
    await put(api, task('call'), task('done', { status: 'completed' }))
    const stale = await api.post('/Task/call/$assign', parameters(COMMIT), { 'If-Match': 'W/"7"' })
    expect(stale.status).toBe(412)
    expect((await api.post('/Task/done/$assign', undefined)).status).toBe(409)
    await put(api, task('rn', { performerType: [{ coding: [{ system: 'urn:x', code: 'rn' }] }] }))
    const nobody = await api.post<Parameters>('/Task/rn/$assign', undefined)
    expect(reasonsIn(assignmentsOf(nobody.body)[0]!)).toEqual({
      'PractitionerRole/nora-role': 'role',
      'PractitionerRole/omar-role': 'role',
    })
    expect((await api.post('/Task/rn/$assign', parameters(COMMIT))).status).toBe(422)
    expect((await api.post('/Task/gone/$assign', undefined)).status).toBe(404)
  })

  test('deals several out one after the other', async () => {
    const api = testApi()
    await put(api, ...worker('nora'), ...worker('omar'))
    await put(
      api,
      task('a', due('2026-01-08')),
      task('b', due('2026-01-08')),
      task('c', due('2026-01-08')),
      task('x', { status: 'completed' }),
    )
    const { status, body } = await api.post<Parameters>(
      '/Task/$assign',
      parameters(COMMIT, taskNamed('a'), taskNamed('b'), taskNamed('x'), taskNamed('c')),
    )
    expect(status).toBe(200)
    expect(assignmentsOf(body).map(workerIn)).toEqual([
      'PractitionerRole/nora-role',
      'PractitionerRole/omar-role',
      undefined,
      'PractitionerRole/nora-role',
    ])
    expect(part(assignmentsOf(body)[2]!, 'refusal')).toHaveLength(1)
    const owned = await api.get<{ total: number }>('/Task?owner=PractitionerRole/nora-role')
    expect(owned.body.total).toBe(2)
  })

  test('deals out what a pool has, the most urgent first', async () => {
    const api = testApi()
    const pool = { resourceType: 'CareTeam', id: 'pool', status: 'active' }
    const ofPool = { owner: { reference: 'CareTeam/pool' } }
    await put(
      api,
      ...worker('nora'),
      pool,
      task('later', { ...ofPool, ...due('2026-01-08') }),
      task('stat', { ...ofPool, priority: 'stat' }),
    )
    const ask = { name: 'pool', valueReference: { reference: 'CareTeam/pool' } }
    const { body } = await api.post<Parameters>('/Task/$assign', parameters(ask))
    expect(assignmentsOf(body).map((one) => part(one, 'task')[0]!.valueReference!.reference)).toEqual([
      'Task/stat',
      'Task/later',
    ])
    expect((await api.post('/Task/$assign', parameters())).status).toBe(400)
  })
})
