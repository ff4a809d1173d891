import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

const CODES = 'http://example.org/CodeSystem/work'
const URL = 'http://example.org/ValueSet/calls'

const api = testApi()
const coded = (id: string, code?: string) =>
  exampleTask({ id, code: code === undefined ? undefined : { coding: [{ system: CODES, code }] } })
const valueSet = (id: string, elements: Record<string, unknown>) => ({
  resourceType: 'ValueSet',
  id,
  status: 'active',
  ...elements,
})
const listing = (...codes: string[]) => ({
  compose: { include: [{ system: CODES, concept: codes.map((code) => ({ code })) }] },
})

beforeAll(async () => {
  await api.put('/Task/call', coded('call', 'call'))
  await api.put('/Task/text', coded('text', 'text'))
  await api.put('/Task/visit', coded('visit', 'visit'))
  await api.put('/Task/none', coded('none'))
  await api.put('/ValueSet/calls', valueSet('calls', { url: URL, version: '2', ...listing('call', 'text') }))
  await api.put(
    '/ValueSet/calls-1',
    valueSet('calls-1', { url: URL, version: '1', ...listing('visit'), status: 'retired' }),
  )
  const filter = [{ property: 'concept', op: 'is-a', value: 'call' }]
  await api.put('/ValueSet/filtered', valueSet('filtered', { compose: { include: [{ system: CODES, filter }] } }))
  await api.put('/Provenance/1', {
    ...{ resourceType: 'Provenance', id: '1', recorded: '2026-01-05T12:00:00Z', target: [{ reference: 'Task/visit' }] },
    agent: [{ who: { display: 'x' } }],
  })
})

const idsOf = async (query: string, type = 'Task') => {
  const { status, body } = await api.get<Bundle>(`/${type}?${query}`)
  expect({ query, status }).toEqual({ query, status: 200 })
  return (body.entry ?? []).map(({ resource }) => resource!.id).sort()
}

describe('a search by value set', () => {
  test.each([
    [`code:in=${URL}`, ['call', 'text']],
    [`code:in=${URL}|1`, ['visit']],
    ['code:in=ValueSet/calls', ['call', 'text']],
    ['code:in=https://api.test/fhir/ValueSet/calls-1', ['visit']],
    ['code:in=ValueSet/calls,ValueSet/calls-1', ['call', 'text', 'visit']],
    [`code:not-in=${URL}`, ['none', 'visit']],
    // one that comes with the service
    ['code:in=https://careloop.dev/fhir/ValueSet/care-task-type', []],
    ['status:in=https://careloop.dev/fhir/ValueSet/care-task-type', []],
  ])('%s finds %j', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids)
  })

  test('can stand behind a chain', async () => {
    expect(await idsOf('target:Task.code:in=ValueSet/calls-1', 'Provenance')).toEqual(['1'])
    expect(await idsOf(`target:Task.code:in=${URL}`, 'Provenance')).toEqual([])
  })

  test('goes by the value set as it is now', async () => {
    await api.put('/ValueSet/moving', valueSet('moving', { url: 'http://example.org/moving', ...listing('call') }))
    expect(await idsOf('code:in=http://example.org/moving')).toEqual(['call'])
    await api.put('/ValueSet/moving', valueSet('moving', { url: 'http://example.org/moving', ...listing('visit') }))
    expect(await idsOf('code:in=http://example.org/moving')).toEqual(['visit'])
  })

  test.each([
    ['code:in=http://example.org/unknown', 'not-found', /code:in is not known here/],
    ['code:in=ValueSet/filtered', 'not-supported', /code:in cannot be expanded here/],
    ['code:not-in=ValueSet/filtered', 'not-supported', /code:not-in cannot be expanded/],
    ['code:above=call', 'not-supported', /code:above is not supported/],
    ['identifier:in=ValueSet/calls', 'not-supported', /identifier:in is not supported/],
  ])('%s is a 400 (%s)', async (query, code, text) => {
    const { status, body } = await api.get<OperationOutcome>(`/Task?${query}`)
    expect(status).toBe(400)
    expect(body.issue[0]).toMatchObject({ code, diagnostics: expect.stringMatching(text) })
  })
})

test('value sets are found by url, version, name and status', async () => {
  await api.put('/ValueSet/named', valueSet('named', { url: 'http://example.org/n', version: '7', name: 'Named' }))
  for (const query of ['url=http://example.org/n', 'version=7', 'name=named', 'url=http://example.org/n&status=active'])
    expect(await idsOf(query, 'ValueSet')).toEqual(['named'])
})
