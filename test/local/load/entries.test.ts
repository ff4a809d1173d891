import { describe, expect, test } from '@jest/globals'
import { UnreadableFile } from '../../../local/load/cannot-load.ts'
import { readBundle } from '../../../local/load/entries.ts'

const UUID = '44717d84-17d5-cefa-acf9-fe51fddc5d1c'

const bundle = (type: string, ...entry: unknown[]) => ({ resourceType: 'Bundle', type, entry })
const requestsOf = (content: unknown) => readBundle(content).entries.map(({ request }) => request)

describe('readBundle', () => {
  test('a POST goes by PUT to the uuid of its fullUrl, so that loading again makes no duplicate', () => {
    const [entry] = readBundle(
      bundle('transaction', {
        fullUrl: `urn:uuid:${UUID}`,
        resource: { resourceType: 'Patient', id: '1' },
        request: { method: 'POST', url: 'Patient' },
      }),
    ).entries
    expect(entry).toMatchObject({
      request: { method: 'PUT', url: `Patient/${UUID}` },
      resource: { id: UUID },
      target: `Patient/${UUID}`,
      place: 'entry[0]',
    })
  })

  test('without such a fullUrl it keeps its own id, and without that gets one made of its content', () => {
    const noId = { resource: { resourceType: 'Patient', gender: 'male' } }
    const content = bundle('collection', { resource: { resourceType: 'Patient', id: '355' } }, noId, noId)
    const urls = requestsOf(content).map(({ url }) => url)
    expect(urls[0]).toBe('Patient/355')
    expect(new Set(urls).size).toBe(3)
    expect(requestsOf(content).map(({ url }) => url)).toEqual(urls)
  })

  test('an id that is not legal in FHIR is not used', () => {
    const [request] = requestsOf(bundle('collection', { resource: { resourceType: 'Patient', id: 'a_b' } }))
    expect(request!.url).toMatch(/^Patient\/[0-9a-f-]{36}$/)
  })

  test('a conditional create stays one: only the server knows whether it has a match', () => {
    const request = { method: 'POST', url: 'Organization', ifNoneExist: 'identifier=x|1' }
    const [entry] = readBundle(
      bundle('batch', { fullUrl: `urn:uuid:${UUID}`, resource: { resourceType: 'Organization' }, request }),
    ).entries
    expect(entry).toMatchObject({ request, fullUrl: `urn:uuid:${UUID}` })
    expect(entry).not.toHaveProperty('target')
  })

  test('a POST without a url is understood by its resource, and a PUT gives its id to a resource without one', () => {
    expect(
      readBundle(
        bundle(
          'transaction',
          { resource: { resourceType: 'Goal', id: 'g' }, request: { method: 'POST' } },
          { resource: { resourceType: 'Provenance' }, request: { method: 'PUT', url: 'Provenance/p' } },
        ),
      ).entries,
    ).toMatchObject([{ request: { method: 'PUT', url: 'Goal/g' } }, { target: 'Provenance/p', resource: { id: 'p' } }])
  })

  test('deletions come first and reads are left out', () => {
    const read = readBundle(
      bundle(
        'transaction',
        { request: { method: 'GET', url: 'Patient/1' } },
        { resource: { resourceType: 'Patient', id: '2' }, request: { method: 'PUT', url: 'Patient/2' } },
        { request: { method: 'DELETE', url: 'Patient/3' } },
      ),
    )
    expect(read.reads).toBe(1)
    expect(read.entries.map(({ request }) => request.method)).toEqual(['DELETE', 'PUT'])
  })

  test.each([
    [{ name: 'careloop' }, 'no resourceType'],
    [bundle('message'), '$process-message'],
    [bundle('collection', { resource: { id: '1' } }), 'entry[0]'],
    [bundle('transaction', { request: { method: 'POST', url: 'Patient' } }), 'entry[0]'],
  ])('refuses what holds nothing to load: %j', (content, text) => {
    expect(() => readBundle(content)).toThrow(UnreadableFile)
    expect(() => readBundle(content)).toThrow(text)
  })
})
