import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Bundle, OperationOutcome } from 'fhir/r4'
import { TEST_BASE, type TestApi, testApi } from '../support/api.ts'
import { exampleTask } from '../support/example-resources.ts'

let api: TestApi
beforeEach(async () => {
  api = testApi()
  for (let id = 1; id <= 5; id++)
    await api.put(`/Task/${id}`, exampleTask({ id: `${id}`, owner: { reference: 'Practitioner/a' } }))
  await api.put('/Task/6', exampleTask({ id: '6', owner: { reference: 'Practitioner/b' } }))
})

const idsOf = (bundle: Bundle) => (bundle.entry ?? []).map(({ resource }) => resource!.id)
const linkOf = (bundle: Bundle, relation: string) =>
  bundle.link?.find((link) => link.relation === relation)?.url.slice(TEST_BASE.length)

describe('search of a type', () => {
  test('gives a searchset of what matches', async () => {
    const { status, body } = await api.get<Bundle>('/Task?owner=Practitioner/b')
    expect(status).toBe(200)
    expect(body.type).toBe('searchset')
    expect(body.entry).toEqual([
      { fullUrl: `${TEST_BASE}/Task/6`, resource: expect.objectContaining({ id: '6' }), search: { mode: 'match' } },
    ])
    expect(linkOf(body, 'self')).toBe('/Task?owner=Practitioner%2Fb')
  })

  test('POST _search says the same, its parameters in the form or in the URL', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const byForm = await api.post<Bundle>('/Task/_search', 'owner=Practitioner%2Fa&_count=2', form)
    expect(byForm.body.entry).toHaveLength(2)
    const byBoth = await api.post<Bundle>('/Task/_search?owner=Practitioner/a', '_id=3', form)
    expect(idsOf(byBoth.body)).toEqual(['3'])
    expect((await api.post('/Task/_search', {})).status).toBe(415)
  })

  test('JSON that is sent as a form is refused, and not quoted', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const { status, text } = await api.post('/Task/_search', '{"name":"Zebulon Quill"}', form)
    expect([status, text.includes('Zebulon')]).toEqual([400, false])
  })

  test('a form can say how the answer is to look, which is no part of the search', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const { text, body } = await api.post<Bundle>('/Task/_search', '_format=json&_pretty=true&_count=1', form)
    expect(text).toBe(JSON.stringify(body, undefined, 2))
    expect(linkOf(body, 'self')).toBe('/Task?_count=1')
    expect((await api.post('/Task/_search', '_format=xml', form)).status).toBe(406)
  })

  test('pages follow one another without gap or overlap', async () => {
    const seen: (string | undefined)[] = []
    let url: string | undefined = '/Task?owner=Practitioner/a&_count=2'
    for (let pages = 0; url && pages < 10; pages++) {
      const { body }: { body: Bundle } = await api.get<Bundle>(url)
      seen.push(...idsOf(body))
      if (pages > 0) expect(linkOf(body, 'first')).toBe('/Task?owner=Practitioner%2Fa&_count=2')
      url = linkOf(body, 'next')
    }
    expect(seen.sort()).toEqual(['1', '2', '3', '4', '5'])
  })

  test('an unknown parameter is 400 and named', async () => {
    const { status, body } = await api.get<OperationOutcome>('/Task?unheard=1')
    expect(status).toBe(400)
    expect(body.issue[0]!.diagnostics).toContain('unheard')
  })

  test('a lenient client gets the rest of the search, and is told what was left out', async () => {
    const { status, body } = await api.get<Bundle>('/Task?unheard=1&owner=Practitioner/b', {
      Prefer: 'handling=lenient',
    })
    expect(status).toBe(200)
    expect(linkOf(body, 'self')).toBe('/Task?owner=Practitioner%2Fb')
    expect(body.entry!.map(({ search }) => search!.mode)).toEqual(['match', 'outcome'])
    expect(JSON.stringify(body.entry![1])).toContain('unheard')
  })

  test('_elements shows only these, and says so', async () => {
    const { body } = await api.get<Bundle>('/Task?_id=6&_elements=owner,status')
    expect(body.entry![0]!.resource).toEqual({
      resourceType: 'Task',
      id: '6',
      meta: expect.objectContaining({ versionId: '1', tag: [expect.objectContaining({ code: 'SUBSETTED' })] }),
      status: 'requested',
      intent: expect.anything(),
      owner: { reference: 'Practitioner/b' },
    })
  })

  test('what is included is marked as such, shown in summary like the rest, and not counted', async () => {
    await api.put('/Practitioner/b', { resourceType: 'Practitioner', id: 'b', photo: [{ title: 'me' }] })
    const { body } = await api.get<Bundle>('/Task?owner=Practitioner/b&_include=Task:owner&_summary=true')
    expect(body.total).toBe(1)
    expect(body.entry!.map(({ search, resource }) => [search!.mode, resource!.id])).toEqual([
      ['match', '6'],
      ['include', 'b'],
    ])
    expect(body.entry![1]!.resource).not.toHaveProperty('photo')
    expect(linkOf(body, 'self')).toBe('/Task?owner=Practitioner%2Fb&_include=Task%3Aowner&_summary=true')
  })

  test('_summary=count gives the total alone', async () => {
    const { body } = await api.get<Bundle>('/Task?owner=Practitioner/a&_summary=count')
    expect(body).toMatchObject({ type: 'searchset', total: 5 })
    expect(body.entry).toBeUndefined()
  })

  test('_explain tells how the search was done, not what was searched for', async () => {
    const { body } = await api.get<Bundle>('/Task?owner=Practitioner/b&_explain=true')
    const [, explanation] = body.entry!
    expect(explanation!.search!.mode).toBe('outcome')
    expect(JSON.stringify(explanation)).toContain('owner')
    expect(JSON.stringify(explanation)).not.toContain('Practitioner/b')
  })
})
