import { describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import { lookUpConditionalCreates } from '../../../local/load/conditional-creates.ts'
import type { Entry } from '../../../local/load/entries.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const create = (n: number, identifier: string): Entry => ({
  place: `entry[${n}]`,
  type: 'Organization',
  fullUrl: `urn:uuid:${uuid(n)}`,
  request: { method: 'POST', url: 'Organization', ifNoneExist: `identifier=${identifier}` },
  resource: { resourceType: 'Organization', name: identifier },
})

/** A server where each search finds the ids given for it. */
const serverWith = (found: Record<string, string[]>) => {
  const asked: Bundle[] = []
  return {
    asked,
    post: async (bundle: Bundle) => {
      asked.push(bundle)
      const entry = bundle.entry!.map(({ request }) => {
        const ids = found[request!.url]
        const matches = ids?.map((id) => ({
          resource: { resourceType: 'Organization', id },
          search: { mode: 'match' },
        }))
        return matches ? { resource: { resourceType: 'Bundle', entry: matches } } : { response: { status: '400' } }
      })
      return { status: 200, body: { resourceType: 'Bundle', entry } }
    },
  }
}
const search = (identifier: string) => `Organization?identifier=${identifier}&_count=2`

describe('lookUpConditionalCreates', () => {
  test('what is there is not sent; what is not gets the uuid of its fullUrl; what is not certain stays with the server', async () => {
    const server = serverWith({ [search('there')]: ['7'], [search('new')]: [], [search('twice')]: ['8', '9'] })
    const entries = [create(1, 'there'), create(2, 'new'), create(3, 'twice'), create(4, 'refused')]
    const { entries: left, outcomes, ends } = await lookUpConditionalCreates(server, entries)
    expect(outcomes).toMatchObject([{ fate: 'present', reference: 'Organization/7' }])
    expect(left).toEqual([
      {
        ...entries[1],
        target: `Organization/${uuid(2)}`,
        request: { method: 'PUT', url: `Organization/${uuid(2)}` },
        resource: { resourceType: 'Organization', name: 'new', id: uuid(2) },
      },
      entries[2],
      entries[3],
    ])
    expect(ends).toEqual(
      new Map([
        [`urn:uuid:${uuid(1)}`, 'Organization/7'],
        [`urn:uuid:${uuid(2)}`, `Organization/${uuid(2)}`],
      ]),
    )
  })

  test('two creates on the same criteria make one resource', async () => {
    const { entries, outcomes } = await lookUpConditionalCreates(serverWith({ [search('x')]: [] }), [
      create(1, 'x'),
      create(2, 'x'),
    ])
    expect(entries).toHaveLength(1)
    expect(outcomes).toMatchObject([{ reference: `Organization/${uuid(1)}` }])
  })

  test('asks nothing when there is nothing to look up', async () => {
    const server = serverWith({})
    const put: Entry = {
      place: 'entry[0]',
      type: 'Patient',
      target: 'Patient/1',
      request: { method: 'PUT', url: 'Patient/1' },
    }
    expect((await lookUpConditionalCreates(server, [put])).entries).toEqual([put])
    expect(server.asked).toEqual([])
  })
})
