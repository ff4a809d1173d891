import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseJson } from '../../../../lib/json.ts'
import { invariants } from '../../../../lib/resources/invariants/core.ts'
import { furtherInvariants } from '../../../../lib/resources/invariants/further.ts'
import {
  atLeastOne,
  either,
  has,
  type Invariant,
  isDistinct,
  isMore,
  needs,
} from '../../../../lib/resources/invariants/rule.ts'

const rules: Readonly<Record<string, Invariant>> = { ...invariants, ...furtherInvariants }

const names = [
  'code',
  'coding',
  'value',
  'start',
  'end',
  'low',
  'high',
  'item',
  'element',
  'snapshot',
  'type',
  'status',
]
const moreNames = [
  'component',
  'group',
  'clinicalStatus',
  'verificationStatus',
  'valueString',
  '_value',
  'path',
  'resource',
]

test('no rule fails on what has any form', () => {
  const value = fc.dictionary(fc.constantFrom(...names, ...moreNames), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(fc.property(value, (any) => Object.values(rules).every(({ holds }) => typeof holds(any) === 'boolean')))
})

test('every rule is told with the key it is published with', () => {
  for (const [name, { key }] of Object.entries(rules)) expect([key, `Task/${key}`]).toContain(name)
})

describe('has', () => {
  test.each([
    ['a value', { status: 'x' }, 'status', true],
    ['an extension in place of a value', { _status: {} }, 'status', true],
    ['a choice', { valueString: 'x' }, 'value[x]', true],
    ['an extension in place of a choice', { _valueString: {} }, 'value[x]', true],
    ['a name that begins alike', { valueset: 'x', values: [] }, 'value[x]', false],
    ['nothing', {}, 'value[x]', false],
  ])('%s', (_what, value, name, expected) => {
    expect(has(value, name)).toBe(expected)
  })
})

test('the words that rules are made of', () => {
  expect([needs('a', 'b').holds({ a: 1 }), needs('a', 'b').holds({ a: 1, _b: {} })]).toEqual([false, true])
  expect([atLeastOne('a', 'b').holds({}), atLeastOne('a', 'b').holds({ b: 1 })]).toEqual([false, true])
  expect([either('a', 'b').holds({ a: 1, b: 1 }), either('a', 'b').holds({ a: 1 })]).toEqual([false, true])
})

test('what is not there is not the same as something else that is not there', () => {
  expect([isDistinct([undefined, 'a', undefined]), isDistinct(['a', 'a'])]).toEqual([true, false])
})

test('decimals are compared as numbers, however they were written', () => {
  const { value } = parseJson('{"value":1.50}') as { value: unknown }
  expect([isMore(value, 1), isMore(value, 2), isMore('3', 2)]).toEqual([true, false, false])
})
