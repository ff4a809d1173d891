import { describe, expect, test } from '@jest/globals'
import { numberOf, parseJson, stringifyJson } from '../../lib/json.ts'

describe('JSON that keeps decimals as written', () => {
  test.each([
    '{"value":1.00}',
    '{"value":0.010}',
    '{"value":-1.50,"other":2}',
    '{"value":1e3}',
    '{"value":12345678901234567890}',
    '{"value":0.1234567890123456789}',
    '{"value":123456789.123456789}',
    '{"value":0.0000001}',
    '{"value":-0.00000050}',
    '{"value":9007199254740993}',
    '{"value":-0.0}',
    '{"text":"1.00 and 2e5"}',
    '{"values":[100,10.0,3.25]}',
  ])('%s comes back as it was', (text) => {
    expect(stringifyJson(parseJson(text))).toBe(text)
  })

  test('a number is a number whichever way it was written', () => {
    const { a, b, c } = parseJson('{"a":1.50,"b":2,"c":"1.50"}') as Record<string, unknown>
    expect([numberOf(a), numberOf(b), numberOf(c)]).toEqual([1.5, 2, undefined])
  })
})
