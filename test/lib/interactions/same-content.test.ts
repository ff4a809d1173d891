import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Resource } from '../../../lib/fhir.ts'
import { sameContent } from '../../../lib/interactions/same-content.ts'
import { parseJson } from '../../../lib/json.ts'
import { bodyOf, versionOf } from '../../../lib/store/version.ts'

const stored = (resource: Resource) =>
  versionOf({
    pk: 'Observation/1',
    sk: 'current',
    v: 1,
    updated: '2026-01-05T12:00:00.000Z',
    method: 'PUT',
    body: bodyOf(resource),
  })

const shuffled = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, child]) => [name, shuffled(child)]),
      )

describe('the same content', () => {
  test('whatever the order of its elements, and whatever the server says of it', () => {
    const elements = fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((rest) => ({ ...rest, resourceType: 'Observation' }))
    fc.assert(
      fc.property(elements, (resource) => {
        const again = { ...(shuffled(resource) as Resource), id: '1', meta: { versionId: '7', lastUpdated: 'now' } }
        const { id: _id, meta: _meta, ...rest } = resource as Resource
        expect(sameContent(stored(rest), again)).toBe(true)
      }),
    )
  })

  test.each([
    ['a value', '{"resourceType":"Observation","a":1}', '{"resourceType":"Observation","a":2}'],
    ['the precision of a decimal', '{"resourceType":"Observation","a":1.0}', '{"resourceType":"Observation","a":1.00}'],
    ['the order of a list', '{"resourceType":"Observation","a":[1,2]}', '{"resourceType":"Observation","a":[2,1]}'],
    ['a tag', '{"resourceType":"Observation"}', '{"resourceType":"Observation","meta":{"tag":[{"code":"x"}]}}'],
  ])('not when %s differs', (_what, before, after) => {
    expect(sameContent(stored(parseJson(before) as Resource), parseJson(after) as Resource)).toBe(false)
  })

  test('decimals of the same precision in another order', () => {
    const before = parseJson('{"resourceType":"Observation","a":{"x":1.50,"y":2.00}}') as Resource
    const after = parseJson('{"a":{"y":2.00,"x":1.50},"resourceType":"Observation"}') as Resource
    expect(sameContent(stored(before), after)).toBe(true)
  })
})
