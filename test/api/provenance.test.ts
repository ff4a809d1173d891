import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome, Provenance } from 'fhir/r4'
import { type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(() => {
  api = testApi()
})

const provenance = (elements = {}) => ({
  'X-Provenance': JSON.stringify({
    resourceType: 'Provenance',
    recorded: '2026-01-05T12:00:00Z',
    agent: [{ who: { reference: 'https://api.test/fhir/Practitioner/1' } }],
    ...elements,
  }),
})
const all = async () =>
  ((await api.get<Bundle>('/Provenance?_count=50')).body.entry ?? []).map(({ resource }) => resource as Provenance)
const targets = async () => (await all()).map(({ target }) => target.map(({ reference }) => reference))

describe('X-Provenance', () => {
  test('makes a Provenance of the version that is written', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }), provenance())
    await api.put('/Task/1', exampleTask({ id: '1', status: 'accepted' }), provenance())
    expect((await targets()).sort()).toEqual([['Task/1/_history/1'], ['Task/1/_history/2']])
    const { body } = await api.get<Bundle>('/Provenance?target=Task/1')
    expect(body.entry).toHaveLength(2)
    expect((await all())[0]!.agent[0]!.who.reference).toBe('Practitioner/1')
  })

  test('of a write that changes nothing makes none', async () => {
    await api.put('/Task/1', exampleTask({ id: '1' }))
    await api.put('/Task/1', exampleTask({ id: '1' }), provenance())
    await api.get('/Task/1', provenance())
    expect(await all()).toEqual([])
  })

  test('of a transaction makes one for all it writes, of a delete one of the tombstone', async () => {
    const put = (id: string) => ({ request: { method: 'PUT', url: `Task/${id}` }, resource: exampleTask({ id }) })
    const entry = [put('1'), put('2')]
    await api.post('/', { resourceType: 'Bundle', type: 'transaction', entry }, provenance())
    await api.delete('/Task/1', provenance())
    expect((await targets()).sort()).toEqual([['Task/1/_history/1', 'Task/2/_history/1'], ['Task/1/_history/2']])
  })

  test.each<[string, Record<string, string>, number]>([
    ['no JSON', { 'X-Provenance': '{' }, 400],
    ['another resource', { 'X-Provenance': '{"resourceType":"Task"}' }, 400],
    ['null', { 'X-Provenance': 'null' }, 400],
    ['one with a target', provenance({ target: [] }), 400],
    ['one that is not valid', provenance({ recorded: 7 }), 422],
  ])('%s is refused, and nothing is written', async (_which, headers, expected) => {
    const { status, body } = await api.put<OperationOutcome>('/Task/1', exampleTask({ id: '1' }), headers)
    expect(status).toBe(expected)
    expect(body.issue[0]!.diagnostics).toContain('X-Provenance')
    expect((await api.get('/Task/1')).status).toBe(404)
  })
})
