import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { splitUnescaped, unescaped } from '../../../lib/search/escape.ts'

describe('splitUnescaped', () => {
  test.each([
    ['a,b', ['a', 'b']],
    ['a\\,b', ['a\\,b']],
    ['a\\\\,b', ['a\\\\', 'b']],
    ['', ['']],
    ['a,,b', ['a', '', 'b']],
    ['a\\', ['a\\']],
  ])('%j', (text, parts) => {
    expect(splitUnescaped(text, ',')).toEqual(parts)
  })

  test('texts that were escaped and joined come apart as they were', () => {
    const escaped = (text: string) => text.replace(/[\\,$|]/g, (character) => `\\${character}`)
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ',', '$', '|', '\\') }), { minLength: 1 }),
        (texts) => {
          const joined = texts.map(escaped).join(',')
          expect(splitUnescaped(joined, ',').map(unescaped)).toEqual(texts)
        },
      ),
    )
  })
})

describe('unescaped', () => {
  test.each([
    ['xx\\$xx', 'xx$xx'],
    ['xx\\\\xx', 'xx\\xx'],
    ['a\\|b\\,c', 'a|b,c'],
    ['plain', 'plain'],
  ])('%j is %j', (text, meant) => {
    expect(unescaped(text)).toBe(meant)
  })

  test.each(['xx\\xx', 'x\\'])('%j is illegal', (text) => {
    expect(unescaped(text)).toBeUndefined()
  })
})
