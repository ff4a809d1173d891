import { describe, expect, test } from '@jest/globals'
import { readBundle } from '../../../local/load/entries.ts'
import { planBundle } from '../../../local/load/plan-bundle.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const urn = (n: number) => `urn:uuid:${uuid(n)}`
const served = new Set(['Patient', 'Observation', 'Organization'])

const post = (n: number, type: string, content: object = {}, ifNoneExist?: string) => ({
  fullUrl: urn(n),
  resource: { resourceType: type, ...content },
  request: { method: 'POST', url: type, ...(ifNoneExist && { ifNoneExist }) },
})
const plan = (size: number, ...entry: unknown[]) =>
  planBundle(readBundle({ resourceType: 'Bundle', type: 'transaction', entry }), served, { size, bytes: 10_000 })

describe('planBundle', () => {
  test('references to entries become literal before anything is sent', () => {
    const { chunks } = plan(1, post(1, 'Observation', { subject: { reference: urn(2) } }), post(2, 'Patient'))
    expect(chunks.map(([entry]) => entry!.resource)).toEqual([
      { resourceType: 'Patient', id: uuid(2) },
      { resourceType: 'Observation', id: uuid(1), subject: { reference: `Patient/${uuid(2)}` } },
    ])
  })

  test('references to what only the server can name wait for its answer', () => {
    const organization = post(2, 'Organization', {}, 'identifier=x|1')
    const { chunks } = plan(1, post(1, 'Patient', { managingOrganization: { reference: urn(2) } }), organization)
    expect(chunks.map(([entry]) => entry!.type)).toEqual(['Organization', 'Patient'])
    expect(chunks[1]![0]!.resource).toMatchObject({ managingOrganization: { reference: urn(2) } })
  })

  test('types that are not served are left out, and references to them stay meaningful', () => {
    const { chunks, leftOut, linksToLeftOut, dangling } = plan(
      9,
      post(1, 'Claim'),
      post(2, 'Device', {}, 'identifier=x|1'),
      post(3, 'Observation', { focus: [{ reference: urn(1) }, { reference: urn(2) }, { reference: urn(9) }] }),
    )
    expect(leftOut.map(({ type }) => type)).toEqual(['Claim', 'Device'])
    expect(chunks[0]![0]!.resource).toMatchObject({
      focus: [{ reference: `Claim/${uuid(1)}` }, { reference: `Device/${uuid(2)}` }, { reference: urn(9) }],
    })
    expect({ linksToLeftOut, dangling }).toEqual({ linksToLeftOut: 2, dangling: 1 })
  })
})
