import { describe, expect, test } from '@jest/globals'
import type { Bundle } from 'fhir/r4'
import type { Entry } from '../../../local/load/entries.ts'
import type { Answer } from '../../../local/load/fhir-server.ts'
import { assignedBy, type Chunk, sendChunk } from '../../../local/load/send-chunk.ts'

const put = (id: string, content: object = {}): Entry => ({
  place: `entry[${id}]`,
  type: 'Patient',
  target: `Patient/${id}`,
  request: { method: 'PUT', url: `Patient/${id}` },
  resource: { resourceType: 'Patient', id, ...content },
})
const chunk = (entries: Entry[], atomic = false): Chunk => ({ type: 'transaction', atomic, entries })

/** A server that answers by `answer` and notes which entries it was sent. */
const serverOf = (answer: (bundle: Bundle) => Answer) => {
  const sent: (string | undefined)[][] = []
  return {
    sent,
    post: async (bundle: Bundle) => {
      sent.push(bundle.entry!.map(({ resource }) => resource?.id))
      return answer(bundle)
    },
  }
}

const accepted = ({ entry }: Bundle): Answer => ({
  status: 200,
  body: { resourceType: 'Bundle', entry: entry!.map(() => ({ response: { status: '201 Created' } })) },
})
const refused = (status: number, ...issue: { expression?: string[]; diagnostics: string }[]): Answer => ({
  status,
  body: {
    resourceType: 'OperationOutcome',
    issue: issue.map((one) => ({ severity: 'error', code: 'invalid', ...one })),
  },
})
const without =
  (id: string, element: string) =>
  (bundle: Bundle): Answer => {
    const position = bundle.entry!.findIndex(({ resource }) => resource?.id === id)
    if (position < 0) return accepted(bundle)
    return refused(422, { expression: [`Bundle.entry[${position}].${element}`], diagnostics: 'not so' })
  }

describe('sendChunk', () => {
  test('sends the rest again without the entry that was refused, and says which element of which entry it was', async () => {
    const server = serverOf(without('2', 'resource.gender'))
    const outcomes = await sendChunk(server, chunk([put('1'), put('2'), put('3')]), new Map())
    expect(server.sent).toEqual([
      ['1', '2', '3'],
      ['1', '3'],
    ])
    expect(outcomes.map(({ entry, fate }) => [entry.target, fate])).toEqual([
      ['Patient/2', 'refused'],
      ['Patient/1', 'created'],
      ['Patient/3', 'created'],
    ])
    expect(outcomes[0]).toMatchObject({
      problem: { place: 'entry[2]', type: 'Patient', status: 422, text: 'not so', expression: 'Patient.gender' },
    })
  })

  test('an atomic transaction is refused whole', async () => {
    const server = serverOf(without('2', 'request.url'))
    const outcomes = await sendChunk(server, chunk([put('1'), put('2')], true), new Map())
    expect(server.sent).toHaveLength(1)
    expect(outcomes).toMatchObject([
      { fate: 'refused', problem: { text: expect.stringContaining('another entry') } },
      { fate: 'refused', problem: { expression: 'request.url' } },
    ])
  })

  test('a conditional reference that finds nothing is refused wherever it occurs, at once', async () => {
    const to = (reference: string) => ({ generalPractitioner: [{ reference }] })
    const missing = 'Practitioner?identifier=x|1'
    const server = serverOf(without('1', 'resource.generalPractitioner[0].reference'))
    const entries = [put('1', to(missing)), put('2', to('Practitioner/2')), put('3', to(missing))]
    const outcomes = await sendChunk(server, chunk(entries), new Map())
    expect(server.sent).toEqual([['1', '2', '3'], ['2']])
    expect(outcomes.filter(({ fate }) => fate === 'refused').map(({ entry }) => entry.target)).toEqual([
      'Patient/1',
      'Patient/3',
    ])
  })

  test('a refusal that names no entry loses the chunk, once', async () => {
    const server = serverOf(() => refused(500, { diagnostics: 'failed' }))
    const outcomes = await sendChunk(server, chunk([put('1'), put('2')]), new Map())
    expect(server.sent).toHaveLength(1)
    expect(outcomes).toMatchObject([{ problem: { status: 500, text: 'failed' } }, { fate: 'refused' }])
  })

  test('what is too large for the server is halved until it fits', async () => {
    const server = serverOf((bundle) =>
      bundle.entry!.length > 2 ? refused(413, { diagnostics: 'large' }) : accepted(bundle),
    )
    const outcomes = await sendChunk(server, chunk(['1', '2', '3', '4', '5'].map((id) => put(id))), new Map())
    expect(server.sent.filter((ids) => ids.length <= 2)).toEqual([['1', '2'], ['3'], ['4', '5']])
    expect(outcomes.map(({ entry }) => entry.target)).toEqual([1, 2, 3, 4, 5].map((id) => `Patient/${id}`))
  })

  test('ids that the server gave in one chunk are used in the next', async () => {
    const fullUrl = 'urn:uuid:00000000-0000-4000-8000-000000000001'
    const conditional: Entry = {
      place: 'entry[0]',
      type: 'Organization',
      fullUrl,
      request: { method: 'POST', url: 'Organization', ifNoneExist: 'identifier=x|1' },
      resource: { resourceType: 'Organization' },
    }
    const bodies: Bundle[] = []
    const server = {
      post: async (bundle: Bundle): Promise<Answer> => {
        bodies.push(bundle)
        const location = 'https://x.example/fhir/Organization/7/_history/2'
        return { status: 200, body: { entry: [{ response: { status: '200', location } }] } }
      },
    }
    const assigned = assignedBy(await sendChunk(server, chunk([conditional]), new Map()))
    expect(assigned).toEqual(new Map([[fullUrl, 'Organization/7']]))
    await sendChunk(server, chunk([put('1', { managingOrganization: { reference: fullUrl } })]), assigned)
    expect(bodies[0]!.entry![0]).toMatchObject({ fullUrl, request: { ifNoneExist: 'identifier=x|1' } })
    expect(bodies[1]!.entry![0]!.resource).toMatchObject({ managingOrganization: { reference: 'Organization/7' } })
  })

  test('an answer of a batch is taken entry by entry', async () => {
    const server = serverOf(() => ({
      status: 200,
      body: {
        entry: [
          { response: { status: '200 OK' } },
          {
            response: {
              status: '422 x',
              outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', diagnostics: 'no' }] },
            },
          },
        ],
      },
    }))
    const outcomes = await sendChunk(server, { ...chunk([put('1'), put('2')]), type: 'batch' }, new Map())
    expect(outcomes).toMatchObject([{ fate: 'present' }, { fate: 'refused', problem: { status: 422, text: 'no' } }])
  })
})
