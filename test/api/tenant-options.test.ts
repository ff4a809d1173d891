import { describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { testApi } from '../support/api.ts'
import { examplePatient, exampleTask, expressionsOf, identifiedBy } from '../support/example-resources.ts'

const transaction = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry })

describe('updateCreate: false', () => {
  const api = testApi({ tenant: { updateCreate: false } })

  test('refuses ids that clients choose, wherever they come from', async () => {
    const put = { request: { method: 'PUT', url: 'Task/1' }, resource: exampleTask({ id: '1' }) }
    expect((await api.put('/Task/1', exampleTask({ id: '1' }))).status).toBe(405)
    expect((await api.put('/Task?identifier=1', exampleTask({ id: '1', ...identifiedBy('1') }))).status).toBe(405)
    expect((await api.post('/', transaction(put))).status).toBe(405)
    expect((await api.get<Bundle>('/Task')).body.entry).toBeUndefined()
  })

  test('lets what exists be updated, and what matches nothing be created under an id of ours', async () => {
    const { body } = await api.put<{ id: string }>('/Task?identifier=2', exampleTask(identifiedBy('2')))
    expect((await api.put(`/Task/${body.id}`, exampleTask({ id: body.id }))).status).toBe(200)
    await api.delete(`/Task/${body.id}`)
    expect((await api.put(`/Task/${body.id}`, exampleTask({ id: body.id }))).status).toBe(201)
  })
})

test('requireIfMatch: a change of what exists needs If-Match', async () => {
  const api = testApi({ tenant: { requireIfMatch: true } })
  expect((await api.put('/Task/1', exampleTask({ id: '1' }))).status).toBe(201)
  const refused = await api.put<OperationOutcome>('/Task/1', exampleTask({ id: '1', status: 'accepted' }))
  expect({ status: refused.status, etag: refused.headers.etag }).toEqual({ status: 428, etag: 'W/"1"' })
  expect((await api.send('PATCH', '/Task/1', [{ op: 'remove', path: '/intent' }])).status).toBe(428)
  const put = { method: 'PUT', url: 'Task/1' }
  const resource = exampleTask({ id: '1', status: 'accepted' })
  expect((await api.post('/', transaction({ request: put, resource }))).status).toBe(428)
  expect((await api.post('/', transaction({ request: { ...put, ifMatch: 'W/"1"' }, resource }))).status).toBe(200)
  expect((await api.delete('/Task/1')).status).toBe(204)
})

test('referentialIntegrity is enforce unless a tenant says otherwise', async () => {
  const api = testApi({ tenant: { referentialIntegrity: undefined } })
  expect((await api.put('/Task/1', exampleTask({ id: '1', for: { reference: 'Patient/1' } }))).status).toBe(422)
})

describe('referentialIntegrity: enforce', () => {
  const taskFor = (id: string, reference: string) => exampleTask({ id, for: { reference } })

  test('refuses references to what is not there, of types that are served', async () => {
    const api = testApi({ tenant: { referentialIntegrity: 'enforce' } })
    const { status, body } = await api.put<OperationOutcome>('/Task/1', taskFor('1', 'Patient/1'))
    expect({ status, expressions: expressionsOf(body) }).toEqual({ status: 422, expressions: ['Task.for.reference'] })
    for (const reference of ['VisionPrescription/1', 'https://elsewhere.example/fhir/Patient/1', 'urn:uuid:x'])
      expect([
        reference,
        (await api.put(`/Task/${reference.length}`, taskFor(`${reference.length}`, reference))).status,
      ]).toEqual([reference, 201])
    await api.put('/Patient/1', examplePatient({ id: '1' }))
    expect((await api.put('/Task/1', taskFor('1', 'Patient/1'))).status).toBe(201)
    await api.put('/Task/2', exampleTask({ id: '2' }))
    const patch = [{ op: 'add', path: '/for', value: { reference: 'Patient/2' } }]
    expect((await api.send('PATCH', '/Task/2', patch)).status).toBe(422)
  })

  test('counts what the same transaction creates, and not what it deletes', async () => {
    const api = testApi({ tenant: { referentialIntegrity: 'enforce' } })
    const patient = { request: { method: 'PUT', url: 'Patient/1' }, resource: examplePatient({ id: '1' }) }
    const task = { request: { method: 'PUT', url: 'Task/1' }, resource: taskFor('1', 'Patient/1') }
    const { body } = await api.post<OperationOutcome>('/', transaction(task))
    expect(expressionsOf(body)).toEqual(['Bundle.entry[0].resource.for.reference'])
    expect((await api.post('/', transaction(task, patient))).status).toBe(200)
    const remove = { request: { method: 'DELETE', url: 'Patient/1' } }
    const again = { ...task, resource: { ...taskFor('1', 'Patient/1'), description: 'changed' } }
    expect((await api.post('/', transaction(remove, again))).status).toBe(422)
  })

  test('refuses to delete what is referenced', async () => {
    const api = testApi({ tenant: { referentialIntegrity: 'enforce' } })
    await api.put('/Patient/1', examplePatient({ id: '1' }))
    await api.put('/Task/1', exampleTask({ id: '1', for: { reference: 'Patient/1' } }))
    await api.put('/Task/2', exampleTask({ id: '2', partOf: [{ reference: 'Task/1' }] }))
    expect((await api.delete('/Patient/1')).status).toBe(409)
    expect((await api.delete('/Task/1')).status).toBe(409)
    const remove = (url: string) => ({ request: { method: 'DELETE', url } })
    expect((await api.post('/', transaction(remove('Task/1'), remove('Patient/1')))).status).toBe(409)
    const { status } = await api.post('/', transaction(remove('Task/1'), remove('Task/2'), remove('Patient/1')))
    expect(status).toBe(200)
    expect((await api.get('/Patient/1')).status).toBe(410)
  })
})

test('referentialIntegrity: enforce does not count references to a version or to another server', async () => {
  const api = testApi({ tenant: { referentialIntegrity: 'enforce' } })
  await api.put('/Practitioner/7', { resourceType: 'Practitioner', id: '7' })
  const provenance = { recorded: '2026-01-05T12:00:00Z', agent: [{ who: { reference: 'Practitioner/7' } }] }
  const headers = { 'X-Provenance': JSON.stringify({ resourceType: 'Provenance', ...provenance }) }
  await api.put('/Task/1', exampleTask({ id: '1' }), headers)
  const elsewhere = [{ reference: 'https://elsewhere.example/fhir/Task/1' }]
  await api.put('/Task/2', exampleTask({ id: '2', partOf: elsewhere }))
  expect((await api.delete('/Task/1', headers)).status).toBe(204)
  expect((await api.get<Bundle>('/Provenance')).body.entry).toHaveLength(2)
  expect((await api.delete('/Practitioner/7')).status).toBe(409)
})

test('referentialIntegrity: warn lets it pass and says so where it is asked', async () => {
  const api = testApi({ tenant: { referentialIntegrity: 'warn' } })
  const { status, body } = await api.post<OperationOutcome>('/Task', exampleTask({ for: { reference: 'Patient/1' } }), {
    Prefer: 'return=OperationOutcome',
  })
  expect(status).toBe(201)
  expect(body.issue.map(({ severity, expression }) => [severity, expression?.[0]])).toEqual([
    ['information', undefined],
    ['warning', 'Task.for.reference'],
  ])
})
