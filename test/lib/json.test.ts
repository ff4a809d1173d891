import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
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
    '{"values":[10.50]}',
    '{"value":-0}',
    '{"value":1.5E+2,"other":0.100}',
    '2.50',
    '[1.0,-0]',
  ])('%s comes back as it was', (text) => {
    expect(stringifyJson(parseJson(text))).toBe(text)
  })

  test('white space makes no difference', () => {
    expect(stringifyJson(parseJson('{ "value" :\n [ 1.50 , -0\t, 2.0 ] }'))).toBe('{"value":[1.50,-0,2.0]}')
  })

  test('every number comes back as it was, wherever it stands and whatever text is around it', () => {
    const digits = fc.stringMatching(/^\d{1,19}$/)
    const whole = digits.map((text) => text.replace(/^0+(?=\d)/, ''))
    const number = fc
      .tuple(fc.constantFrom('', '-'), whole, fc.option(digits), fc.option(fc.constantFrom('e3', 'E-7', 'e+21')))
      .map(([sign, before, after, exponent]) => sign + before + (after === null ? '' : `.${after}`) + (exponent ?? ''))
    const text = fc
      .constantFrom('1.0.0', ':1.50,', '2026-11-23T08:27:26.470Z', '[1.0]', '\\"-0', '1e5')
      .map((one) => `"${one}"`)
    const value = fc.oneof(number, text, fc.constantFrom('true', 'null'))
    const member = fc.tuple(text, value).map(([name, one]) => `${name}:${one}`)
    const json = fc.oneof(
      value,
      fc.array(value).map((values) => `[${values.join()}]`),
      fc
        .uniqueArray(member, { selector: (one) => one.slice(0, one.indexOf('":')) })
        .map((members) => `{${members.join()}}`),
    )
    fc.assert(
      fc.property(json, (written) => {
        expect(stringifyJson(parseJson(written))).toBe(written)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a number is a number whichever way it was written', () => {
    const { a, b, c } = parseJson('{"a":1.50,"b":2,"c":"1.50"}') as Record<string, unknown>
    expect([numberOf(a), numberOf(b), numberOf(c)]).toEqual([1.5, 2, undefined])
  })
})
