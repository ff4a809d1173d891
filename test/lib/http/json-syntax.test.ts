import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nestingOf, placeOfSyntaxError } from '../../../lib/http/json-syntax.ts'

describe('the place where JSON breaks', () => {
  test.each([
    ['', 1, 1],
    ['{"a": bad}', 1, 7],
    ['{"a":1,}', 1, 8],
    ['{"a":1,\n "b" 2}', 2, 6],
    ['[1,2', 1, 5],
    ['{"a":tru}', 1, 6],
    ['{"a":01}', 1, 6],
    ['{"a":"x', 1, 6],
    ['{"a":"x\u0001"}', 1, 8],
    ['{"a":"\\q"}', 1, 7],
    ['{"a":1}}', 1, 8],
    ['{\n  "a": [\n    1,\n    ]\n}', 4, 5],
    ["{'a':1}", 1, 2],
  ])('%j: line %i, column %i', (text, line, column) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(placeOfSyntaxError(text)).toEqual({ line, column })
  })

  test('of JSON cut short, the place is never before what is whole', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const part = text.slice(0, cut % text.length)
        const { line, column } = placeOfSyntaxError(part)
        expect(line).toBe(1)
        expect(column).toBeLessThanOrEqual(part.length + 1)
      }),
    )
  })

  test('a long string does not exhaust the stack', () => {
    expect(placeOfSyntaxError(`["${'x'.repeat(5_000_000)}"`).column).toBe(5_000_004)
  })
})

describe('nesting', () => {
  test.each([
    ['1', 0],
    ['{}', 1],
    ['{"a":[{"b":1}]}', 3],
    ['{"a":"[[[["}', 1],
    ['{"a":"\\"[["}', 1],
    ['[[],[],[]]', 2],
  ])('%s is %i deep', (text, depth) => {
    expect(nestingOf(text)).toBe(depth)
  })
})
