import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseJson, stringifyJson } from '../../../lib/json.ts'
import type { Item } from '../../../lib/store/table.ts'
import { bodyAttributes, bodyOf, resourceOf, versionOf } from '../../../lib/store/version.ts'

const stored = (body: string, otherBytes = 200): Item => ({
  ...{ pk: 'Task/a.b-1', sk: 'current', v: 7, updated: '2026-11-25T05:59:59.000Z', method: 'PUT' },
  ...bodyAttributes(body, otherBytes),
})

describe('a version', () => {
  test('gives the resource back, with what the server says of it', () => {
    const resource = {
      ...{ resourceType: 'Task', id: 'other', status: 'requested' },
      meta: { versionId: '3', lastUpdated: '2020-01-01T00:00:00.000Z', tag: [{ code: 'x' }] },
    }
    expect(resourceOf(versionOf(stored(bodyOf(resource))))).toEqual({
      ...{ resourceType: 'Task', id: 'a.b-1', status: 'requested' },
      meta: { versionId: '7', lastUpdated: '2026-11-25T05:59:59.000Z', tag: [{ code: 'x' }] },
    })
  })

  test('has the same body whatever id, version and time a client wrote into it', () => {
    const body = bodyOf({ resourceType: 'Task', status: 'draft' })
    expect(bodyOf({ resourceType: 'Task', id: '1', meta: { versionId: '9', lastUpdated: 'x' }, status: 'draft' })).toBe(
      body,
    )
    expect(bodyOf({ resourceType: 'Task', meta: {}, status: 'draft' })).toBe(body)
  })

  test('keeps decimals as they were written', () => {
    const text = '{"resourceType":"Observation","valueQuantity":{"value":1.50}}'
    const version = versionOf(stored(bodyOf(parseJson(text) as { resourceType: string })))
    expect(stringifyJson(resourceOf(version))).toContain('"value":1.50')
  })

  test('is not changed by what is done to a resource it gave', () => {
    const version = versionOf(stored(bodyOf({ resourceType: 'Task', note: [{ text: 'a' }] })))
    ;(resourceOf(version).note as unknown[]).push('b')
    expect(resourceOf(version).note).toEqual([{ text: 'a' }])
    expect(version.content.note).toEqual([{ text: 'a' }])
  })

  test('of a deleted resource has no text', () => {
    expect(versionOf({ pk: 'Task/1', sk: 'current', v: 2, deleted: true }).text).toBe('')
  })
})

describe('compression', () => {
  test('is used when it saves a write unit, and only then', () => {
    const body = (length: number) => 'care '.repeat(length / 5)
    expect(bodyAttributes(body(800), 200)).toHaveProperty('body')
    expect(bodyAttributes(body(1_000), 200)).toHaveProperty('z')
    expect(bodyAttributes(body(4_000), 200)).toHaveProperty('z')
    const dense = Array.from({ length: 50 }, (_, n) => createHash('sha256').update(String(n)).digest('base64')).join('')
    // Smaller, but two write units as before.
    expect(bodyAttributes(dense.slice(0, 1_700), 200)).toHaveProperty('body')
  })

  test('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000, size: 'max' }), (text) => {
        expect(resourceOf(versionOf(stored(bodyOf({ resourceType: 'Task', text })))).text).toBe(text)
      }),
      { numRuns: 50 },
    )
  })
})
